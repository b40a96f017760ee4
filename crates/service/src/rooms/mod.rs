//! Rooms: the list, and the page of one.

mod list;
mod view;
