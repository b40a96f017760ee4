//! The calls to the platform: start and stop (`VENDOR.md` §1), and the video list (§5).

mod answer;
mod calls;
mod probe;
mod request;
mod tls;
mod videos;

pub use calls::{Client, ClientError, Timeouts};
pub use probe::Probe;
pub use request::{App, Start, names_type};
pub use tls::tls;

pub use crate::outcome::{NotSent, Outcome, Unknown};
