//! The naming rule, by which the platform names files (`VENDOR.md` §2).
//!
//! [`NamingRule::parse`] rejects invalid rules and [`NamingRule::warnings`] lists risks of valid ones;
//! [`NamingRule::expand`] previews names, and [`NamingRule::read_back`] parses them.

pub mod edit;
mod expand;
mod lint;
mod odds;
mod parse;
mod read_back;
mod rule;
mod scan;

pub use expand::{Piece, TimeForm, Values, extension};
pub use lint::{Lint, Warning, Within};
pub use odds::{Odds, RoomDay};
pub use parse::{Problem, ProblemKind};
pub use read_back::ReadBack;
pub use rule::{NamingRule, Part, Token};
pub use scan::{Span, pieces_of};
