//! Rooms: the list, and the page of one.

pub(crate) mod label;
mod list;
mod view;
