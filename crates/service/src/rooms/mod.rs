//! Rooms: the list, and the page of one.

mod add;
pub(crate) mod label;
mod list;
mod view;
