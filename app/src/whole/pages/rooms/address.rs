//! What of the room list stands in the address, so that a link, a reload and a page without
//! JavaScript show the same list.

use leptos_router::location::Url;
use reelroom_domain::{room::RoomId, view::RoomFilter};

use crate::paths;

/// Every filter, in the order of [`RoomList::counts`](reelroom_domain::view::RoomList::counts).
pub const FILTERS: [RoomFilter; 5] = [
    RoomFilter::All,
    RoomFilter::Live,
    RoomFilter::Recording,
    RoomFilter::Attention,
    RoomFilter::Hidden,
];

/// How a filter is spelled in the address; `All` is left out.
pub const fn filter_word(filter: RoomFilter) -> &'static str {
    match filter {
        RoomFilter::All => "",
        RoomFilter::Live => "live",
        RoomFilter::Recording => "recording",
        RoomFilter::Attention => "attention",
        RoomFilter::Hidden => "hidden",
    }
}

/// The filter of that spelling; anything else lists all.
pub fn filter_of(word: &str) -> RoomFilter {
    FILTERS
        .into_iter()
        .find(|filter| filter_word(*filter) == word)
        .unwrap_or_default()
}

/// `path` with the list's filter, search and app behind it.
pub fn with_list(path: &str, filter: RoomFilter, search: &str, app: &str) -> String {
    let query = [("show", filter_word(filter)), ("q", search), ("app", app)];
    paths::with_query(path, &query)
}

/// The same, with a page that begins after a place; empty: at the top.
pub fn with_page(path: &str, filter: RoomFilter, search: &str, after: &str, app: &str) -> String {
    let query = [
        ("show", filter_word(filter)),
        ("q", search),
        ("after", after),
        ("app", app),
    ];
    paths::with_query(path, &query)
}

/// The room that a path is of, as `paths::room` spells it. The router's own parameter of a route within
/// another is decoded twice, which a `%41` in the id does not survive.
pub fn room_in(path: &str) -> Option<String> {
    path.strip_prefix("/rooms/").map(Url::unescape)
}

/// Whether a link to the room must leave the router out: the router writes a half-decoded path
/// into the address bar, which a `%` in the id does not survive.
pub fn needs_the_browser(room: &RoomId) -> bool {
    room.as_str().contains('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_keeps_its_place_in_the_address() {
        let address = |filter, search| with_list("/rooms/x", filter, search, "");
        assert_eq!(address(RoomFilter::All, ""), "/rooms/x");
        assert_eq!(address(RoomFilter::Live, ""), "/rooms/x?show=live");
        assert_eq!(address(RoomFilter::All, "a b"), "/rooms/x?q=a%20b");
        assert_eq!(
            address(RoomFilter::Recording, "q4"),
            "/rooms/x?show=recording&q=q4"
        );
        assert_eq!(
            with_page("/", RoomFilter::Live, "", "15.-9.a b", ""),
            "/?show=live&after=15.-9.a%20b"
        );
        assert_eq!(
            with_list("/", RoomFilter::Live, "", "b7"),
            "/?show=live&app=b7"
        );
    }

    #[test]
    fn filters_are_read_back() {
        for filter in FILTERS {
            assert_eq!(filter_of(filter_word(filter)), filter);
        }
        assert_eq!(filter_of("nonsense"), RoomFilter::All);
    }

    #[test]
    fn a_room_comes_back_from_its_path() {
        for id in [
            "class-7B",
            "r%41",
            "100%25",
            "a/b?c=d&e#f%20",
            "客服",
            "a b+c",
        ] {
            let path = paths::room("", &RoomId::new(id).unwrap());
            assert_eq!(room_in(&path).as_deref(), Some(id));
        }
        assert_eq!(room_in("/recordings"), None);
    }

    #[test]
    fn a_percent_sign_needs_the_browser() {
        let needs = |id: &str| needs_the_browser(&RoomId::new(id).unwrap());
        assert_eq!((needs("100%"), needs("a&b")), (true, false));
    }
}
