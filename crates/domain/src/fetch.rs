//! The back-off before a file is fetched again, and the end of its retries.

use crate::{cause::Cause, time::Timestamp, usage::DAY};

const FIRST_PAUSE: i64 = 5_000;
const LONGEST_PAUSE: i64 = DAY;

/// The milliseconds for which the platform answers that there is no such file before it counts as gone: an
/// announcement may be ahead of its file.
const MISSING_FOR: i64 = DAY;

/// The interval in milliseconds at which the platform is asked whether it still has a file without a copy.
pub const PROBE_EVERY: i64 = DAY;

/// The back-off in milliseconds before try number `tries` + 1, after a failure because of `why`. It doubles up to a
/// day, and `jitter`, a random number, shortens it by up to a quarter. It is no shorter than the server asked for in
/// `retry_after`, up to a day. A file whose content was rejected is retried after a day even the first time: each
/// try downloads all of it.
///
/// A file that the platform refuses to hand out (401, 403) is never given up, because a right can come back:
/// after the first day it costs one request a day.
pub fn pause(tries: u32, why: &Cause, retry_after: Option<i64>, jitter: u32) -> i64 {
    let longest = match why {
        Cause::Damaged | Cause::OtherContent => LONGEST_PAUSE,
        _ => FIRST_PAUSE
            .saturating_mul(1 << tries.min(20))
            .min(LONGEST_PAUSE),
    };
    let pause = longest - i64::from(jitter) % (longest / 4 + 1);
    pause.max(retry_after.unwrap_or(0).min(LONGEST_PAUSE))
}

/// The milliseconds until a file is probed again: a day, and up to an eighth more by `jitter`, a
/// random number, so that files of the same hour are not always probed in the same hour.
pub fn probe_pause(jitter: u32) -> i64 {
    PROBE_EVERY + i64::from(jitter) % (PROBE_EVERY / 8 + 1)
}

/// Whether a file that has been missing since then is gone.
pub fn is_gone(missing_since: Timestamp, now: Timestamp) -> bool {
    now.since(missing_since) >= MISSING_FOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_day() {
        assert_eq!(
            [0, 1, 2, 9, 15, 60].map(|tries| pause(tries, &Cause::Broken, None, 0)),
            [
                5_000,
                10_000,
                20_000,
                2_560_000,
                LONGEST_PAUSE,
                LONGEST_PAUSE
            ]
        );
    }

    #[test]
    fn the_jitter_takes_at_most_a_quarter() {
        for jitter in [0, 1, 1249, 1250, 1251, u32::MAX] {
            assert!(
                (3_750..=5_000).contains(&pause(0, &Cause::Broken, None, jitter)),
                "{jitter}"
            );
        }
    }

    #[test]
    fn a_server_may_ask_for_a_longer_pause_of_up_to_a_day() {
        let pause = |tries, asked, jitter| pause(tries, &Cause::Status(503), asked, jitter);
        assert_eq!(pause(0, Some(60_000), 7), 60_000);
        assert_eq!(pause(3, Some(1), 0), 40_000);
        assert_eq!(pause(0, Some(i64::MAX), 0), LONGEST_PAUSE);
        assert_eq!(pause(0, Some(-1), 0), 5_000);
    }

    #[test]
    fn content_that_was_rejected_is_not_downloaded_again_on_the_same_day() {
        for why in [Cause::Damaged, Cause::OtherContent] {
            assert_eq!(pause(0, &why, None, 0), LONGEST_PAUSE);
        }
        // These are small, or pass.
        for why in [Cause::Empty, Cause::WebPage, Cause::Status(403)] {
            assert_eq!(pause(0, &why, None, 0), 5_000);
        }
    }

    #[test]
    fn a_file_that_stays_refused_costs_a_request_a_day() {
        let (day, mut tries, mut at) = (LONGEST_PAUSE, 0, 0);
        let mut tries_until = |end: i64| {
            while at < end {
                tries += 1;
                at += pause(tries, &Cause::Status(403), None, 0);
            }
            tries
        };
        let first = tries_until(day);
        assert!(first <= 15, "{first}");
        assert!(tries_until(8 * day) <= first + 7);
    }

    #[test]
    fn two_probes_are_a_day_apart_at_least() {
        for jitter in [0, 1, u32::MAX] {
            let pause = probe_pause(jitter);
            assert!(
                (PROBE_EVERY..=PROBE_EVERY / 8 * 9).contains(&pause),
                "{jitter}"
            );
            let first = Timestamp::from_millis(5);
            assert!(is_gone(first, first.plus_millis(pause)));
        }
    }

    #[test]
    fn a_missing_file_is_gone_after_a_day() {
        let since = Timestamp::from_millis(5);
        assert!(!is_gone(since, since.plus_millis(MISSING_FOR - 1)));
        assert!(is_gone(since, since.plus_millis(MISSING_FOR)));
    }
}
