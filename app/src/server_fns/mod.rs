//! The server functions. Each checks the principal, makes one call into the service, and maps the result.
//! Each has a public address under `/fn/` and accepts a plain form post.

#![expect(
    missing_docs,
    reason = "the fields of the structs that #[server] makes are the arguments, named by the function's own comment"
)]

mod about;
mod account;
mod apps;
mod callbacks;
mod keep;
mod me;
mod people;
mod presets;
mod recordings;
mod retention;
mod room_form;
mod rooms;
mod sign_in_rules;
mod storage;
mod views;

pub use about::*;
pub use account::*;
pub use apps::*;
pub use callbacks::*;
pub use keep::*;
pub use me::*;
pub use people::*;
pub use presets::*;
pub use recordings::*;
pub use retention::*;
pub use room_form::{RecordingForm, StartFields};
pub use rooms::*;
pub use sign_in_rules::*;
pub use storage::*;
pub use views::*;
