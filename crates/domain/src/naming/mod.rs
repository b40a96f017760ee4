//! The naming rule: how the platform is told to name files, and what a name tells (`VENDOR.md` §2).
//!
//! [`NamingRule::parse`] refuses what cannot work and [`NamingRule::warnings`] says what may go
//! wrong; [`NamingRule::expand`] shows what names will look like, and [`NamingRule::read_back`]
//! takes a name apart again.

pub mod edit;
mod expand;
mod lint;
mod odds;
mod parse;
mod read_back;
mod rule;
mod scan;

pub use expand::{Piece, Values, extension};
pub use lint::{Lint, Warning, Within};
pub use odds::{Odds, RoomDay};
pub use parse::{BadRule, Problem, ProblemKind};
pub use read_back::ReadBack;
pub use rule::{NamingRule, Part, Token};
pub use scan::{Span, pieces_of};
