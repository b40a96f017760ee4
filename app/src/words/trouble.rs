use reelroom_domain::{time::Timestamp, trouble::Trouble};

use super::{cause::cause, count::day_count, list::clauses};
use crate::i18n::Locale;

const HOUR: i64 = 60 * 60_000;

/// `3 files have no copy: 1 blocked, 2 failing for 2 hours`.
pub fn no_copy(locale: Locale, trouble: &Trouble, now: Timestamp) -> String {
    let counts = troubles(locale, trouble, now);
    match trouble.files() {
        1 => say!(locale, common.trouble.no_copy_one, counts),
        n => say!(locale, common.trouble.no_copy_many, n, counts),
    }
}

/// `1 blocked, 2 failing for 2 hours`.
pub fn troubles(locale: Locale, trouble: &Trouble, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if trouble.blocked > 0 {
        parts.push(say!(locale, common.trouble.blocked, n = trouble.blocked));
    }
    if let Some(since) = trouble.failing_since {
        let time = hours(locale, now.since(since));
        parts.push(say!(
            locale,
            common.trouble.failing,
            n = trouble.failing,
            time
        ));
    }
    if trouble.gone > 0 {
        parts.push(say!(locale, common.trouble.gone, n = trouble.gone));
    }
    clauses(locale, &parts)
}

/// `1 hour`, `47 hours`, `3 days`.
fn hours(locale: Locale, millis: i64) -> String {
    match millis / HOUR {
        ..=1 => say!(locale, common.trouble.hours_one).to_owned(),
        n @ 2..48 => say!(locale, common.trouble.hours_many, n),
        n => day_count(locale, n / 24),
    }
}

/// `Tried 3 times: the answer was HTTP 502.`; `None` before the first try.
pub fn tried(locale: Locale, trouble: &Trouble) -> Option<String> {
    let why = trouble.cause.as_ref().map(|why| cause(locale, why));
    Some(match (trouble.tries, why) {
        (0, _) => return None,
        (1, None) => say!(locale, common.trouble.tried_one).to_owned(),
        (1, Some(cause)) => say!(locale, common.trouble.tried_one_why, cause),
        (n, None) => say!(locale, common.trouble.tried_many, n),
        (n, Some(cause)) => say!(locale, common.trouble.tried_many_why, n, cause),
    })
}

#[cfg(test)]
mod tests {
    use reelroom_domain::cause::Cause;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(hours * HOUR)
    }

    #[test]
    fn files_without_a_copy_are_counted_by_what_is_wrong() {
        let mut trouble = Trouble {
            failing: 2,
            blocked: 1,
            failing_since: Some(at(5)),
            ..Trouble::default()
        };
        let words = |trouble: &Trouble, locale| no_copy(locale, trouble, at(7));
        assert_eq!(
            words(&trouble, Locale::en),
            "3 files have no copy: 1 blocked, 2 failing for 2 hours"
        );
        assert_eq!(
            words(&trouble, Locale::zh_CN),
            "3 个文件没有副本：1 个已阻止，2 个复制失败已达 2 小时"
        );
        (trouble.failing, trouble.failing_since) = (0, None);
        assert_eq!(words(&trouble, Locale::en), "1 file has no copy: 1 blocked");
        let lengths = [1, 2, 47, 48, 75].map(|count| hours(Locale::en, count * HOUR));
        assert_eq!(
            lengths,
            ["1 hour", "2 hours", "47 hours", "2 days", "3 days"]
        );
    }

    #[test]
    fn what_was_tried_has_a_number_and_a_cause() {
        let words = |tries, cause| {
            let trouble = Trouble {
                tries,
                cause,
                ..Trouble::default()
            };
            tried(Locale::en, &trouble)
        };
        let why = Some(Cause::Status(502));
        assert_eq!(words(0, why.clone()), None);
        assert_eq!(words(1, None).unwrap(), "Tried once.");
        assert_eq!(
            words(3, why).unwrap(),
            "Tried 3 times: the answer was HTTP 502."
        );
    }
}
