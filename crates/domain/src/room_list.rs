//! Which part of the list of rooms a page asks for.

use serde::{Deserialize, Serialize};

use crate::{
    place::RoomPlace,
    search::SearchText,
    time::Timestamp,
    view::{RoomFilter, RoomRow},
};

/// Which part of the list to show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomsAsked {
    /// Which rooms.
    pub filter: RoomFilter,
    /// A part of their id or title; `None`: any.
    pub search: Option<SearchText>,
    /// Where the page begins: after this place.
    pub after: Option<RoomPlace>,
    /// How many rows; 0: a page.
    pub rows: u32,
}

/// Rows of the list for rooms that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRows {
    /// Those of the rooms asked for that filter and search still let through.
    pub rooms: Vec<RoomRow>,
    /// As [`RoomList::counts`](crate::view::RoomList::counts).
    pub counts: [u32; 5],
    /// The server's time.
    pub now: Timestamp,
}
