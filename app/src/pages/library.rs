//! `/recordings`: the recordings by day. Search, room and cursor are in the address.

mod filter;
mod row;
mod selection;

use std::iter::once;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{
    time::{Civil, Timestamp},
    trouble::Trouble,
    user::Role,
    view::{Library, PageAt, RecordingRow},
};

use self::{
    filter::{Filter, IN_TROUBLE, address, form, nothing},
    row::row,
    selection::bar,
};
use crate::{
    components::{Banner, ErrorNote},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    i18n::Locale,
    paths,
    reader::Reader,
    server_fns::RetryFiles,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The library.
pub async fn library(visit: Visit) -> Response {
    let filter = Filter::of(&visit.query);
    let library = match filter.query(&visit.reader, &visit.app) {
        Ok(query) => visit
            .service
            .library(&visit.me, query)
            .await
            .map_err(ApiError::from),
        Err(error) => Err(error),
    };
    let role = visit.me.role();
    visit
        .answer(library, |library| {
            let locale = locale();
            let title = library
                .recordings
                .first()
                .map_or("", |row| row.title.as_str());
            let main = view! {
                <main class="sheet lib" id="content" data-page="library">
                    <header class="lib-h"><h1>{say!(locale, library.title)}</h1></header>
                    <div class="lib-b scroll" tabindex="-1">
                        {form(&filter, title, library.tries)}
                        {in_trouble(&library.trouble.all, &filter)}
                        {results(&library, &filter, role)}
                    </div>
                    {may_download(&library).then(bar)}
                </main>
            };
            Page::new(say!(locale, library.title), main)
        })
        .await
}

struct Day<'a> {
    /// A time on that day, in the reader's zone.
    at: Civil,
    rows: &'a [RecordingRow],
}

impl Day<'_> {
    /// The size of all files in bytes.
    fn bytes(&self) -> u64 {
        let sizes = self.rows.iter().map(|row| row.bytes);
        sizes.fold(0, u64::saturating_add)
    }
}

fn days(rows: &[RecordingRow], civil: impl Fn(Timestamp) -> Civil) -> Vec<Day<'_>> {
    let date = |row: &RecordingRow| {
        let at = civil(row.began_at());
        (at.year, at.month, at.day)
    };
    let days = rows.chunk_by(|a, b| date(a) == date(b));
    let at = |rows: &[RecordingRow]| civil(rows[0].began_at());
    days.map(|rows| Day { at: at(rows), rows }).collect()
}

/// `1 recording`, `128 recordings`; of failed starts, `1 failed start`.
fn count(locale: Locale, tries: bool, rows: u64) -> String {
    match (tries, rows) {
        (false, 1) => say!(locale, library.recordings_one).to_owned(),
        (false, n) => say!(locale, library.recordings_many, count = n.to_string()),
        (true, 1) => say!(locale, library.tries_one).to_owned(),
        (true, n) => say!(locale, library.tries_many, count = n.to_string()),
    }
}

/// The number of files in trouble, with a link to their recordings; nothing if there are none.
fn in_trouble(all: &Trouble, filter: &Filter) -> impl IntoView + use<> {
    let Reader { locale, now, .. } = Reader::expect();
    let error = failed::<RetryFiles>().map(|error| view! { <ErrorNote error=error /> });
    let link = (!filter.find.has(&IN_TROUBLE)).then(|| {
        let href = paths::in_trouble(CurrentApp::expect().as_str());
        let word = say!(locale, library.show_in_trouble);
        view! { <div class="btns"><a class="btn" href=href>{word}</a></div> }
    });
    let banner = (all.files() > 0).then(|| {
        view! { <Banner title=words::no_copy(locale, all, now)>{link}</Banner> }
    });
    (error, banner)
}

/// Whether some of the recordings may be chosen for a download.
fn may_download(library: &Library) -> bool {
    library.recordings.iter().any(|row| row.may_download)
}

/// The recordings by day, and links to newer and older ones.
fn results(library: &Library, filter: &Filter, role: Role) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let link = |class: &'static str, page: Option<PageAt>, word: &'static str| {
        view! { <a class=class href=address(&filter.find, page) data-walk="">{word}</a> }
    };
    let older = library
        .older
        .map(|page| link("btn", Some(page), say!(locale, library.older)));
    let newest = filter
        .page
        .map(|_| link("btn quiet", None, say!(locale, library.newest)));
    let days = days(&library.recordings, |at| zone.civil(at));
    let (troubles, may_record) = (&library.trouble.recordings, role.may_record());
    let lines = days.iter().flat_map(|day| {
        let rows = day.rows.iter();
        let rows =
            rows.map(move |of| row(of, &filter.find, troubles.get(&of.id), may_record).into_any());
        once(day_head(day, filter.tries()).into_any()).chain(rows)
    });
    let select = may_download(library)
        .then(|| view! { <span class="sr">{say!(locale, library.selection.select)}</span> });
    let table = if days.is_empty() {
        nothing(filter).into_any()
    } else {
        view! {
            <table class="table recs" aria-label=say!(locale, library.table)>
                <thead>
                    <tr>
                        <th class="c-check">{select}</th>
                        <th class="c-pic">
                            <span class="sr">{say!(locale, library.picture)}</span>
                        </th>
                        <th class="c-name">{say!(locale, library.recording)}</th>
                        <th class="c-start">{say!(locale, library.started)}</th>
                        <th class="c-len r">{say!(locale, library.length)}</th>
                        <th class="c-size r">{say!(locale, library.size)}</th>
                        <th class="c-files r">{say!(locale, library.files)}</th>
                        <th class="c-state">{say!(locale, library.state)}</th>
                    </tr>
                </thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <p class="result" role="status">
            <span class="strong num">{count(locale, filter.tries(), library.total.n.into())}</span>
        </p>
        {table}
        <nav class="pager" aria-label=say!(locale, library.older)>
            {newest}
            {older}
        </nav>
    }
}

/// The heading of a day with its totals; failed starts have no files.
fn day_head(day: &Day<'_>, tries: bool) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    let count = count(locale, tries, day.rows.len() as u64);
    let sum = if tries {
        count
    } else {
        let size = words::bytes(locale, day.bytes());
        say!(locale, library.day_sum, count, size)
    };
    view! {
        <tr class="day">
            <th colspan="8" scope="colgroup">
                {words::day_heading(locale, day.at, reader.today())} " " <span>{sum}</span>
            </th>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        about::{RecordingTitle, Tags},
        ledger::{Lateness, Ledger},
        recording::{Origin, RecordingState},
        room::RoomId,
    };

    use super::*;

    const HOUR: i64 = 3_600_000;

    fn row(requested_at: i64) -> RecordingRow {
        RecordingRow {
            id: format!("{requested_at:032x}").parse().unwrap(),
            room: RoomId::new("r").unwrap(),
            title: String::new(),
            own_title: RecordingTitle::default(),
            tags: Tags::default(),
            seen: true,
            origin: Origin::Started,
            state: RecordingState::Ready,
            requested_at: Timestamp::from_millis(requested_at),
            started_at: None,
            stopped_at: None,
            length: None,
            file_name: None,
            ledger: Ledger::default(),
            lateness: Lateness::InTime,
            failed: None,
            bytes: 5,
            archived: 0,
            thumbnail: None,
            may_download: true,
        }
    }

    #[test]
    fn midnight_is_the_readers() {
        let days = |rows: &[RecordingRow], zone_hours: i32| -> Vec<_> {
            let days = days(rows, |at| Civil::at(at, zone_hours * 3600));
            days.iter()
                .map(|day| (day.rows.len(), day.bytes()))
                .collect()
        };
        // 17:00 and 15:00 UTC: two days in Shanghai, one in London.
        let rows = [row(17 * HOUR), row(15 * HOUR), row(14 * HOUR)];
        assert_eq!(days(&rows, 8), [(1, 5), (2, 10)]);
        assert_eq!(days(&rows, 0), [(3, 15)]);
        assert_eq!(days(&[], 0), []);
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(Locale::en, false, 1), "1 recording");
        assert_eq!(count(Locale::en, false, 0), "0 recordings");
        assert_eq!(count(Locale::en, true, 1), "1 failed start");
        assert_eq!(count(Locale::zh_CN, false, 2), "2 个录像");
    }
}
