//! Rooms: list, find, show, add, label and remove them.

mod add;
pub(crate) mod label;
mod list;
pub(crate) mod remove;
pub(crate) mod search;
mod view;
