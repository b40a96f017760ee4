//! People who come and go by themselves.

use jiff::Timestamp;

use crate::platform::Platform;

/// Fewer live rooms than these, and a meeting begins; more, and one ends.
const FEWEST_LIVE: usize = 5;
const MOST_LIVE: usize = 8;
const MOST_PEOPLE: usize = 6;

/// One move of one person somewhere. A room that is being recorded keeps at least one person:
/// no meeting ends under a recording by chance.
pub(crate) fn step(platform: &mut Platform, now: Timestamp) {
    let live = pick(platform, |room| room.meeting.is_some());
    let empty = pick(platform, |room| room.meeting.is_none());
    let dice = platform.dice(100);
    if live.len() < FEWEST_LIVE || (live.len() < MOST_LIVE && dice < 6) {
        if let Some(room) = one_of(platform, &empty) {
            come(platform, &room, now);
        }
        return;
    }
    let Some(room) = one_of(platform, &live) else {
        return;
    };
    let Some(entry) = platform.rooms().get(&room) else {
        return;
    };
    let people: Vec<String> = entry.people().iter().map(|one| one.user.clone()).collect();
    let may_end = entry.run.is_none() && live.len() > FEWEST_LIVE;
    let Some(user) = one_of(platform, &people) else {
        return;
    };
    // A refusal here means only that nothing moves this time.
    let _ = match dice {
        0..8 | 94.. if may_end => platform.end(&room, now),
        8..20 => platform.toggle_screen(&room, &user, now),
        20..55 if people.len() > 1 => platform.leave(&room, &user, now),
        _ if people.len() < MOST_PEOPLE => {
            come(platform, &room, now);
            Ok(())
        }
        _ => Ok(()),
    };
}

/// A regular who is not there comes.
fn come(platform: &mut Platform, room: &str, now: Timestamp) {
    let Some(entry) = platform.rooms().get(room) else {
        return;
    };
    let away = |user: &&String| !entry.has(user);
    let away: Vec<String> = entry.regulars.iter().filter(away).cloned().collect();
    if let Some(user) = one_of(platform, &away) {
        // A refusal here means only that nothing moves this time.
        let _ = platform.join(room, &user, now);
    }
}

/// Rooms with regulars for which that holds; rooms that a test or a person named are left alone.
fn pick(platform: &Platform, holds: impl Fn(&crate::room::Room) -> bool) -> Vec<String> {
    let rooms = platform.rooms().iter();
    rooms
        .filter(|(_, room)| !room.regulars.is_empty() && holds(room))
        .map(|(name, _)| name.clone())
        .collect()
}

fn one_of(platform: &mut Platform, list: &[String]) -> Option<String> {
    let index = platform.dice(list.len());
    list.get(index).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Request;

    #[test]
    fn a_long_life_stays_within_bounds_and_never_ends_a_recorded_meeting() {
        let mut now = Timestamp::from_millisecond(1_795_000_000_000).unwrap();
        let mut platform = Platform::new(11, now);
        platform.start("class-7B", Request::default(), now).unwrap();
        let mut news = 0;
        for _ in 0..3_000 {
            now += jiff::SignedDuration::from_secs(20);
            step(&mut platform, now);
            let live = pick(&platform, |room| room.meeting.is_some());
            assert!((FEWEST_LIVE..=MOST_LIVE).contains(&live.len()), "{live:?}");
            let most = platform
                .rooms()
                .values()
                .map(|room| room.people().len())
                .max();
            assert!(most <= Some(MOST_PEOPLE));
            assert!(platform.rooms()["class-7B"].meeting.is_some());
            news += platform.take_news().len();
        }
        assert!(news > 1_500, "{news}");
    }
}
