//! The number of recordings, their order and view, and the recordings by day with links to other pages.

mod pager;

use std::iter::once;

use leptos::prelude::*;
use reelroom_domain::{
    find::{Count, Find, Sort},
    time::Civil,
    user::Role,
    view::{Library, RecordingRow},
};
use strum::VariantArray;

use self::pager::pager;
use super::{
    bar::export_link,
    filter::{Filter, address_in, fields, is_grid},
    narrow,
    row::row,
    selection::{all_bar, head},
};
use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    i18n::Locale,
    query::Query,
    reader::Reader,
    words::{self, TimeStyle},
};

/// The size of all files in bytes.
fn bytes(rows: &[RecordingRow]) -> u64 {
    let sizes = rows.iter().map(|row| row.bytes);
    sizes.fold(0, u64::saturating_add)
}

/// The number of recordings that the reader has not opened.
fn unseen(rows: &[RecordingRow]) -> usize {
    rows.iter().filter(|row| !row.seen).count()
}

/// `1 recording`, `1,284 recordings`; of failed starts, `1 failed start`.
pub fn number(locale: Locale, tries: bool, count: Count) -> String {
    if tries && count.n == 1 && !count.more {
        say!(locale, library.tries_one).to_owned()
    } else if tries {
        say!(locale, library.tries_many, count = words::count(count))
    } else {
        words::recordings(locale, count)
    }
}

/// The recordings with their titles, tags and notes.
pub fn results(library: &Library, filter: &Filter, role: Role) -> impl IntoView + use<> {
    let locale = Reader::expect().locale;
    let number = number(locale, filter.tries(), library.total);
    let sums = library
        .sums
        .filter(|_| !filter.tries() && library.total.n > 0);
    let sums = sums.map(|(bytes, millis)| {
        let size = words::bytes(locale, bytes);
        let length = match millis {
            0 => words::length(locale, None),
            millis => words::short_length(locale, millis),
        };
        view! { " " <span class="muted">{say!(locale, library.sums, size, length)}</span> }
    });
    view! {
        <div class="result">
            <p role="status">
                <span class="strong num">{number}</span>
                {sums}
            </p>
            {export_link(filter)}
            {sort(locale, &filter.find)}
            {view_switch(locale, &filter.find)}
        </div>
        {all_bar(library, filter)}
        {table(library, filter, role)}
        {pager(library, filter)}
    }
}

/// The order. Its form is sent when it changes; without scripts it has a button.
fn sort(locale: Locale, find: &Find) -> impl IntoView + use<> {
    let option = |sort: &Sort| {
        let word = match sort {
            Sort::Newest => say!(locale, library.sort.newest),
            Sort::Oldest => say!(locale, library.sort.oldest),
            Sort::Longest => say!(locale, library.sort.longest),
            Sort::Largest => say!(locale, library.sort.largest),
            Sort::Room => say!(locale, library.sort.room),
        };
        let is_on = *sort == find.sort;
        view! { <option value=sort.as_str() selected=is_on>{word}</option> }
    };
    view! {
        <form action=narrow::PATH data-follow="">
            {CurrentApp::expect().field()}
            {fields(find, &["sort"])}
            <input type="hidden" name="show" value="yes" />
            <select class="select auto" name="sort" aria-label=say!(locale, library.sort.title)>
                {Sort::VARIANTS.iter().map(option).collect_view()}
            </select>
            <button class="btn unscripted">{say!(locale, library.sort.apply)}</button>
        </form>
    }
}

/// The switch between list and grid. The key V presses the one that is off.
fn view_switch(locale: Locale, find: &Find) -> impl IntoView + use<> {
    let now = is_grid(&expect_context::<Query>());
    let link = |grid: bool, glyph: Glyph, word: &'static str| {
        let is_on = grid == now;
        view! {
            <a
                href=address_in(&CurrentApp::expect(), find, None, grid)
                title=word
                aria-label=word
                aria-current=is_on.then_some("true")
                data-key=(!is_on).then_some("v")
                data-does=say!(locale, library.view.switch)
                data-turbo-action="replace"
            >
                <Icon glyph=glyph />
            </a>
        }
    };
    view! {
        <nav class="seg" aria-label=say!(locale, library.view.title)>
            {link(false, Glyph::List, say!(locale, library.view.list))}
            {link(true, Glyph::Grid, say!(locale, library.view.grid))}
        </nav>
    }
}

/// The recordings of this page; by day where they are in the order of their starts. Nothing if there are none.
fn table(library: &Library, filter: &Filter, role: Role) -> Option<AnyView> {
    let Reader { locale, zone, .. } = Reader::expect();
    if library.recordings.is_empty() {
        return None;
    }
    let find = &filter.find;
    let by_day = matches!(find.sort, Sort::Newest | Sort::Oldest);
    let style = if by_day {
        TimeStyle::Clock
    } else {
        TimeStyle::Near
    };
    let (troubles, may_record) = (&library.trouble.recordings, role.may_record());
    let row = |of: &RecordingRow| row(of, find, troubles.get(&of.id), may_record, style).into_any();
    let lines: Vec<AnyView> = if by_day {
        let days = zone.by_day(&library.recordings, RecordingRow::began_at);
        let lines = days.into_iter().flat_map(|(day, rows)| {
            let head = day_head(day, rows, filter.tries()).into_any();
            once(head).chain(rows.iter().map(row))
        });
        lines.collect()
    } else {
        library.recordings.iter().map(row).collect()
    };
    let table = view! {
        <table class="table recs" aria-label=say!(locale, common.word.recordings)>
            <thead>
                <tr>
                    <th class="c-check">{head(library)}</th>
                    <th class="c-pic">
                        <span class="sr">{say!(locale, common.word.picture)}</span>
                    </th>
                    <th class="c-name">{say!(locale, common.word.recording)}</th>
                    <th class="c-start">{say!(locale, common.word.started)}</th>
                    <th class="c-len r">{say!(locale, common.word.length)}</th>
                    <th class="c-size r">{say!(locale, common.word.size)}</th>
                    <th class="c-files r">{say!(locale, common.word.files)}</th>
                    <th class="c-state">{say!(locale, common.word.state)}</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    };
    Some(table.into_any())
}

/// The heading of a day with its totals; failed starts have no files.
fn day_head(day: Civil, rows: &[RecordingRow], tries: bool) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    let count = Count {
        n: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        more: false,
    };
    let mut sum = number(locale, tries, count);
    if !tries {
        let (count, size) = (sum, words::bytes(locale, bytes(rows)));
        sum = say!(locale, library.day_sum, count, size);
        let n = unseen(rows);
        if n > 0 {
            sum = say!(locale, library.day_unseen, sum, n);
        }
    }
    view! {
        <tr class="day">
            <th colspan="8" scope="colgroup">
                {words::day_heading(locale, day, reader.today())} " " <span>{sum}</span>
            </th>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;
    use crate::{reader::Zone, samples::recording_row};

    const HOUR: i64 = 3_600_000;

    fn row(requested_at: i64) -> RecordingRow {
        RecordingRow {
            seen: requested_at > 15 * HOUR,
            bytes: 5,
            ..recording_row(Timestamp::from_millis(requested_at))
        }
    }

    #[test]
    fn midnight_is_the_readers() {
        let days = |rows: &[RecordingRow], zone: &str| -> Vec<_> {
            let days = Zone::find(zone)
                .unwrap()
                .by_day(rows, RecordingRow::began_at);
            days.into_iter()
                .map(|(_, rows)| (rows.len(), bytes(rows), unseen(rows)))
                .collect()
        };
        // 17:00 and 15:00 UTC: two days in Shanghai, one in UTC.
        let rows = [row(17 * HOUR), row(15 * HOUR), row(14 * HOUR)];
        assert_eq!(days(&rows, "Asia/Shanghai"), [(1, 5, 0), (2, 10, 2)]);
        assert_eq!(days(&rows, "UTC"), [(3, 15, 2)]);
        assert_eq!(days(&[], "UTC"), []);
    }

    #[test]
    fn one_is_not_many() {
        let number = |locale, tries, rows| number(locale, tries, Count::of(rows));
        assert_eq!(number(Locale::en, false, 1), "1 recording");
        assert_eq!(number(Locale::en, true, 1), "1 failed start");
        assert_eq!(number(Locale::en, true, 1284), "1,284 failed starts");
    }
}
