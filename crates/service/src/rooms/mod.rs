//! Rooms: list, show, add, label and remove them.

mod add;
pub(crate) mod label;
mod list;
pub(crate) mod remove;
mod view;
