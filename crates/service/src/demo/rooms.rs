//! The rooms of a demo.

use rand::Rng;
use reelroom_domain::room::{ParticipantId, RoomId, RoomTitle};
use reelroom_store::demo::DemoRoom;

use super::{
    choice::{Weighted, one_of},
    words::{THEMES, Theme},
};

/// The weights of the first rooms, in percent of those of all others together.
const FREQUENT: [u64; 3] = [3, 2, 1];

/// A room.
pub struct Room {
    pub row: DemoRoom,
    /// The theme of its recordings.
    pub theme: &'static Theme,
    /// Its twelve participants.
    pub people: Vec<ParticipantId>,
}

/// This many rooms, the most frequent ones first.
pub fn rooms(rng: &mut impl Rng, count: usize) -> Vec<Room> {
    let room = |index: usize| {
        let theme = if index < FREQUENT.len() {
            &THEMES[index % 2]
        } else {
            one_of(rng, &THEMES[2..])
        };
        let number = index + 1;
        let title = format!("{} {number}", theme.title);
        let title = RoomTitle::parse(&title)
            .ok()
            .filter(|_| rng.random_ratio(7, 10));
        let names: Vec<&str> = theme.language.people.split(' ').collect();
        // 7 and 24 have no common divisor, so no name comes twice.
        let people = (0..12).map(|place| names[(index * 5 + place * 7) % names.len()]);
        Some(Room {
            row: DemoRoom {
                id: RoomId::new(format!("{}-{number}", theme.stem)).ok()?,
                title: title.unwrap_or_default(),
                is_starred: rng.random_ratio(1, 40),
            },
            theme,
            people: people
                .filter_map(|name| ParticipantId::new(name).ok())
                .collect(),
        })
    };
    (0..count).filter_map(room).collect()
}

/// How often each of `count` rooms is recorded, by its index: the first ones most, the others less and less.
pub fn frequencies(count: usize) -> Weighted<usize> {
    let few = FREQUENT.len().min(count);
    let others = (20_u64..).map(|place| 1_000_000 / place).zip(few..count);
    let total: u64 = others.clone().map(|(weight, _)| weight).sum();
    let first = FREQUENT.map(|percent| (total * percent / 100).max(1));
    Weighted::new(first.into_iter().zip(0..few).chain(others))
}
