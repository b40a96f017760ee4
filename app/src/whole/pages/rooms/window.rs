//! The part of the list that is loaded: it grows at its end, and rows that change are put where they
//! belong now, without loading the others again.

use reelroom_domain::{
    place::RoomPlace,
    room::RoomId,
    room_list::RoomRows,
    user::Role,
    view::{RoomList, RoomRow},
};

/// Rows in the order of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The rows, most urgent first.
    pub rows: Vec<RoomRow>,
    /// How many there are for each filter.
    pub counts: [u32; 5],
    /// What the reader may do.
    pub role: Role,
    /// After which place it begins; `None`: at the top.
    after: Option<RoomPlace>,
    /// Where it ends, while there is more: what moves behind it is loaded with the next page.
    pub older: Option<RoomPlace>,
}

impl Window {
    /// The window on a page that begins after a place.
    pub fn new(list: RoomList, after: Option<RoomPlace>) -> Self {
        Self {
            rows: list.rooms,
            counts: list.counts,
            role: list.role,
            after,
            older: list.older,
        }
    }

    /// Adds the page after the last row.
    pub fn append(&mut self, page: RoomList) {
        self.counts = page.counts;
        self.older = page.older;
        for row in page.rooms {
            self.place(row);
        }
    }

    /// Rows of rooms that changed: those without one are not in the list any more.
    pub fn patch(&mut self, changed: &[RoomId], fresh: RoomRows) {
        self.counts = fresh.counts;
        self.rows.retain(|row| !changed.contains(&row.room));
        for row in fresh.rooms {
            self.place(row);
        }
    }

    fn place(&mut self, row: RoomRow) {
        self.rows.retain(|other| other.room != row.room);
        let begun = self.after.as_ref().is_none_or(|after| *after < row.place);
        let ended = self.older.as_ref().is_some_and(|older| *older < row.place);
        if begun && !ended {
            let index = self.rows.partition_point(|other| other.place < row.place);
            self.rows.insert(index, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        time::Timestamp,
        view::{Presence, RoomLabel},
    };

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(0);

    fn room(name: &str) -> RoomId {
        RoomId::new(name).unwrap()
    }

    fn row(rank: i64, name: &str) -> RoomRow {
        RoomRow {
            room: room(name),
            label: RoomLabel::default(),
            presence: Presence::Empty,
            current: None,
            last_recorded_at: None,
            alert: None,
            place: RoomPlace::new(rank, 0, room(name)),
        }
    }

    fn list(rows: &[RoomRow], more: bool) -> RoomList {
        RoomList {
            rooms: rows.to_vec(),
            counts: [9, 0, 0, 0, 0],
            role: Role::Viewer,
            older: rows.last().filter(|_| more).map(|row| row.place.clone()),
            now: NOW,
        }
    }

    fn patch(window: &mut Window, changed: &[&str], rows: &[RoomRow]) {
        let changed: Vec<RoomId> = changed.iter().map(|name| room(name)).collect();
        let fresh = RoomRows {
            rooms: rows.to_vec(),
            counts: [8, 0, 0, 0, 0],
            now: NOW,
        };
        window.patch(&changed, fresh);
    }

    fn names(window: &Window) -> Vec<&str> {
        window.rows.iter().map(|row| row.room.as_str()).collect()
    }

    #[test]
    fn it_grows_at_its_end_and_holds_no_room_twice() {
        let mut window = Window::new(list(&[row(4, "a"), row(15, "b")], true), None);
        // Since the first page was read, `a` went down.
        window.append(list(&[row(15, "a2"), row(15, "c"), row(16, "a")], false));
        assert_eq!(names(&window), ["a2", "b", "c", "a"]);
        assert_eq!(window.older, None);
    }

    #[test]
    fn a_row_that_changed_moves_and_the_others_stay() {
        let rows = [row(4, "a"), row(10, "b"), row(15, "c"), row(15, "d")];
        let mut window = Window::new(list(&rows, true), None);
        patch(&mut window, &["c"], &[row(9, "c")]);
        assert_eq!(names(&window), ["a", "c", "b", "d"]);
        assert_eq!(window.counts[0], 8);
        // Gone from the filter; behind the end; not there before.
        patch(
            &mut window,
            &["a", "b", "new"],
            &[row(15, "e"), row(0, "new")],
        );
        assert_eq!(names(&window), ["new", "c", "d"]);
    }

    #[test]
    fn without_an_end_all_that_comes_is_in_it_and_nothing_before_its_beginning() {
        let after = RoomPlace::new(10, 0, room("m"));
        let mut window = Window::new(list(&[row(15, "a")], false), Some(after));
        patch(&mut window, &["z", "b"], &[row(15, "z"), row(10, "b")]);
        assert_eq!(names(&window), ["a", "z"]);
    }
}
