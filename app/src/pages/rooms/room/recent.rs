//! The recordings of this room, newest first.

use leptos::prelude::*;
use reelroom_domain::{
    recording::Origin,
    view::{RecordingRow, RoomView},
};

use crate::{
    components::{FileName, LedgerBar, Time, row_tag},
    current_app::CurrentApp,
    i18n::td,
    paths,
    this_page::locale,
    words,
};

/// The table, and a link to all recordings of the room.
pub fn recent(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let all = paths::library(CurrentApp::expect().as_str(), &view.room);
    let word = match view.recorded_times {
        0 => None,
        1 => Some(say!(locale, library.recordings_one).into_any()),
        n => Some(td!(locale, rooms.recent.all, n).into_any()),
    };
    let table = if view.recent.is_empty() {
        view! { <p class="inset none">{say!(locale, rooms.recent.none)}</p> }.into_any()
    } else {
        view! {
            <div class="today">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{say!(locale, common.word.started)}</th>
                            <th scope="col">{say!(locale, common.word.length)}</th>
                            <th scope="col">{say!(locale, common.word.file_name)}</th>
                            <th scope="col">{say!(locale, common.files.expected)}</th>
                            <th scope="col">{say!(locale, common.word.state)}</th>
                        </tr>
                    </thead>
                    <tbody>{view.recent.iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="wide recent" aria-labelledby="recent-h">
            <div class="today-h">
                <h2 id="recent-h">{say!(locale, rooms.recent.title)}</h2>
                {word.map(|word| view! { <a class="more" href=all>{word}</a> })}
            </div>
            {table}
        </section>
    }
}

fn row(row: &RecordingRow) -> impl IntoView + use<> {
    let locale = locale();
    let nothing = row.nothing_recorded();
    let length = words::known_length(row.length);
    let length = match (length, nothing) {
        (Some(_), _) => view! { <td class="num">{words::length(locale, length)}</td> }.into_any(),
        (None, Some(_)) => view! { <td class="muted">"–"</td> }.into_any(),
        (None, None) => view! { <td class="muted">{words::length(locale, None)}</td> }.into_any(),
    };
    let name = match (row.file_name.clone(), nothing) {
        (Some(name), _) => view! { <td class="fn"><FileName name=name /></td> }.into_any(),
        (None, Some(failed)) => {
            view! { <td class="fn muted">{words::failed_start(locale, failed)}</td> }.into_any()
        }
        (None, None) => {
            view! { <td class="fn muted">{say!(locale, rooms.recent.no_name)}</td> }.into_any()
        }
    };
    let files = if nothing.is_some() {
        view! { <span class="muted">"–"</span> }.into_any()
    } else if row.ledger.arrived() == 0 && row.stopped_at.is_none() {
        let word = if row.state.is_active() {
            say!(locale, rooms.recent.no_files_yet)
        } else {
            say!(locale, rooms.recent.no_files)
        };
        view! { <span class="muted">{word}</span> }.into_any()
    } else {
        view! { <LedgerBar ledger=row.ledger /> }.into_any()
    };
    let auto = (row.origin == Origin::AutoRecorded)
        .then(|| view! { " " <span class="tag">{say!(locale, library.auto)}</span> });
    let page = CurrentApp::expect().to(&paths::recording(row.id));
    view! {
        <tr id=format!("recent-{}", row.id)>
            <td class="nowrap"><a href=page><Time at=row.began_at() /></a></td>
            {length}
            {name}
            <td>{files}</td>
            <td>{row_tag(row)} {auto}</td>
        </tr>
    }
}
