//! The state of the list in the address, so that a link and a reload show the same list.

use reelroom_domain::{
    place::RoomPlace,
    room::RoomId,
    room_list::RoomsQuery,
    search::SearchText,
    view::{RoomFilter, RoomList},
};

use crate::{current_app::CurrentApp, paths, query::Query};

/// The state of the list, and the room in the panel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    pub filter: RoomFilter,
    /// The search text, as typed.
    pub search: String,
    /// The room that is open.
    pub open: Option<RoomId>,
    /// The number of rows; 0 is one page.
    rows: u32,
    /// The cursor after which the list begins; empty for the top.
    after: String,
}

impl ListQuery {
    /// Reads the state from `query`, with the panel of `open`.
    pub fn of(query: &Query, open: Option<RoomId>) -> Self {
        Self {
            filter: query.get("show").parse().unwrap_or_default(),
            search: query.get("q").to_owned(),
            open,
            rows: query.get("rows").parse().unwrap_or_default(),
            after: query.get("after").to_owned(),
        }
    }

    /// The query for the service. An invalid cursor is the top.
    pub fn wanted(&self) -> RoomsQuery {
        RoomsQuery {
            filter: self.filter,
            search: SearchText::parse(&self.search),
            after: RoomPlace::parse(&self.after),
            rows: self.rows,
        }
    }

    /// Whether the filter or the search may exclude rooms.
    pub fn is_filtered(&self) -> bool {
        self.filter != RoomFilter::All || !self.search.is_empty()
    }

    /// The path of this page, perhaps with a query (see [`paths::room`]).
    pub fn path(&self) -> String {
        let room = self.open.as_ref();
        room.map_or_else(|| "/".to_owned(), |room| paths::room("", room))
    }

    /// The page of `room` beside this list.
    pub fn room(&self, room: &RoomId) -> String {
        self.beside(&paths::room("", room))
    }

    /// This page with another filter.
    pub fn filtered(&self, filter: RoomFilter) -> String {
        self.whole(filter).beside(&self.path())
    }

    /// The list of the hidden rooms.
    pub fn hidden(&self) -> String {
        self.whole(RoomFilter::Hidden).beside("/")
    }

    /// This page without filter and search.
    pub fn cleared(&self) -> String {
        Self::default().beside(&self.path())
    }

    /// This page with the list from the top; `None` if it begins there.
    pub fn top(&self) -> Option<String> {
        (!self.after.is_empty()).then(|| self.filtered(self.filter))
    }

    /// This page with one more page of rows than `list`. A list of the maximum length is replaced by the next
    /// page instead.
    pub fn more(&self, list: &RoomList) -> Option<String> {
        let older = list.older.as_ref()?;
        let shown = u32::try_from(list.rooms.len()).unwrap_or(u32::MAX);
        let mut next = self.clone();
        if shown >= RoomsQuery::MAX_ROWS {
            (next.rows, next.after) = (0, older.to_string());
            return Some(next.beside(&self.path()));
        }
        next.rows = shown + RoomsQuery::PAGE;
        let address = next.beside(&self.path());
        Some(format!("{address}#{}", row_id(older.room())))
    }

    fn whole(&self, filter: RoomFilter) -> Self {
        Self {
            filter,
            search: self.search.clone(),
            ..Self::default()
        }
    }

    /// `path` with this list, in the app of the page.
    fn beside(&self, path: &str) -> String {
        let rows = match self.rows {
            0 => String::new(),
            rows => rows.to_string(),
        };
        let app = CurrentApp::expect();
        let query = [
            ("show", self.filter.as_str()),
            ("q", &self.search),
            ("rows", &rows),
            ("after", &self.after),
            ("app", app.as_str()),
        ];
        paths::with_query(path, &query)
    }
}

/// The id of a room's row on the page.
pub fn row_id(room: &RoomId) -> String {
    format!("row-{}", paths::escape(room.as_str()))
}

#[cfg(test)]
mod tests {
    use leptos::prelude::{Owner, provide_context};
    use reelroom_domain::{
        trouble::RecentTrouble,
        user::Role,
        view::{Presence, RoomLabel, RoomRow},
    };
    use strum::VariantArray;

    use super::*;

    fn query(address: &str) -> ListQuery {
        ListQuery::of(&Query::of(&address.parse().unwrap()), None)
    }

    fn room(id: &str) -> RoomId {
        RoomId::new(id).unwrap()
    }

    fn in_app<T>(app: &str, test: impl FnOnce() -> T) -> T {
        Owner::new().with(|| {
            provide_context(CurrentApp::new(app));
            test()
        })
    }

    /// A list of `n` rows, with more to follow.
    fn list(rows: u32) -> RoomList {
        let row = |number: u32| RoomRow {
            room: room(&format!("r {number}")),
            label: RoomLabel::default(),
            presence: Presence::Empty,
            current: None,
            last_recorded_at: None,
            alert: None,
            place: RoomPlace::new(15, -9, room(&format!("r {number}"))),
        };
        let rooms: Vec<_> = (0..rows).map(row).collect();
        RoomList {
            may_add_searched: false,
            older: rooms.last().map(|row| row.place.clone()),
            rooms,
            counts: [9000, 0, 0, 0, 0],
            fetching_pauses: false,
            role: Role::Viewer,
            trouble: RecentTrouble::default(),
        }
    }

    #[test]
    fn the_list_keeps_its_place_in_the_address() {
        in_app("", || {
            let address = "/?show=live&q=a%20b&rows=100&after=15.-9.m";
            let mut query = query(address);
            assert_eq!(query.beside("/"), address);
            assert_eq!(
                query.room(&room("客服")),
                "/rooms/%E5%AE%A2%E6%9C%8D?show=live&q=a%20b&rows=100&after=15.-9.m"
            );
            assert_eq!(
                query.room(&room("..")),
                "/rooms/?id=..&show=live&q=a%20b&rows=100&after=15.-9.m"
            );
            assert_eq!(query.filtered(RoomFilter::All), "/?q=a%20b");
            assert_eq!(query.top().as_deref(), Some("/?show=live&q=a%20b"));
            query.open = Some(room("x"));
            assert_eq!(query.filtered(RoomFilter::All), "/rooms/x?q=a%20b");
            assert_eq!(query.hidden(), "/?show=hidden&q=a%20b");
            assert_eq!(query.cleared(), "/rooms/x");
        });
        in_app("b7", || {
            assert_eq!(query("/?q=a").beside("/"), "/?q=a&app=b7");
        });
    }

    #[test]
    fn a_list_grows_until_it_is_as_long_as_it_may_be() {
        in_app("", || {
            let more = |address, rows| query(address).more(&list(rows));
            assert_eq!(more("/", 50).as_deref(), Some("/?rows=100#row-r%2049"));
            let last = RoomsQuery::MAX_ROWS - 1;
            assert_eq!(
                more("/?q=r&rows=9", RoomsQuery::MAX_ROWS),
                Some(format!("/?q=r&after=15.-9.r%20{last}"))
            );
            let mut ended = list(3);
            ended.older = None;
            assert_eq!(query("/").more(&ended), None);
        });
    }

    #[test]
    fn filters_are_read_back_and_nonsense_is_left_out() {
        for filter in RoomFilter::VARIANTS {
            let address = format!("/?show={}", filter.as_str());
            assert_eq!(query(&address).filter, *filter);
        }
        let odd = query("/?show=nonsense&rows=-1&after=x");
        assert_eq!((odd.filter, odd.rows), (RoomFilter::All, 0));
        assert_eq!(odd.wanted().after, None);
    }
}
