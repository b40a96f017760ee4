//! When recordings start.

use rand::Rng;
use reelroom_domain::time::Timestamp;

use super::choice::{MINUTE, Weighted, one_of};

/// The offset of the zone of a demo from UTC in seconds: China's.
pub const OFFSET: i32 = 8 * 3600;

/// The days that a demo goes back.
const DAYS: i64 = 2 * 365;

/// The time before now in which only the newest recordings start, so that all others are over.
const QUIET: i64 = 180 * MINUTE;

/// How much is recorded on a day of the week, from Monday on.
const WEEKDAYS: [u64; 7] = [10, 11, 11, 11, 9, 2, 1];

/// How much is recorded in an hour of the day.
const HOURS: [u64; 24] = [
    0, 0, 0, 0, 0, 0, 1, 3, 14, 40, 46, 34, 12, 18, 42, 44, 34, 18, 10, 10, 8, 3, 1, 0,
];

/// This many moments in order: two years of working hours, with quiet weekends. Two of three are just after a
/// full or a half hour.
pub fn starts(rng: &mut impl Rng, count: usize, now: Timestamp) -> Vec<Timestamp> {
    let last = now.plus_millis(-QUIET);
    let today = last.day(OFFSET);
    // The first of January 1970 was a Thursday.
    let weight = |day: i64| WEEKDAYS[usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0)];
    let days = Weighted::new((today - DAYS + 1..=today).map(|day| (weight(day), day)));
    let hours = Weighted::new(HOURS.into_iter().zip(0_i64..));
    let mut starts = Vec::with_capacity(count);
    while starts.len() < count {
        let (day, hour) = (*days.choose(rng), *hours.choose(rng));
        let minute = if rng.random_ratio(2, 3) {
            *one_of(rng, &[0_i64, 30]) + rng.random_range(0..5_i64)
        } else {
            rng.random_range(0..60)
        };
        let local = (day * 24 + hour) * 60 * MINUTE + minute * MINUTE;
        let at = local - i64::from(OFFSET) * 1000 + rng.random_range(0..MINUTE);
        let at = Timestamp::from_millis(at);
        if at <= last {
            starts.push(at);
        }
    }
    starts.sort_unstable();
    starts
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};
    use reelroom_domain::time::Civil;

    use super::*;

    #[test]
    fn most_starts_are_in_working_hours() {
        let now = Timestamp::from_millis(1_795_365_005_000);
        let starts = starts(&mut StdRng::seed_from_u64(3), 20_000, now);
        assert!(starts.is_sorted());
        let two_years = 731 * 24 * 60 * MINUTE;
        assert!(starts[0] > now.plus_millis(-two_years));
        assert!(starts[19_999] <= now.plus_millis(-QUIET));
        let count = |is: fn(Civil) -> bool| {
            let starts = starts.iter().map(|at| Civil::at(*at, OFFSET));
            starts.filter(|at| is(*at)).count()
        };
        assert!((500..2_000).contains(&count(|at| at.weekday >= 5)));
        assert!(count(|at| (9..18).contains(&at.hour)) > 15_000);
        assert_eq!(count(|at| at.hour < 6), 0);
        assert!(count(|at| at.minute % 30 < 5) > 12_000);
    }
}
