#![doc = include_str!("../README.md")]

pub mod callback;
pub mod client;
mod dialect;
mod json;
#[cfg(test)]
mod linear;
mod outcome;
pub mod parts;
mod pieces;
pub mod raw;
mod reply;
pub mod status;
pub mod time;
pub mod videos;

pub use dialect::{BodyEncoding, Dialect, Method};
pub use reply::{ReplyForm, reply, says_success};
