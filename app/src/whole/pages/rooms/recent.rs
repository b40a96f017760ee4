//! The recordings of this room, newest first.

use leptos::prelude::*;
use reelroom_domain::{
    recording::Origin,
    time::clock_length,
    view::{RecordingRow, RoomView},
};

use crate::{
    i18n::{t, use_i18n},
    paths,
    whole::components::{Each, FileName, Glyph, Icon, LedgerBar, StateTag, Time},
    whole::in_app::InApp,
    words::TimeStyle,
};

/// The table, and the way to all of them.
#[component]
pub fn Recent(view: Signal<RoomView>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Memo::new(move |_| view.with(|view| view.recent.clone()));
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    let times = Memo::new(move |_| view.with(|view| view.recorded_times));
    let in_app = InApp::expect();
    let all = move || view.with(|view| paths::library(&in_app.get(), "", view.room.as_str(), ""));
    let all_word = move || match times.get() {
        0 => ().into_any(),
        1 => {
            view! { <a class="more" href=all>{told!(i18n, rooms.recent.all_single)}</a> }.into_any()
        }
        n => view! { <a class="more" href=all>{t!(i18n, rooms.recent.all, n)}</a> }.into_any(),
    };
    view! {
        <section class="wide" aria-labelledby="recent-h">
            <div class="today-h">
                <h2 id="recent-h">{told!(i18n, rooms.recent.title)}</h2>
                {all_word}
            </div>
            {move || {
                if none.get() {
                    view! { <p class="inset none">{told!(i18n, rooms.recent.none)}</p> }.into_any()
                } else {
                    view! { <Table rows=rows /> }.into_any()
                }
            }}
        </section>
    }
}

#[component]
fn Table(rows: Memo<Vec<RecordingRow>>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="today">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{told!(i18n, rooms.recent.started)}</th>
                        <th scope="col">{told!(i18n, rooms.recent.length)}</th>
                        <th scope="col">{told!(i18n, rooms.recent.file)}</th>
                        <th scope="col">{told!(i18n, rooms.recent.files)}</th>
                        <th scope="col">{told!(i18n, rooms.recent.state)}</th>
                    </tr>
                </thead>
                <tbody>
                    <Each of=rows key=|row| row.id let:row>
                        <Row row=row />
                    </Each>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(row: Memo<RecordingRow>) -> impl IntoView {
    let id = row.with_untracked(|row| row.id);
    let at = Memo::new(move |_| row.with(|row| row.started_at.unwrap_or(row.requested_at)));
    view! {
        <tr>
            <td class="nowrap">
                <a href=InApp::expect()
                    .to(
                        &paths::recording(id),
                    )>{move || view! { <Time at=at.get() style=TimeStyle::Near /> }}</a>
            </td>
            {move || row.with(facts)}
        </tr>
    }
}

/// The cells that only say something.
fn facts(row: &RecordingRow) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let length = match row.length {
        Some(length) => view! { <td class="num">{clock_length(length)}</td> }.into_any(),
        None => {
            view! { <td class="muted nowrap">{told!(i18n, rooms.recent.not_known)}</td> }.into_any()
        }
    };
    let name = match row.file_name.clone() {
        Some(name) => view! { <td class="fn"><FileName name=name /></td> }.into_any(),
        None => view! { <td class="fn muted">{told!(i18n, rooms.recent.no_name)}</td> }.into_any(),
    };
    let none_yet = row.ledger.arrived() == 0 && row.stopped_at.is_none();
    let files = if none_yet && row.state.is_active() {
        view! { <span class="muted">{told!(i18n, rooms.recent.no_files_yet)}</span> }.into_any()
    } else if none_yet {
        view! { <span class="muted">{told!(i18n, rooms.recent.no_files)}</span> }.into_any()
    } else {
        view! { <LedgerBar ledger=row.ledger due_at=None lateness=row.lateness /> }.into_any()
    };
    let state = if row.origin == Origin::AutoRecorded && !row.state.needs_attention() {
        view! {
            <span class="pill" data-tone="info">
                <Icon glyph=Glyph::Bolt />
                <span>{told!(i18n, common.state.auto_recorded)}</span>
            </span>
        }
        .into_any()
    } else {
        view! { <StateTag state=row.state since=None given_up=row.given_up /> }.into_any()
    };
    view! {
        {length}
        {name}
        <td>{files}</td>
        <td>{state}</td>
    }
}
