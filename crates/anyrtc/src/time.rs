//! The platform's times (`VENDOR.md` §3): local time without a zone and without padding
//! (`2018-3-21 13:06:27`), or unix seconds; unix milliseconds are read, too.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde_json::Value;

/// The range of valid times: the years 2000 to 2200. Unix seconds and milliseconds of these years do
/// not overlap, so a number is one or the other by its size.
const FIRST: i64 = 946_684_800;
const LAST: i64 = 7_258_118_400;

/// Reads a time as unix milliseconds, a local time in `zone`.
///
/// A local time that occurs twice (clocks set back) is the earlier one; one that does not occur (clocks
/// set forward) is moved by the gap. `None` if it is unreadable or out of range.
pub fn read(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return from_number(number);
    }
    let moment = match text.parse::<Timestamp>() {
        // With a zone of its own.
        Ok(moment) => moment,
        Err(_) => zone
            .to_ambiguous_timestamp(local(text)?)
            .compatible()
            .ok()?,
    };
    let millis = moment.as_millisecond();
    (FIRST * 1000..LAST * 1000)
        .contains(&millis)
        .then_some(millis)
}

/// Unix milliseconds of a JSON value: a string as in [`read`], or a number.
pub fn read_value(value: &Value, zone: &TimeZone) -> Option<i64> {
    match value {
        Value::String(text) => read(text, zone),
        Value::Number(number) => match number.as_i64() {
            Some(number) => from_number(number),
            // Seconds with a fraction.
            None => from_number(number.to_string().split('.').next()?.parse().ok()?),
        },
        _ => None,
    }
}

/// Unix milliseconds of a number: seconds or milliseconds.
fn from_number(number: i64) -> Option<i64> {
    if (FIRST..LAST).contains(&number) {
        Some(number * 1000)
    } else if (FIRST * 1000..LAST * 1000).contains(&number) {
        Some(number)
    } else {
        None
    }
}

/// `2018-3-21 13:06:27`, also padded, with `/` or `T`, without seconds, with a fraction.
fn local(text: &str) -> Option<civil::DateTime> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let mut date = date.split(['-', '/']);
    let mut time = time.trim_start().split(':');
    let year = date.next()?.parse().ok()?;
    let month = date.next()?.parse().ok()?;
    let day = date.next()?.parse().ok()?;
    let hour = time.next()?.parse().ok()?;
    let minute = time.next()?.parse().ok()?;
    let second = match time.next() {
        Some(second) => second.split('.').next()?.parse().ok()?,
        None => 0,
    };
    if date.next().is_some() || time.next().is_some() {
        return None;
    }
    civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

/// A local time in `zone` as the given document writes it: `2018-3-21 13:06:27`. Milliseconds are cut
/// off; a number out of range is empty text.
pub fn write_local(millis: i64, zone: &TimeZone) -> String {
    let Ok(moment) = Timestamp::from_millisecond(millis) else {
        return String::new();
    };
    let at = zone.to_datetime(moment);
    let (year, month, day) = (at.year(), at.month(), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    format!("{year}-{month}-{day} {hour:02}:{minute:02}:{second:02}")
}

/// Unix seconds as the later revision writes them: `1521608787`.
pub fn write_unix(millis: i64) -> String {
    millis.div_euclid(1000).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert_eq, proptest};
    use serde_json::json;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn every_form_of_the_same_moment() {
        let shanghai = zone("Asia/Shanghai");
        for text in [
            "2018-3-21 13:06:27",
            "2018-03-21 13:06:27",
            "2018/3/21 13:06:27",
            "2018-3-21  13:6:27",
            "2018-3-21T13:06:27",
            " 2018-3-21 13:06:27.000 ",
            "2018-03-21T05:06:27Z",
            "2018-03-21T13:06:27+08:00",
            "1521608787",
            "1521608787000",
        ] {
            assert_eq!(read(text, &shanghai), Some(1_521_608_787_000), "{text}");
        }
        assert_eq!(read("2018-3-21 13:06", &shanghai), Some(1_521_608_760_000));
    }

    #[test]
    fn numbers_are_seconds_or_milliseconds_by_their_size() {
        for (number, expected) in [
            (json!(1_521_608_787), Some(1_521_608_787_000)),
            (json!(1_521_608_787_123_i64), Some(1_521_608_787_123)),
            (json!(1_521_608_787.25), Some(1_521_608_787_000)),
            (json!(0), None),
            (json!(-1), None),
            (json!(1e300), None),
            (json!(u64::MAX), None),
            (json!(null), None),
        ] {
            assert_eq!(read_value(&number, &TimeZone::UTC), expected, "{number}");
        }
    }

    #[test]
    fn invalid_text_is_no_time() {
        let shanghai = zone("Asia/Shanghai");
        for text in [
            "",
            "0",
            "-1",
            "12",
            "now",
            "2018-3-21",
            "13:06:27",
            "2018-13-1 0:0:0",
            "2018-2-30 13:06:27",
            "2018-3-21 25:06:27",
            "2018-3-21 13:06:27:01",
            "2018-3-21-1 13:06:27",
            "2018--3-21 13:06:27",
            "1-1-1 00:00:00",
            "1970-1-1 08:00:00",
            "9999-12-31 23:59:59",
            "99999999999999999999",
        ] {
            assert_eq!(read(text, &shanghai), None, "{text}");
        }
    }

    #[test]
    fn repeated_and_skipped_local_times() {
        let berlin = zone("Europe/Berlin");
        let same = |local, utc| assert_eq!(read(local, &berlin), read(utc, &berlin), "{local}");
        // In summer time, and an hour later in winter time.
        same("2026-10-25 2:30:00", "2026-10-25T00:30:00Z");
        // 2:00 is followed by 3:00, so this is 3:30.
        same("2026-3-29 2:30:00", "2026-03-29T01:30:00Z");
    }

    #[test]
    fn written_as_the_documents_have_it() {
        let shanghai = zone("Asia/Shanghai");
        let at = 1_521_608_787_999;
        assert_eq!(write_local(at, &shanghai), "2018-3-21 13:06:27");
        assert_eq!(write_unix(at), "1521608787");
        assert_eq!(write_local(i64::MAX, &shanghai), "");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = read(&text, &zone("Asia/Shanghai"));
        }

        #[test]
        fn text_like_a_time_does_not_panic(text in "[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3} [0-9]{1,3}:[0-9]{1,3}:[0-9]{1,3}") {
            let _ = read(&text, &zone("Europe/Berlin"));
        }

        #[test]
        fn a_written_time_is_read_back(seconds in FIRST..LAST) {
            let shanghai = zone("Asia/Shanghai");
            let millis = seconds * 1000;
            prop_assert_eq!(read(&write_local(millis, &shanghai), &shanghai), Some(millis));
            prop_assert_eq!(read(&write_unix(millis), &shanghai), Some(millis));
        }
    }
}
