//! The meetings that are recorded.

use rand::Rng;
use reelroom_domain::{
    meeting::{Meeting, Stay},
    time::Timestamp,
};

use super::{
    choice::{MINUTE, Source},
    rooms::Room,
};

/// A meeting that was on at `at` for `length` milliseconds at least, until after `stopped_at` or until now, and
/// the stays in it.
pub fn meeting(
    source: &mut Source,
    room: &Room,
    at: Timestamp,
    length: i64,
    stopped_at: Option<Timestamp>,
) -> (Meeting, Vec<Stay>) {
    let rng = &mut source.rng;
    let began_at = at.plus_millis(-rng.random_range(0..3 * MINUTE));
    let ended_at = stopped_at.map(|at| at.plus_millis(rng.random_range(0..3 * MINUTE)));
    let first = rng.random_range(0..room.people.len());
    let count = rng.random_range(2..=room.theme.people);
    let shares = rng.random_ratio(1, 2);
    // Nobody leaves before they joined.
    let late = (length / 4).clamp(1, 6 * MINUTE);
    let people = room.people.iter().cycle().skip(first).take(count);
    let stays = people.enumerate().map(|(place, who)| Stay {
        who: who.clone(),
        joined_at: began_at.plus_millis(rng.random_range(0..late)),
        left_at: ended_at.map(|at| at.plus_millis(-rng.random_range(0..late))),
        shares_screen: shares && place == 0,
    });
    let stays = stays.collect();
    let meeting = Meeting {
        id: source.ids.id(at),
        began_at,
        ended_at,
    };
    (meeting, stays)
}
