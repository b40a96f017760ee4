use leptos::prelude::*;
use reelroom_domain::view::{Library, RecordingRow};

use super::{
    Asked,
    days::{Day, Line, lines},
    nothing::Nothing,
    row::Row,
};
use crate::{
    clock::ServerClock,
    components::Each,
    i18n::{Locale, td_string, use_i18n},
    in_app::InApp,
    paths, words,
    zone::Zone,
};

/// `1 recording`, `128 recordings`.
pub fn count(locale: Locale, recordings: u64) -> String {
    if recordings == 1 {
        td_string!(locale, library.recordings_one).to_owned()
    } else {
        td_string!(
            locale,
            library.recordings_many,
            count = recordings.to_string()
        )
    }
}

/// The recordings, grouped by day, and the way to older ones.
#[component]
pub fn Results(
    /// What was found.
    library: Signal<Library>,
    /// What was asked.
    asked: Memo<Asked>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let in_app = InApp::expect();
    let lines =
        Memo::new(move |_| library.with(|library| lines(&library.recordings, |at| zone.civil(at))));
    let nothing = Memo::new(move |_| library.with(|library| library.recordings.is_empty()));
    let older =
        move || {
            library.with(|library| {
                let before = library.older.as_deref()?;
                Some(asked.with(|asked| {
                    paths::library(&in_app.get(), &asked.search, &asked.room, before)
                }))
            })
        };
    let newest = move || {
        asked.with(|asked| {
            (!asked.before.is_empty())
                .then(|| paths::library(&in_app.get(), &asked.search, &asked.room, ""))
        })
    };
    view! {
        <p class="result" role="status">
            <span class="strong num">
                {move || count(i18n.get_locale(), library.with(|library| library.total).into())}
            </span>
        </p>
        {move || {
            if nothing.get() {
                view! { <Nothing asked=asked.get() /> }.into_any()
            } else {
                view! {
                    <table class="table recs" aria-label=say!(i18n, library.table)>
                        <thead>
                            <tr>
                                <th class="c-pic">
                                    <span class="sr">{say!(i18n, library.picture)}</span>
                                </th>
                                <th class="c-name">{say!(i18n, library.recording)}</th>
                                <th class="c-start">{say!(i18n, library.started)}</th>
                                <th class="c-len r">{say!(i18n, library.length)}</th>
                                <th class="c-size r">{say!(i18n, library.size)}</th>
                                <th class="c-files r">{say!(i18n, library.files)}</th>
                                <th class="c-state">{say!(i18n, library.state)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <Each of=lines key=Line::key let:line>
                                <AnyLine line=line />
                            </Each>
                        </tbody>
                    </table>
                }
                    .into_any()
            }
        }}
        <nav class="pager" aria-label=say!(i18n, library.older)>
            {move || {
                newest()
                    .map(|href| {
                        view! {
                            <a class="btn quiet" href=href>
                                {say!(i18n, library.newest)}
                            </a>
                        }
                    })
            }}
            {move || {
                older()
                    .map(|href| {
                        view! {
                            <a class="btn" href=href>
                                {say!(i18n, library.older)}
                            </a>
                        }
                    })
            }}
        </nav>
    }
}

/// A line is of the same kind for as long as it is there: its key says so.
#[component]
fn AnyLine(line: Memo<Line>) -> impl IntoView {
    match line.get_untracked() {
        Line::Day(first) => {
            let day = Memo::new(move |last: Option<&Day>| match line.get() {
                Line::Day(day) => day,
                Line::Recording(_) => *last.unwrap_or(&first),
            });
            view! { <DayHead day=day /> }.into_any()
        }
        Line::Recording(first) => {
            let row = Memo::new(move |last: Option<&RecordingRow>| match line.get() {
                Line::Recording(row) => row,
                Line::Day(_) => last.unwrap_or(&first).clone(),
            });
            view! { <Row row=row /> }.into_any()
        }
    }
}

/// What a day came to.
#[component]
fn DayHead(day: Memo<Day>) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let clock = ServerClock::expect();
    let head = move || {
        let now = zone.civil(clock.minute());
        words::day_heading(i18n.get_locale(), day.with(|day| day.at), now)
    };
    let sum = move || {
        let locale = i18n.get_locale();
        let Day {
            recordings, bytes, ..
        } = day.get();
        td_string!(
            locale,
            library.day_sum,
            count = count(locale, recordings),
            size = words::bytes(locale, bytes)
        )
    };
    view! {
        <tr class="day">
            <th colspan="7" scope="colgroup">
                {head} <span>{sum}</span>
            </th>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(count(Locale::en, 1), "1 recording");
        assert_eq!(count(Locale::en, 0), "0 recordings");
        assert_eq!(count(Locale::zh_CN, 2), "2 个录像");
    }
}
