//! How likely two recordings of one room get the same name on one day.

use serde::{Deserialize, Serialize};

use super::{
    lint::{RANDOMS, SECONDS_A_DAY, Within, one_in},
    rule::{NamingRule, Token},
};

/// How often a room is recorded on a day. Days are counted from 1970-01-01 in the platform's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomDay {
    /// The day that `today` is about.
    pub day: i64,
    /// Recordings of that day so far.
    pub today: u32,
    /// Recordings on a day before it on which there were any, on average and rounded up; 0: none.
    pub usual: u32,
}

impl RoomDay {
    /// From the days of the room's recordings, in any order; `today` is the last that counts.
    pub fn of(today: i64, days: impl IntoIterator<Item = i64>) -> Self {
        let mut seen: Vec<i64> = days.into_iter().filter(|day| *day <= today).collect();
        seen.sort_unstable();
        let before = seen.partition_point(|day| *day < today);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let now = count(seen.len() - before);
        seen.truncate(before);
        let recordings = count(before);
        seen.dedup();
        Self {
            day: today,
            today: now,
            usual: recordings
                .checked_div(count(seen.len()))
                .map_or(0, |whole| {
                    whole + u32::from(recordings % count(seen.len()) > 0)
                }),
        }
    }

    /// The same on that day: after midnight nothing has been recorded yet.
    #[must_use]
    pub fn on(self, day: i64) -> Self {
        Self {
            day,
            today: if day == self.day { self.today } else { 0 },
            usual: self.usual,
        }
    }

    /// As many as are likely on this day, the one that is about to start among them.
    pub fn expected(self) -> u32 {
        self.today.saturating_add(1).max(self.usual)
    }
}

/// The odds that of a day's recordings some two get the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odds {
    /// Less than one in [`Odds::NEVER`].
    Never,
    /// One in so many, at the worst.
    OneIn(u64),
    /// The names of two of those are the same.
    Certain(Within),
}

impl Odds {
    /// Odds smaller than one in so many are none in practice.
    pub const NEVER: u64 = 1_000_000;
}

impl NamingRule {
    /// The odds for so many recordings of one room on one day; two at the least, for a name has to
    /// tell two apart. The birthday problem's upper bound, pairs / values.
    pub fn odds(&self, recordings: u32) -> Odds {
        let (has_date, has_time) = (self.has(Token::Date), self.has(Token::Time));
        if !self.has(Token::Random) {
            return Odds::Certain(match (has_date, has_time) {
                (_, true) => Within::OneSecond,
                (true, false) => Within::OneDay,
                (false, false) => Within::Ever,
            });
        }
        let moments = if has_time { SECONDS_A_DAY } else { 1 };
        match one_in(u64::from(recordings.max(2)), RANDOMS * moments) {
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
        // 62^4 = 14 776 336, over 1, 45, 4950 pairs.
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
    fn without_a_random_part_it_is_certain_for_some() {
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
