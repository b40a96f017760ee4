//! The times in callbacks (`VENDOR.md` §3): `2018-3-21 13:06:27`, not zero-padded, in the platform's
//! zone; in the later revision unix seconds as a string; and, seen elsewhere, milliseconds.

use jiff::{civil::DateTime, tz::TimeZone};
use serde_json::Value;

/// Before this many seconds a number is no time of a recording (2001-09-09).
const FIRST_SECOND: i64 = 1_000_000_000;
/// From here on a number counts milliseconds (as seconds it would be the year 5138).
const FIRST_MILLI: i64 = 100_000_000_000;

/// Unix milliseconds; `None` where the text is no time. A local time that the zone skips is moved
/// by the gap, one that comes twice is the first.
pub fn read(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return match number {
            FIRST_SECOND..FIRST_MILLI => Some(number * 1000),
            FIRST_MILLI.. => Some(number),
            _ => None,
        };
    }
    let civil = civil(text)?;
    Some(
        zone.to_ambiguous_timestamp(civil)
            .compatible()
            .ok()?
            .as_millisecond(),
    )
}

/// The same of a JSON value: text, or a number.
pub fn read_value(value: &Value, zone: &TimeZone) -> Option<i64> {
    match value {
        Value::String(text) => read(text, zone),
        Value::Number(number) => read(&number.to_string(), zone),
        _ => None,
    }
}

/// Unix milliseconds as the later revision writes them: seconds.
pub fn write_unix(millis: i64) -> String {
    millis.div_euclid(1000).to_string()
}

fn civil(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let mut date = date.split(['-', '/']);
    let mut time = time.trim().split(':');
    let year: i16 = date.next()?.parse().ok()?;
    let small = |part: Option<&str>| part?.parse::<i8>().ok();
    let (month, day) = (small(date.next())?, small(date.next())?);
    let (hour, minute) = (small(time.next())?, small(time.next())?);
    let second = match time.next() {
        // Fractions and whatever follows them are not the platform's; the second is.
        Some(second) => small(second.split(['.', 'Z', '+']).next())?,
        None => 0,
    };
    if date.next().is_some() || time.next().is_some() || year < 2001 {
        return None;
    }
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

/// Unix milliseconds as the given document writes them: `2018-3-21 13:06:27`.
pub fn write_local(millis: i64, zone: &TimeZone) -> String {
    let at = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    let at = zone.to_datetime(at);
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!(
        "{year}-{month}-{day} {:02}:{:02}:{:02}",
        at.hour(),
        at.minute(),
        at.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    #[test]
    fn every_form_of_the_documents_own_example() {
        for text in [
            "2018-3-21 13:06:27",
            "2018-03-21 13:06:27",
            " 2018/3/21T13:6:27 ",
            "1521608787",
            "1521608787000",
        ] {
            assert_eq!(read(text, &shanghai()), Some(1_521_608_787_000), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_unknown() {
        for text in [
            "",
            "0",
            "-1",
            "12",
            "2018-13-1 0:0:0",
            "2018-3-21",
            "yesterday",
            "1970-1-1 0:0:0",
            "2018-3-21 1:2:3:4",
            "99999999999999999999",
        ] {
            assert_eq!(read(text, &shanghai()), None, "{text}");
        }
    }

    #[test]
    fn skipped_and_doubled_hours_are_read_as_something() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(read("2026-3-29 2:30:00", &berlin), Some(1_774_747_800_000));
        assert_eq!(read("2026-10-25 2:30:00", &berlin), Some(1_792_888_200_000));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = read(&text, &shanghai());
        }

        #[test]
        fn what_was_written_is_read_back(seconds in 1_000_000_000i64..4_000_000_000) {
            proptest::prop_assert_eq!(read(&write_local(seconds * 1000, &shanghai()), &shanghai()), Some(seconds * 1000));
        }
    }
}
