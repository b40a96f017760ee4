use reelroom_domain::{
    find::Month,
    time::{Civil, Timestamp, clock_length},
};

use super::list::clauses;
use crate::i18n::Locale;

/// The format of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeStyle {
    /// `14:27`.
    Clock,
    /// `14:27:05`.
    Seconds,
    /// `Today 09:30`, `Yesterday 11:02`, `Fri 15:10`, `12 Nov`, `12 Nov 2025`.
    #[default]
    Near,
    /// As [`Self::Near`], with the time of each day: `12 Nov 09:30`.
    Moment,
    /// `Sunday 22 November 2026, 09:00`.
    Full,
}

/// `14:27`.
pub fn clock(at: Civil) -> String {
    format!("{:02}:{:02}", at.hour, at.minute)
}

/// `14:27:05`.
pub fn clock_seconds(at: Civil) -> String {
    format!("{:02}:{:02}:{:02}", at.hour, at.minute, at.second)
}

/// `2026-11-22 14:27:05`.
pub fn date_time(at: Civil) -> String {
    format!("{} {}", iso_date(at), clock_seconds(at))
}

/// The moment in UTC as RFC 3339 has it, for `<time datetime>`.
pub fn iso(moment: Timestamp) -> String {
    let at = Civil::at(moment, 0);
    format!("{}T{}Z", iso_date(at), clock_seconds(at))
}

/// `2026-11-22`.
fn iso_date(at: Civil) -> String {
    format!("{:04}-{:02}-{:02}", at.year, at.month, at.day)
}

/// Formats `at` in that style, relative to `now`.
pub fn style(locale: Locale, style: TimeStyle, at: Civil, now: Civil) -> String {
    match style {
        TimeStyle::Clock => clock(at),
        TimeStyle::Seconds => clock_seconds(at),
        TimeStyle::Near => near(locale, at, now),
        TimeStyle::Moment => moment(locale, at, now),
        TimeStyle::Full => {
            let date = date_long(locale, at);
            say!(locale, common.time.full, date, clock = clock(at))
        }
    }
}

/// Whether two times are on the same calendar day.
pub fn is_same_day(one: Civil, other: Civil) -> bool {
    days_before(one, other) == 0
}

/// The number of calendar days from `at` to `now`.
fn days_before(at: Civil, now: Civil) -> i64 {
    day_number(now) - day_number(at)
}

/// Days since the epoch of a civil date (H. Hinnant, "chrono-compatible low-level date algorithms").
fn day_number(at: Civil) -> i64 {
    let year = at.year - i64::from(at.month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = (i64::from(at.month) + 9) % 12;
    let day_of_year = (153 * month + 2) / 5 + i64::from(at.day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The name at `$index` in a group of names.
macro_rules! name {
    ($locale:ident, $index:expr, $group:ident: $($key:ident)+) => {{
        let names = [$(say!($locale, common.time.$group.$key)),+];
        names.get(usize::from($index)).copied().unwrap_or_default()
    }};
}

/// A recent day by name with the time, an older one as a date only.
pub fn near(locale: Locale, at: Civil, now: Civil) -> String {
    if (0..7).contains(&days_before(at, now)) {
        moment(locale, at, now)
    } else {
        day_short(locale, at, now)
    }
}

/// A recent day by name, another one as a date, each with the time.
fn moment(locale: Locale, at: Civil, now: Civil) -> String {
    let date = match days_before(at, now) {
        0 => say!(locale, common.time.today),
        1 => say!(locale, common.time.yesterday),
        2..=6 => name!(locale, at.weekday, weekday_short: d0 d1 d2 d3 d4 d5 d6),
        _ => return day_clock(locale, at, now),
    };
    say!(locale, common.time.with_clock, date, clock = clock(at))
}

/// `12 Nov`; with the year if it is not that of `now`.
pub fn day_short(locale: Locale, at: Civil, now: Civil) -> String {
    let month = name!(locale, at.month - 1, month_short: m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12);
    date(locale, at, month, at.year != now.year)
}

/// `12 Nov 14:27`; with the year if it is not that of `now`.
pub fn day_clock(locale: Locale, at: Civil, now: Civil) -> String {
    let date = day_short(locale, at, now);
    say!(locale, common.time.with_clock, date, clock = clock(at))
}

/// `12 November`; with the year if it is not that of `now`.
pub fn day(locale: Locale, at: Civil, now: Civil) -> String {
    let month = name!(locale, at.month - 1, month: m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12);
    date(locale, at, month, at.year != now.year)
}

/// The day and the month, and the year if `with_year`: `12 Nov`.
fn date(locale: Locale, at: Civil, month: &'static str, with_year: bool) -> String {
    let (day, year) = (at.day.to_string(), at.year.to_string());
    if with_year {
        say!(locale, common.time.day_month_year, day, month, year)
    } else {
        say!(locale, common.time.day_month, day, month)
    }
}

/// `November 2026`.
pub fn month_year(locale: Locale, of: Month) -> String {
    let index = of.month.unsigned_abs() - 1;
    let month = name!(locale, index, month: m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12);
    say!(
        locale,
        common.time.month_year,
        month,
        year = of.year.to_string()
    )
}

/// `Sunday 22 November 2026`; without the year if not `with_year`.
fn weekday_date(locale: Locale, at: Civil, with_year: bool) -> String {
    let month = name!(locale, at.month - 1, month: m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12);
    let date = date(locale, at, month, with_year);
    let weekday = name!(locale, at.weekday, weekday: d0 d1 d2 d3 d4 d5 d6);
    say!(locale, common.time.weekday_date, weekday, date)
}

/// `Sunday 22 November 2026`.
pub fn date_long(locale: Locale, at: Civil) -> String {
    weekday_date(locale, at, true)
}

/// The heading of a day in a list: `Today, Sunday 22 November`, `Saturday 21 November`.
pub fn day_heading(locale: Locale, at: Civil, now: Civil) -> String {
    let named = weekday_date(locale, at, at.year != now.year);
    let near = match days_before(at, now) {
        0 => say!(locale, common.time.today),
        1 => say!(locale, common.time.yesterday),
        _ => return named,
    };
    clauses(locale, &[near, &named])
}

/// The duration of a recording or a file, `00:48:12`, or that it is not known yet.
pub fn length(locale: Locale, millis: Option<i64>) -> String {
    match known_length(millis) {
        Some(millis) => clock_length(millis),
        None => say!(locale, common.length_unknown).to_owned(),
    }
}

/// The duration, if it is known. None has a length of 0.
pub fn known_length(millis: Option<i64>) -> Option<i64> {
    millis.filter(|millis| *millis > 0)
}

/// A rounded duration: `48 s`, `12 min`, `3 h 05 min`.
pub fn short_length(locale: Locale, millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => say!(locale, common.time.seconds, seconds),
        (0, minutes) => say!(locale, common.time.minutes, minutes),
        (hours, minutes) => {
            let minutes = format!("{minutes:02}");
            say!(locale, common.time.hours_minutes, hours, minutes)
        }
    }
}

/// A duration with its seconds: `7 min 32 s`.
pub fn exact_length(locale: Locale, millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    if seconds < 60 {
        return short_length(locale, millis);
    }
    let (minutes, seconds) = (seconds / 60, format!("{:02}", seconds % 60));
    say!(locale, common.time.minutes_seconds, minutes, seconds)
}

/// `UTC+8`, `UTC−3:30`, `UTC`.
pub fn offset_name(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    let sign = if seconds < 0 { '−' } else { '+' };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// A zone's name with its offset, which is left out where it is the name: `Asia/Shanghai, UTC+8`, `UTC`.
pub fn zone_title(locale: Locale, name: &str, offset: i32) -> String {
    let offset = offset_name(offset);
    if offset == name {
        return offset;
    }
    clauses(locale, &[name, &offset])
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-22T06:27:05Z: in Shanghai 14:27:05 on a Sunday.
    const NOW: Timestamp = Timestamp::from_millis(1_795_328_825_000);
    const HOUR: i64 = 3_600_000;

    fn there(moment: Timestamp) -> Civil {
        Civil::at(moment, 8 * 3600)
    }

    #[test]
    fn near_days_have_names() {
        let said =
            |locale, hours: i64| near(locale, there(NOW.plus_millis(-hours * HOUR)), there(NOW));
        assert_eq!(said(Locale::en, 0), "Today 14:27");
        assert_eq!(said(Locale::en, 15), "Yesterday 23:27");
        assert_eq!(said(Locale::en, 48), "Fri 14:27");
        assert_eq!(said(Locale::en, 24 * 10), "12 Nov");
        assert_eq!(said(Locale::en, 24 * 400), "18 Oct 2025");
        assert_eq!(said(Locale::zh_CN, 15), "昨天 23:27");
        assert_eq!(said(Locale::zh_CN, 48), "周五 14:27");
        assert_eq!(said(Locale::zh_CN, 24 * 10), "11月12日");
        assert_eq!(said(Locale::zh_CN, 24 * 400), "2025年10月18日");
        let moment =
            |hours: i64| moment(Locale::en, there(NOW.plus_millis(hours * HOUR)), there(NOW));
        assert_eq!(moment(-15), "Yesterday 23:27");
        assert_eq!(moment(24 * 9), "1 Dec 14:27");
    }

    #[test]
    fn a_day_ends_at_midnight() {
        // 2026-11-18T17:14:26Z, which is after midnight in Shanghai.
        let at = |hours: i64, offset: i32| {
            let moment = Timestamp::from_millis(1_795_022_066_000);
            Civil::at(moment.plus_millis(hours * HOUR), offset)
        };
        assert!(is_same_day(at(0, 0), at(6, 0)));
        assert!(!is_same_day(at(0, 0), at(7, 0)));
        assert!(!is_same_day(at(0, 0), at(0, 8 * 3600)));
        assert!(!is_same_day(at(0, 0), at(24 * 365, 0)));
    }

    #[test]
    fn heads_and_full_dates() {
        let now = there(NOW);
        assert_eq!(
            day_heading(Locale::en, now, now),
            "Today, Sunday 22 November"
        );
        assert_eq!(
            day_heading(Locale::zh_CN, now, now),
            "今天，11月22日 星期日"
        );
        assert_eq!(
            style(Locale::en, TimeStyle::Full, now, now),
            "Sunday 22 November 2026, 14:27"
        );
        assert_eq!(iso(NOW), "2026-11-22T06:27:05Z");
        assert_eq!(date_time(now), "2026-11-22 14:27:05");
        let year_ago = there(NOW.plus_millis(-365 * 24 * HOUR));
        assert_eq!(day(Locale::en, now, now), "22 November");
        assert_eq!(day(Locale::en, year_ago, now), "22 November 2025");
        assert_eq!(day_short(Locale::zh_CN, now, now), "11月22日");
        assert_eq!(day_clock(Locale::en, now, now), "22 Nov 14:27");
        assert_eq!(day_clock(Locale::en, year_ago, now), "22 Nov 2025 14:27");
    }

    #[test]
    fn months_have_names() {
        let month = Month::parse("2026-11").unwrap();
        assert_eq!(month_year(Locale::en, month), "November 2026");
        assert_eq!(month_year(Locale::zh_CN, month), "2026年11月");
    }

    #[test]
    fn an_unknown_length_is_called_so() {
        assert_eq!(length(Locale::en, Some(2_892_000)), "00:48:12");
        for unknown in [None, Some(0), Some(-1)] {
            assert_eq!(length(Locale::en, unknown), "length not known yet");
            assert_eq!(length(Locale::zh_CN, unknown), "时长未知");
        }
    }

    #[test]
    fn lengths_are_short() {
        for (millis, en, zh_cn) in [
            (48_000, "48 s", "48 秒"),
            (725_000, "12 min", "12 分钟"),
            (11_100_000, "3 h 05 min", "3 小时 05 分钟"),
        ] {
            assert_eq!(short_length(Locale::en, millis), en);
            assert_eq!(short_length(Locale::zh_CN, millis), zh_cn);
        }
        assert_eq!(exact_length(Locale::en, 48_000), "48 s");
        assert_eq!(exact_length(Locale::en, 452_000), "7 min 32 s");
        assert_eq!(exact_length(Locale::zh_CN, 452_000), "7 分 32 秒");
    }

    #[test]
    fn days_are_counted_as_civil_counts_them() {
        for millis in [0, 951_782_400_000, 1_795_328_825_000] {
            let at = Civil::at(Timestamp::from_millis(millis), 0);
            assert_eq!(day_number(at), millis.div_euclid(86_400_000));
        }
    }

    #[test]
    fn offsets_are_named() {
        assert_eq!(offset_name(8 * 3600), "UTC+8");
        assert_eq!(offset_name(-12_600), "UTC−3:30");
        assert_eq!(offset_name(0), "UTC");
        let title = |name, offset| zone_title(Locale::en, name, offset);
        assert_eq!(title("Asia/Shanghai", 8 * 3600), "Asia/Shanghai, UTC+8");
        assert_eq!(title("Europe/London", 0), "Europe/London, UTC");
        assert_eq!(title("UTC", 0), "UTC");
    }
}
