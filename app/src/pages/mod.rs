//! The pages: a handler each, which loads and shows.

pub mod jump;
pub mod library;
pub mod login;
#[expect(missing_docs, reason = "x")]
pub mod rooms;
