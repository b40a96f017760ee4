//! Moments and durations in milliseconds, and the calendar.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Milliseconds since `earlier`; negative if `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment `millis` later.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Its day, counted from 1970-01-01, in a zone `offset` seconds ahead of UTC.
    pub const fn day(self, offset: i32) -> i64 {
        (self.0.div_euclid(1000) + offset as i64).div_euclid(86_400)
    }
}

/// A source of the present time, which tests replace.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A moment as local date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// The year, for example 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 (Monday) to 6 (Sunday).
    pub weekday: u8,
}

impl Civil {
    /// The local date and time of `moment` in a zone `offset` seconds ahead of UTC.
    pub fn at(moment: Timestamp, offset: i32) -> Self {
        let seconds = moment.as_millis().div_euclid(1000) + i64::from(offset);
        let days = seconds.div_euclid(86_400);
        let rest = seconds.rem_euclid(86_400);
        let (year, month, day) = year_month_day(days);
        let small = |n: i64| u8::try_from(n).unwrap_or_default();
        Self {
            year,
            month: small(month),
            day: small(day),
            hour: small(rest / 3600),
            minute: small(rest / 60 % 60),
            second: small(rest % 60),
            weekday: small((days + 3).rem_euclid(7)),
        }
    }
}

/// The proleptic Gregorian date of a day counted from 1970-01-01. Years are counted from March,
/// so that the leap day is the last of its year (H. Hinnant, "chrono-compatible low-level date
/// algorithms").
const fn year_month_day(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// A duration as a timer shows it: `00:12:41`, hours without an upper limit. A negative one is zero.
pub fn clock_length(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_in_shanghai() {
        // 2026-11-22T16:30:05Z is 00:30:05 on Monday the 23rd in Shanghai (UTC+8).
        let civil = Civil::at(Timestamp::from_millis(1_795_365_005_000), 8 * 3600);
        assert_eq!(
            civil,
            Civil {
                year: 2026,
                month: 11,
                day: 23,
                hour: 0,
                minute: 30,
                second: 5,
                weekday: 0
            }
        );
    }

    #[test]
    fn before_the_epoch_and_leap_days() {
        let civil = Civil::at(Timestamp::from_millis(-1), 0);
        assert_eq!(
            (civil.year, civil.month, civil.day, civil.second),
            (1969, 12, 31, 59)
        );
        let moment = Timestamp::from_millis(-1);
        assert_eq!((moment.day(0), moment.day(3600)), (-1, 0));
        let leap = Civil::at(Timestamp::from_millis(951_782_400_000), 0);
        assert_eq!((leap.year, leap.month, leap.day), (2000, 2, 29));
    }

    #[test]
    fn a_timer_counts_past_a_day() {
        assert_eq!(clock_length(761_999), "00:12:41");
        assert_eq!(clock_length(90_000_000), "25:00:00");
        assert_eq!(clock_length(-5), "00:00:00");
    }
}
