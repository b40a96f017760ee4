//! The position of a room in the list of rooms.

use std::fmt;

use crate::room::RoomId;

/// A room's position in the list, in ascending order. As text it is a cursor: the next page starts
/// after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomPlace {
    rank: i64,
    recency: i64,
    key: String,
    room: RoomId,
}

impl RoomPlace {
    /// The position of `room`. `rank` is lower for urgent or starred rooms, `recency` for a later
    /// recording.
    pub fn new(rank: i64, recency: i64, room: RoomId) -> Self {
        Self {
            rank,
            recency,
            key: room.as_str().to_lowercase(),
            room,
        }
    }

    /// Parses a cursor; `None` if it is no position in the list.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (rank, recency, room) = (parts.next()?, parts.next()?, parts.next()?);
        let room = RoomId::new(room).ok()?;
        Some(Self::new(rank.parse().ok()?, recency.parse().ok()?, room))
    }

    /// The rank, in ascending order.
    pub const fn rank(&self) -> i64 {
        self.rank
    }

    /// The recency, in ascending order.
    pub const fn recency(&self) -> i64 {
        self.recency
    }

    /// The id in lower case; equal keys are ordered by the id.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The room.
    pub const fn room(&self) -> &RoomId {
        &self.room
    }
}

impl fmt::Display for RoomPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.rank, self.recency, self.room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(rank: i64, recency: i64, room: &str) -> RoomPlace {
        RoomPlace::new(rank, recency, RoomId::new(room).unwrap())
    }

    #[test]
    fn a_place_with_any_room_is_read_back() {
        for room in ["board-weekly", "1.2.3", "客服 培训", "100%_sure\\"] {
            let place = place(13, -1_800_000_000_000, room);
            assert_eq!(RoomPlace::parse(&place.to_string()), Some(place));
        }
        let last = place(15, i64::MAX, "a");
        assert_eq!(RoomPlace::parse(&last.to_string()), Some(last));
        for bad in ["", "1", "1.2", "1.2.", "x.2.a", "1.x.a"] {
            assert_eq!(RoomPlace::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_urgent_and_then_the_latest_come_first() {
        let in_order = [
            place(0, 5, "z"),
            place(4, -9, "a"),
            place(4, -8, "a"),
            place(15, i64::MAX, "Alpha"),
            place(15, i64::MAX, "alpha"),
            place(15, i64::MAX, "Beta"),
        ];
        assert!(in_order.is_sorted());
    }
}
