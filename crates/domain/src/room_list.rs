//! Queries of the list of rooms.

use serde::{Deserialize, Serialize};

use crate::{
    place::RoomPlace,
    search::SearchText,
    time::Timestamp,
    view::{RoomFilter, RoomRow},
};

/// A query of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomsQuery {
    /// The filter.
    pub filter: RoomFilter,
    /// A part of their id or title.
    pub search: Option<SearchText>,
    /// The position after which the page starts.
    pub after: Option<RoomPlace>,
    /// The number of rows; 0: a page.
    pub rows: u32,
}

/// Rows of the list for rooms that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRows {
    /// The queried rooms that match filter and search.
    pub rooms: Vec<RoomRow>,
    /// As [`RoomList::counts`](crate::view::RoomList::counts).
    pub counts: [u32; 5],
    /// The server's time.
    pub now: Timestamp,
}
