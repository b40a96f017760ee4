//! The recordings that a case holds, with links that release them.

use leptos::prelude::*;
use reelroom_domain::{
    keep::{MayRelease, ShownRequest},
    time::{Timestamp, clock_length},
    view::RecordingRow,
    visible::visible_line,
};

use super::{address::Address, list::LONGEST, opened::Opened, release::released};
use crate::{
    components::{FileName, Glyph, Icon, IconLink, Time, request_note, thumbnail},
    current_app::CurrentApp,
    i18n::Locale,
    paths,
    this_page::locale,
    words,
};

/// A page of the recordings, of those that the reader sees, and how many others there are.
pub fn held(of: &Opened, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let view = &of.view;
    let is_open = of.is_open();
    let all = view.held;
    let rows = view.recordings.iter().filter_map(|(since, id)| {
        let row = of.rows.iter().find(|row| row.id == *id)?;
        Some(line(locale, of, here, row, *since))
    });
    let rows: Vec<_> = rows.collect();
    let hidden = view.recordings.len() - rows.len();
    let hidden = (hidden > 0).then(|| {
        view! { <p class="hint">{say!(locale, cases.not_seen, n = hidden)}</p> }
    });
    let (files, size) = (view.files.0, words::bytes(locale, view.files.1));
    let sum = (all > 0).then(|| {
        view! { <span class="sub">{say!(locale, cases.sum, files, n = words::number(all), size)}</span> }
    });
    let heading = if is_open {
        say!(locale, cases.recordings)
    } else {
        say!(locale, cases.were_held)
    };
    let table = if rows.is_empty() {
        (all == 0)
            .then(|| view! { <p class="muted">{say!(locale, cases.no_recordings)}</p> }.into_any())
    } else {
        Some(table(locale, rows.into_iter().collect_view().into_any()))
    };
    let note = is_open.then(|| match view.release {
        MayRelease::No => say!(locale, cases.release_denied),
        MayRelease::Alone => say!(locale, cases.release_means),
        MayRelease::WithSecond => say!(locale, cases.release_second),
    });
    let add = view.may_change.then(|| {
        view! {
            <a class="btn" href=CurrentApp::expect().to("/recordings") title=say!(locale, cases.add_text)>
                <Icon glyph=Glyph::Plus />
                {say!(locale, cases.add)}
            </a>
        }
    });
    view! {
        <section aria-labelledby="held-h">
            <div class="sec-h">
                <h2 id="held-h">{heading} " " {sum}</h2>
                {add}
            </div>
            {table}
            {hidden}
            {pager(locale, view.more.as_deref(), here)}
            {note.map(|note| view! { <p class="hint">{note}</p> })}
        </section>
    }
}

/// Links to the next page and, on others, to the first one.
fn pager(locale: Locale, more: Option<&str>, here: &Address) -> Option<impl IntoView + use<>> {
    let first = (!here.after.is_empty()).then(|| {
        let word = say!(locale, common.action.to_beginning);
        view! { <a class="btn quiet" href=here.page("")>{word}</a> }
    });
    let next = more.map(|after| {
        let word = say!(locale, common.action.load_more);
        view! { <a class="btn" href=here.page(after)>{word}</a> }
    });
    (first.is_some() || next.is_some()).then(|| view! { <div class="pager">{first} {next}</div> })
}

fn table(locale: Locale, rows: AnyView) -> AnyView {
    view! {
        <div class="box">
            <table class="table held">
                <thead>
                    <tr>
                        <th class="c-pic">
                            <span class="sr">{say!(locale, common.word.picture)}</span>
                        </th>
                        <th>{say!(locale, common.word.recording)}</th>
                        <th class="c-len r">{say!(locale, common.word.length)}</th>
                        <th class="c-size r">{say!(locale, common.word.size)}</th>
                        <th class="c-since">{say!(locale, cases.since)}</th>
                        <th>
                            <span class="sr">{say!(locale, keep.hold.release)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(
    locale: Locale,
    of: &Opened,
    here: &Address,
    row: &RecordingRow,
    since: Timestamp,
) -> impl IntoView + use<> {
    let name = visible_line(row.name(), LONGEST);
    let length = row.length.map(clock_length);
    let request = ShownRequest::of_release(&of.view.requests, row.id, Some(of.view.case.id));
    let is_asked = of.view.release.is_asked(request);
    let release = released(of, &row.id.to_string()).filter(|_| !is_asked);
    let release = release.map(|row| {
        let word = say!(locale, cases.release_one, name = name.clone());
        let href = here.releasing(&row.id.to_string());
        view! {
            <IconLink href=href glyph=Glyph::Unlock word=word attr:data-turbo-action="replace" />
        }
    });
    view! {
        <tr id=format!("held-{}", row.id)>
            <td class="c-pic">{thumbnail(row)}</td>
            <td class="c-name">
                <a href=paths::recording(row.id) data-walk="">
                    {name}
                </a>
                <span class="what">
                    <Time at=row.began_at() />
                    {row.file_name.clone().map(|name| view! { <FileName name=name /> })}
                </span>
                {request.map(request_note)}
            </td>
            <td class="c-len num r">{length}</td>
            <td class="c-size num r">{words::bytes(locale, row.bytes)}</td>
            <td class="c-since num">
                <Time at=since />
            </td>
            <td class="c-acts r">{release}</td>
        </tr>
    }
}
