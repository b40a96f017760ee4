//! Days as people type them: `yesterday`, `11月29日`, `29 November`.

use super::date::{Date, Days};
use crate::search::fold;

const MONTHS: &str =
    "january february march april may june july august september october november december";

/// A year, if there is one, a month and a day of the month.
type Parts = (Option<i16>, i8, i8);

impl Days {
    /// One day.
    pub const fn on(day: Date) -> Self {
        Self::Between(Some(day), Some(day))
    }

    /// Parses a day in English or Chinese; `None` if the text is no day. Without a year it is the latest such day up to
    /// `today`.
    pub fn typed(text: &str, today: Date) -> Option<Self> {
        let text = fold(text.trim());
        let day = match text.as_str() {
            "today" | "今天" | "今日" => return Some(Self::Last(1)),
            "yesterday" | "昨天" | "昨日" => today.earlier(),
            "前天" => today.earlier().and_then(Date::earlier),
            text => {
                let parts = chinese(text).or_else(|| numbers(text));
                date(parts.or_else(|| english(text))?, today)
            }
        };
        day.map(Self::on)
    }
}

fn date((year, month, day): Parts, today: Date) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, day);
    }
    // From one 29 February to the next there are up to eight years, as from 2096 to 2104.
    let mut years = (0..=8).map(|ago| today.year - ago);
    years.find_map(|year| Date::new(year, month, day).filter(|day| *day <= today))
}

/// `11月29日`, `2026年11月29日`, `11 月 29 号`.
fn chinese(text: &str) -> Option<Parts> {
    let text: String = text.split_whitespace().collect();
    let (year, rest) = match text.split_once('年') {
        Some((year, rest)) => (Some(year.parse().ok()?), rest),
        None => (None, text.as_str()),
    };
    let (month, day) = rest.split_once('月')?;
    let day = day.strip_suffix(['日', '号'])?;
    Some((year, month.parse().ok()?, day.parse().ok()?))
}

/// `2026-11-29`, `2026/11/29`, `2026.11.29`.
fn numbers(text: &str) -> Option<Parts> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [year, month, day] = parts.try_into().ok()?;
    let year = Some(year).filter(|year| year.len() == 4)?;
    Some((
        Some(year.parse().ok()?),
        month.parse().ok()?,
        day.parse().ok()?,
    ))
}

/// `29 November`, `Nov 29`, `29 Nov 2026`, `November 29, 2026`.
fn english(text: &str) -> Option<Parts> {
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let (first, second, year) = match words[..] {
        [first, second] => (first, second, None),
        [first, second, year] if year.len() == 4 => (first, second, Some(year.parse().ok()?)),
        _ => return None,
    };
    let (month, day) = match month(first) {
        Some(month) => (month, second),
        None => (month(second)?, first),
    };
    Some((year, month, day.parse().ok()?))
}

/// The month, from 1, whose English name begins with these letters; `None` for fewer than three.
fn month(letters: &str) -> Option<i8> {
    let mut names = MONTHS.split(' ');
    let at = names.position(|name| letters.len() >= 3 && name.starts_with(letters))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Option<Days> {
        Days::typed(text, Date::parse("2026-12-01").unwrap())
    }

    #[test]
    fn a_day_is_read_in_either_language() {
        let day = |date| Date::parse(date).map(Days::on);
        for (text, days) in [
            ("today", Some(Days::Last(1))),
            (" 今天 ", Some(Days::Last(1))),
            ("Yesterday", day("2026-11-30")),
            ("昨天", day("2026-11-30")),
            ("前天", day("2026-11-29")),
            ("2026-11-29", day("2026-11-29")),
            ("2026/11/9", day("2026-11-09")),
            ("２０２６．１１．２９", day("2026-11-29")),
            ("11月29日", day("2026-11-29")),
            ("11 月 29 号", day("2026-11-29")),
            ("2025年2月28日", day("2025-02-28")),
            ("29 November", day("2026-11-29")),
            ("nov 29", day("2026-11-29")),
            ("29 Nov 2025", day("2025-11-29")),
            ("November 29, 2025", day("2025-11-29")),
        ] {
            assert_eq!(typed(text), days, "{text}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_not_in_the_future() {
        let day = |date| Date::parse(date).map(Days::on);
        assert_eq!(typed("12月1日"), day("2026-12-01"));
        assert_eq!(typed("12月2日"), day("2025-12-02"));
        assert_eq!(typed("2 Dec"), day("2025-12-02"));
        assert_eq!(typed("2026-12-02"), day("2026-12-02"));
        assert_eq!(typed("2月29日"), day("2024-02-29"));
        let days = Days::typed("29 Feb", Date::parse("2103-12-01").unwrap());
        assert_eq!(days, day("2096-02-29"));
    }

    #[test]
    fn other_texts_are_no_days() {
        for text in [
            "",
            "11-29",
            "2026-11",
            "2026-11-31",
            "2月30日",
            "11月",
            "29",
            "may",
            "class 7",
            "7 ma",
            "yesterday’s",
            "昨天的会",
            "192.168.0.1",
            "26-11-29",
        ] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
