//! The calendar beside the list: a month whose days are shaded by their number of recordings. A day is a link to its
//! recordings; a drag over several lists those of all of them (`calendar.js`).

use leptos::prelude::*;
use reelroom_domain::{
    find::{Date, Days, Find, Month},
    time::{Civil, Timestamp},
};
use reelroom_service::{Between, LibraryQuery, MOST_ON_A_DAY, ServiceError};

use super::filter::{Filter, address};
use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    paths,
    query::Query,
    this_page::locale,
    visit::Visit,
    words,
};

/// The parameter of an address with the month that is shown.
const MONTH: &str = "month";
/// The number of shades.
const LEVELS: u32 = 4;
/// The number of cells, so that every month is as high as the others.
const CELLS: usize = 6 * 7;

/// The month of the epoch, for a clock that is beyond the calendar.
const FIRST: Month = Month {
    year: 1970,
    month: 1,
};

/// A month of a list.
pub struct Calendar {
    month: Month,
    today: Option<Date>,
    /// The weekday of the first day, from 0 (Monday).
    lead: usize,
    days: Vec<Day>,
}

/// A day of the calendar.
struct Day {
    date: Date,
    /// When it begins, in the reader's zone.
    at: Civil,
    recordings: u32,
    /// Its place among the days that the list is narrowed to: empty if it is none of them, else `in`, with `first` or
    /// `last`.
    range: String,
}

impl Calendar {
    /// Loads the month that the address names, or else that of the days which the list of `query` is narrowed to, or
    /// else the present one.
    pub async fn load(visit: &Visit, query: &LibraryQuery) -> Result<Self, ServiceError> {
        let Visit { reader, .. } = visit;
        let today = reader.date();
        let month = month_of(&visit.query, query.find.days, today);
        let dates: Vec<Date> = month.dates().collect();
        let days = dates
            .iter()
            .filter_map(|date| reader.zone.day(&date.to_string()));
        let days: Vec<(Timestamp, Timestamp)> = days.collect();
        let begins = days.iter().map(|(begin, _)| *begin);
        let midnights: Vec<Timestamp> = begins.chain(days.last().map(|(_, end)| *end)).collect();
        let counts = visit.service.calendar(&visit.me, query, &midnights).await?;
        let lead = midnights
            .first()
            .map_or(0, |first| reader.zone.civil(*first).weekday.into());
        let days = dates.into_iter().zip(days).zip(counts);
        let days = days.map(|((date, day), recordings)| Day {
            date,
            at: reader.zone.civil(day.0),
            recordings,
            range: range(query.between, day),
        });
        Ok(Self {
            month,
            today,
            lead,
            days: days.collect(),
        })
    }
}

fn month_of(query: &Query, days: Option<Days>, today: Option<Date>) -> Month {
    let chosen = match days {
        Some(Days::Between(from, to)) => from.or(to),
        Some(Days::Last(_)) | None => None,
    };
    let named = Month::parse(query.get(MONTH));
    named.unwrap_or_else(|| chosen.or(today).map_or(FIRST, Month::from))
}

/// See [`Day::range`]; `day` is when it begins and ends.
fn range((from, until): Between, (begin, end): (Timestamp, Timestamp)) -> String {
    let is_in = from.is_none_or(|from| from <= begin) && until.is_none_or(|until| end <= until);
    let is_narrow = from.is_some() || until.is_some();
    if !is_in || !is_narrow {
        return String::new();
    }
    let first = if from == Some(begin) { " first" } else { "" };
    let last = if until == Some(end) { " last" } else { "" };
    format!("in{first}{last}")
}

/// The button that opens the calendar where there is no place for it beside the list.
pub fn calendar_button() -> impl IntoView {
    let locale = locale();
    view! {
        <button
            type="button"
            class="btn quiet icon cal-open"
            popovertarget="calendar"
            aria-label=say!(locale, calendar.title)
        >
            <Icon glyph=Glyph::Calendar />
        </button>
    }
}

/// The calendar of the list of `filter`.
pub fn calendar(of: &Calendar, filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let most = of.days.iter().map(|day| day.recordings).max();
    let days = of.days.iter();
    let days = days.map(|day| cell(locale, of, day, most.unwrap_or_default(), &filter.find));
    let days = days.collect_view();
    view! {
        <section class="cal" id="calendar" popover="auto" aria-labelledby="calendar-h">
            <div class="cal-h">
                <h2 id="calendar-h">{words::month_year(locale, of.month)}</h2>
                {steps(locale, of, filter)}
            </div>
            <div class="cal-d">
                {weekdays(locale)}
                {others(of.month.earlier(), of.lead)}
                {days}
                {after(of)}
            </div>
            <p class="legend">
                {say!(locale, calendar.few)}
                <i class="l1"></i>
                <i class="l2"></i>
                <i class="l3"></i>
                <i class="l4"></i>
                {say!(locale, calendar.many)}
            </p>
        </section>
    }
}

/// The links to the months before and after; none to a future month.
fn steps(locale: Locale, of: &Calendar, filter: &Filter) -> impl IntoView + use<> {
    let here = address(&filter.find, filter.page);
    let step = |month: Option<Month>, glyph: Glyph, word: &'static str| match month {
        Some(month) => {
            let href = paths::with_query(&here, &[(MONTH, &month.to_string())]);
            view! {
                <a class="btn quiet icon" href=href aria-label=word data-turbo-action="replace">
                    <Icon glyph=glyph />
                </a>
            }
            .into_any()
        }
        None => view! { <i></i> }.into_any(),
    };
    let present = of.today.map(Month::from);
    let later = of.month.later().filter(|later| Some(*later) <= present);
    let earlier = of.month.earlier();
    view! {
        {step(earlier, Glyph::Left, say!(locale, calendar.earlier))}
        {step(later, Glyph::Right, say!(locale, calendar.later))}
    }
}

fn weekdays(locale: Locale) -> impl IntoView {
    let words = [
        say!(locale, calendar.weekday.d0),
        say!(locale, calendar.weekday.d1),
        say!(locale, calendar.weekday.d2),
        say!(locale, calendar.weekday.d3),
        say!(locale, calendar.weekday.d4),
        say!(locale, calendar.weekday.d5),
        say!(locale, calendar.weekday.d6),
    ];
    let words = words.into_iter();
    let words = words.map(|word| view! { <span aria-hidden="true">{word}</span> });
    words.collect_view()
}

/// The last `n` days of a month, before the first of the month that is shown.
fn others(month: Option<Month>, n: usize) -> impl IntoView + use<> {
    let dates: Vec<Date> = month.into_iter().flat_map(Month::dates).collect();
    let from = dates.len().saturating_sub(n);
    let days = dates.into_iter().skip(from).map(|date| date.day);
    days.map(other).collect_view()
}

/// The first days of the month after.
fn after(of: &Calendar) -> impl IntoView + use<> {
    let n = CELLS.saturating_sub(of.lead + of.days.len());
    (1..).take(n).map(other).collect_view()
}

/// A day of another month.
fn other(day: i8) -> impl IntoView {
    view! { <i aria-hidden="true"><b>{day}</b></i> }
}

/// A day: a link to its recordings. A day to come is none.
fn cell(locale: Locale, of: &Calendar, day: &Day, most: u32, find: &Find) -> AnyView {
    let Day {
        date,
        at,
        recordings,
        range,
    } = day;
    let range = (!range.is_empty()).then(|| range.clone());
    if *recordings == 0 && Some(*date) > of.today {
        return view! { <i aria-hidden="true" data-range=range><b>{date.day}</b></i> }.into_any();
    }
    let of_day = Find {
        days: Some(Days::on(*date)),
        ..find.clone()
    };
    view! {
        <a
            class=format!("l{}", level(*recordings, most))
            href=address(&of_day, None)
            data-closes=""
            data-range=range
            aria-label=name(locale, *at, *recordings)
            aria-current=(Some(*date) == of.today).then_some("date")
        >
            <b>{date.day}</b>
        </a>
    }
    .into_any()
}

/// The shade of a day, where the day with most has `most`: 0 is none.
fn level(recordings: u32, most: u32) -> u32 {
    (recordings * LEVELS).div_ceil(most.max(1))
}

/// `2 November, 9 recordings`.
fn name(locale: Locale, at: Civil, recordings: u32) -> String {
    let day = words::day(locale, at, at);
    match recordings {
        0 => say!(locale, calendar.day_none, day),
        1 => say!(locale, calendar.day_single, day),
        MOST_ON_A_DAY => say!(
            locale,
            calendar.day_many,
            day,
            n = format!("{MOST_ON_A_DAY}+")
        ),
        n => say!(locale, calendar.day_many, day, n = n.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_that_of_the_address() {
        let today = Date::parse("2026-11-22");
        for (query, month) in [
            ("", "2026-11"),
            ("last=7", "2026-11"),
            ("from=2026-09-30&to=2026-10-02", "2026-09"),
            ("to=2026-10-02", "2026-10"),
            ("from=2026-09-30&month=2025-01", "2025-01"),
            ("month=2025-13", "2026-11"),
        ] {
            let query = Query::parse(query);
            let days = Find::of(query.pairs()).days;
            assert_eq!(month_of(&query, days, today).to_string(), month);
        }
    }

    #[test]
    fn a_range_has_its_ends() {
        let at = Timestamp::from_millis;
        let day = (at(10), at(20));
        for (from, until, expected) in [
            (None, None, ""),
            (Some(10), Some(20), "in first last"),
            (Some(0), Some(20), "in last"),
            (Some(10), None, "in first"),
            (Some(0), Some(30), "in"),
            (Some(20), Some(30), ""),
            (None, Some(10), ""),
        ] {
            assert_eq!(range((from.map(at), until.map(at)), day), expected);
        }
    }

    #[test]
    fn days_are_shaded_by_their_number() {
        let levels = |most| [0, 1, 4, 5, 8, 9, 12, 16].map(|n| level(n, most));
        assert_eq!(levels(16), [0, 1, 1, 2, 2, 3, 3, 4]);
        assert_eq!((level(0, 0), level(1, 1), level(1, 2)), (0, 4, 2));
    }

    #[test]
    fn a_day_has_a_name() {
        // A Sunday in November.
        let day = Civil::at(Timestamp::from_millis(1_795_328_825_000), 0);
        assert_eq!(name(Locale::en, day, 9), "22 November, 9 recordings");
        assert_eq!(name(Locale::en, day, 1), "22 November, 1 recording");
        assert_eq!(name(Locale::en, day, 0), "22 November, no recordings");
        assert_eq!(name(Locale::en, day, 100), "22 November, 100+ recordings");
        assert_eq!(name(Locale::zh_CN, day, 9), "11月22日，9 个录像");
    }
}
