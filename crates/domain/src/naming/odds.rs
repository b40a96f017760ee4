//! The probability that two recordings of one room get the same name on one day.

use serde::{Deserialize, Serialize};

use super::{
    lint::{RANDOMS, Within, one_in},
    rule::{NamingRule, Token},
};

/// The number of recordings of a room on a day. Days are counted from 1970-01-01 in the platform's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomDay {
    /// The day of `today`.
    pub day: i64,
    /// The recordings of that day so far.
    pub today: u32,
    /// The average number of recordings on the earlier days with any, rounded up; 0 if none.
    pub usual: u32,
}

impl RoomDay {
    /// Computes it from the days of the room's recordings, in any order; later days than `today` are
    /// ignored.
    pub fn of(today: i64, days: impl IntoIterator<Item = i64>) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let days = days.into_iter().filter(|day| *day <= today);
        let (now, mut before): (Vec<i64>, Vec<i64>) = days.partition(|day| *day == today);
        let recordings = before.len();
        before.sort_unstable();
        before.dedup();
        Self {
            day: today,
            today: count(now.len()),
            usual: count(recordings.div_ceil(before.len().max(1))),
        }
    }

    /// The same on another day, without recordings yet.
    #[must_use]
    pub fn on(self, day: i64) -> Self {
        Self {
            day,
            today: if day == self.day { self.today } else { 0 },
            usual: self.usual,
        }
    }

    /// The expected number of recordings on this day, including one that is about to start.
    pub fn expected(self) -> u32 {
        self.today.saturating_add(1).max(self.usual)
    }
}

/// The probability that two of a day's recordings get the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odds {
    /// Less than one in [`Odds::NEVER`].
    Never,
    /// At most one in this number.
    OneIn(u64),
    /// Certain for those recordings.
    Certain(Within),
}

impl Odds {
    /// A probability below one in this number counts as none.
    pub const NEVER: u64 = 1_000_000;
}

impl NamingRule {
    /// The odds for a number of recordings, at least two, of one room on one day: the birthday problem's
    /// upper bound, pairs / values.
    pub fn odds(&self, recordings: u32) -> Odds {
        if !self.has(Token::Random) {
            return Odds::Certain(self.within());
        }
        match one_in(u64::from(recordings.max(2)), RANDOMS * self.moments()) {
            Some(odds) if odds < Odds::NEVER => Odds::OneIn(odds),
            _ => Odds::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn odds(rule: &str, recordings: u32) -> Odds {
        NamingRule::parse(rule).unwrap().odds(recordings)
    }

    #[test]
    fn the_birthday_bound_over_four_characters() {
        // 62^4 = 14 776 336 against 1, 45 and 4950 pairs.
        for (recordings, expected) in [
            (0, Odds::Never),
            (2, Odds::Never),
            (5, Odds::Never),
            (10, Odds::OneIn(328_363)),
            (100, Odds::OneIn(2985)),
            (u32::MAX, Odds::OneIn(1)),
        ] {
            assert_eq!(odds(NamingRule::DEFAULT, recordings), expected);
        }
        assert_eq!(odds("a_{random}_x", 100), Odds::OneIn(2985));
        assert_eq!(odds("a_{random}_{time}", 100), Odds::Never);
    }

    #[test]
    fn without_a_random_part_a_collision_is_certain() {
        for (rule, within) in [
            ("a_{date}_{time}", Within::OneSecond),
            ("a_{time}_x", Within::OneSecond),
            ("a_{date}_x", Within::OneDay),
            ("a_{roomid}_x", Within::Ever),
        ] {
            assert_eq!(odds(rule, 7), Odds::Certain(within), "{rule}");
        }
    }

    #[test]
    fn a_day_of_the_room() {
        let day = RoomDay::of(20, [20, 18, 18, 18, 19, 19, 20, 21]);
        let expected = RoomDay {
            day: 20,
            today: 2,
            usual: 3,
        };
        assert_eq!(day, expected);
        assert_eq!(day.expected(), 3);
        assert_eq!(day.on(20), day);
        assert_eq!((day.on(21).today, day.on(21).usual), (0, 3));
        assert_eq!(RoomDay::of(20, []).expected(), 1);
        assert_eq!(RoomDay::of(20, [20; 5]).expected(), 6);
    }

    proptest! {
        #[test]
        fn more_recordings_never_make_it_less_likely(few in any::<u32>(), more in any::<u32>()) {
            let rank = |odds| match odds {
                Odds::Never => 0,
                Odds::OneIn(n) => u64::MAX - n,
                Odds::Certain(_) => u64::MAX,
            };
            let (few, more) = (few.min(more), few.max(more));
            let (rare, common) = (odds("a_{random}_x", few), odds("a_{random}_x", more));
            prop_assert!(rank(rare) <= rank(common));
        }
    }
}
