//! Days and months of the calendar.

use std::fmt;

use crate::time::Civil;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, from 1970 to 9999.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
    /// The day of the month, from 1.
    pub day: i8,
}

impl Date {
    /// The day with this year, month and day of the month; `None` if there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let of = Month { year, month };
        let is_date = of.is_valid() && (1..=of.days()).contains(&day);
        is_date.then_some(Self { year, month, day })
    }

    /// Parses `2026-11-22`.
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = text.split('-').collect::<Vec<_>>().try_into().ok()?;
        let date = Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        date.filter(|_| text.len() == 10)
    }

    /// The day of a local time; `None` outside the years 1970 to 9999.
    pub fn of(at: Civil) -> Option<Self> {
        let (year, month) = (at.year.try_into().ok()?, at.month.try_into().ok()?);
        Self::new(year, month, at.day.try_into().ok()?)
    }

    /// The day before it; `None` before the first one.
    pub fn earlier(self) -> Option<Self> {
        if self.day > 1 {
            let day = self.day - 1;
            return Some(Self { day, ..self });
        }
        let of = Month::from(self).earlier()?;
        Self::new(of.year, of.month, of.days())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days in the reader's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Days {
    /// The last n days, today included; n is at least 1.
    Last(u16),
    /// From the first day to the last one, both included; `None` is no bound.
    Between(Option<Date>, Option<Date>),
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year, from 1970 to 9999.
    pub year: i16,
    /// The month, from 1.
    pub month: i8,
}

impl Month {
    /// Parses `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        Date::parse(&format!("{text}-01")).map(Self::from)
    }

    fn is_valid(self) -> bool {
        (1970..=9999).contains(&self.year) && (1..=12).contains(&self.month)
    }

    /// The number of its days.
    pub const fn days(self) -> i8 {
        let Self { year, month } = self;
        match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Its days.
    pub fn dates(self) -> impl Iterator<Item = Date> {
        let Self { year, month } = self;
        (1..=self.days()).map(move |day| Date { year, month, day })
    }

    /// The month before it; `None` before the first one.
    pub fn earlier(self) -> Option<Self> {
        self.plus(-1)
    }

    /// The month after it; `None` after the last one.
    pub fn later(self) -> Option<Self> {
        self.plus(1)
    }

    fn plus(self, months: i32) -> Option<Self> {
        let count = i32::from(self.year) * 12 + i32::from(self.month) - 1 + months;
        let month = Self {
            year: (count / 12).try_into().ok()?,
            month: (count % 12 + 1).try_into().ok()?,
        };
        month.is_valid().then_some(month)
    }
}

impl From<Date> for Month {
    fn from(Date { year, month, .. }: Date) -> Self {
        Self { year, month }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_their_days() {
        for (text, days) in [
            ("2026-11", 30),
            ("2026-12", 31),
            ("2027-02", 28),
            ("2028-02", 29),
            ("2100-02", 28),
        ] {
            let month = Month::parse(text).unwrap();
            assert_eq!((month.days(), month.to_string().as_str()), (days, text));
            assert_eq!(month.dates().count(), usize::try_from(days).unwrap());
        }
        for text in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "2026-11-01",
            "1969-12",
        ] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_follow_each_other() {
        let day = Date::parse;
        for (date, earlier) in [
            ("2026-11-22", day("2026-11-21")),
            ("2026-12-01", day("2026-11-30")),
            ("2027-01-01", day("2026-12-31")),
            ("2028-03-01", day("2028-02-29")),
            ("1970-01-01", None),
        ] {
            assert_eq!(day(date).unwrap().earlier(), earlier, "{date}");
        }
    }

    #[test]
    fn months_follow_each_other() {
        let month = |text| Month::parse(text);
        assert_eq!(month("2026-12").unwrap().later(), month("2027-01"));
        assert_eq!(month("2027-01").unwrap().earlier(), month("2026-12"));
        assert_eq!(month("2026-11").unwrap().later(), month("2026-12"));
        assert_eq!(month("1970-01").unwrap().earlier(), None);
        assert_eq!(month("9999-12").unwrap().later(), None);
    }
}
