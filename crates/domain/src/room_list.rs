//! Queries of the list of rooms.

use crate::{place::RoomPlace, search::SearchText, view::RoomFilter};

/// A query of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomsQuery {
    /// The filter.
    pub filter: RoomFilter,
    /// A part of their id or title.
    pub search: Option<SearchText>,
    /// The position after which the page starts.
    pub after: Option<RoomPlace>,
    /// The number of rows, at most [`Self::MAX_ROWS`]; 0: [`Self::PAGE`].
    pub rows: u32,
}

impl RoomsQuery {
    /// The rows of a page.
    pub const PAGE: u32 = 50;

    /// The most rows of a list that grew page by page.
    pub const MAX_ROWS: u32 = 500;
}
