//! Random moves of people: they join, leave and share their screens.

use jiff::Timestamp;
use rand::{
    Rng,
    seq::{IndexedRandom, IteratorRandom},
};

use crate::platform::Platform;

/// The number of live rooms below which a meeting begins.
const MIN_LIVE: usize = 5;
/// The number of live rooms at which no meeting begins.
const MAX_LIVE: usize = 8;
const MAX_PEOPLE: usize = 6;

/// Makes one random move in a room that has regulars: somebody joins, leaves or shares their
/// screen, or a meeting ends. A room that is recorded keeps at least one person.
pub(crate) fn step(platform: &mut Platform, now: Timestamp) {
    let rng = &mut platform.rng;
    let rooms = platform.rooms.iter();
    let rooms = rooms.filter(|(_, room)| !room.regulars.is_empty());
    let (live, empty): (Vec<_>, Vec<_>) = rooms.partition(|(_, room)| room.live_since.is_some());
    let roll = rng.random_range(0..100);
    let begins = live.len() < MIN_LIVE || (live.len() < MAX_LIVE && roll < 6);
    let Some((name, room)) = if begins { &empty } else { &live }.choose(rng) else {
        return;
    };
    let name = (*name).clone();
    let newcomer = room.regulars.iter().filter(|user| !room.has(user));
    let newcomer = newcomer.choose(rng).cloned();
    let present = room.people.choose(rng).map(|person| person.user.clone());
    let count = room.people.len();
    let may_end = room.run.is_none() && live.len() > MIN_LIVE;
    // An action that is refused changes nothing, as if there had been no move.
    let _ = match (roll, newcomer, present) {
        (_, Some(user), _) if begins => platform.join(&name, &user, now),
        (0..8 | 94.., ..) if may_end => platform.end(&name, now),
        (8..20, _, Some(user)) => platform.toggle_screen(&name, &user, now),
        (20..55, _, Some(user)) if count > 1 => platform.leave(&name, &user, now),
        (_, Some(user), _) if count < MAX_PEOPLE => platform.join(&name, &user, now),
        _ => Ok(()),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;

    #[test]
    fn many_moves_stay_within_bounds_and_end_no_recorded_meeting() {
        let mut now = Timestamp::from_millisecond(1_795_000_000_000).unwrap();
        let mut platform = Platform::new(11, now);
        platform.start("class-7B", Request::default(), now).unwrap();
        let mut events = 0;
        for _ in 0..3_000 {
            now += jiff::SignedDuration::from_secs(20);
            step(&mut platform, now);
            let rooms = platform.rooms.values();
            let live = rooms.filter(|room| room.live_since.is_some()).count();
            assert!((MIN_LIVE..=MAX_LIVE).contains(&live), "{live}");
            let most = platform.rooms.values().map(|room| room.people.len()).max();
            assert!(most <= Some(MAX_PEOPLE));
            assert!(platform.rooms["class-7B"].live_since.is_some());
            events += platform.take_events().len();
        }
        assert!(events > 1_500, "{events}");
    }
}
