//! Rooms: list, show, add and label them.

mod add;
pub(crate) mod label;
mod list;
mod view;
