//! The page of a recording that is in the trash or deleted for good, for accounts that may delete.

use leptos::prelude::*;
use reelroom_domain::{
    file::FileFacts, ids::RecordingId, keep::Keep, time::clock_length, view::RecordingRow,
    visible::visible_line,
};
use reelroom_service::DeletedView;

use super::history::history;
use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, Time, Tone, action_form, time_as},
    current_app::CurrentApp,
    form::failed,
    i18n::{Locale, td},
    paths,
    server_fns::RestoreRecording,
    this_page::locale,
    visit::Page,
    words::{self, TimeStyle},
};

/// The longest name that is shown, in characters.
const LONGEST: usize = 400;

/// The page.
pub fn deleted(id: RecordingId, view: &DeletedView) -> Page {
    let locale = locale();
    let this = format!("recording:{id}");
    let keep = &view.keep.keep;
    let heading = heading(locale, keep);
    let certificate = view.keep.certificate.as_deref().map(|number| {
        let word = say!(locale, keep.certificate);
        view! { <a class="btn" href=paths::certificate(number)>{word}</a> }
    });
    let error = failed::<RestoreRecording>().map(|error| view! { <ErrorNote error=error /> });
    let is_in_trash = matches!(keep, Keep::Trashed { .. });
    let restore = is_in_trash.then(|| restore(id));
    let trash = is_in_trash.then(|| {
        view! { <a class="btn" href=paths::TRASH>{say!(locale, keep.trashed.open)}</a> }
    });
    let text = text(locale, keep);
    let what = view.row.as_ref().map(|row| what(locale, row));
    let main = view! {
        <main class="sheet alone" id="content" data-page=format!("deleted:{id}")>
            <div class="deleted scroll" tabindex="-1">
                <h1 class="sr" tabindex="-1" data-focus="">
                    {heading}
                </h1>
                {error}
                <Banner tone=tone(keep) title=heading>
                    <p>{text}</p>
                    <div class="btns">
                        {restore} {certificate} {trash}
                        <a class="btn quiet" href=CurrentApp::expect().to("/recordings")>
                            {say!(locale, recording.back)}
                        </a>
                    </div>
                </Banner>
                {what}
                {files(locale, &view.files)}
                {history(&view.history)}
            </div>
        </main>
    };
    Page::new(heading, main).live(this)
}

fn heading(locale: Locale, keep: &Keep) -> &'static str {
    match keep {
        // It was restored meanwhile.
        Keep::Kept => say!(locale, keep.trashed.restored),
        Keep::Trashed { .. } => say!(locale, common.error.in_trash),
        Keep::Purging => say!(locale, keep.purging),
        Keep::Purged { .. } => say!(locale, keep.purged),
    }
}

const fn tone(keep: &Keep) -> Tone {
    match keep {
        Keep::Kept | Keep::Purged { .. } => Tone::Info,
        Keep::Trashed { .. } | Keep::Purging => Tone::Wait,
    }
}

fn text(locale: Locale, keep: &Keep) -> AnyView {
    let full = |at| time_as(at, TimeStyle::Full);
    match keep {
        Keep::Kept => say!(locale, keep.trashed.restored_text).into_any(),
        Keep::Trashed { at, by, until } => {
            let (time, until) = (full(*at), full(*until));
            match by {
                Some(name) => {
                    let name = visible_line(name, LONGEST);
                    td!(locale, keep.trashed.by, name, time, until).into_any()
                }
                None => td!(locale, keep.trashed.late, time, until).into_any(),
            }
        }
        Keep::Purging => say!(locale, keep.purging_text).into_any(),
        Keep::Purged { at } => td!(locale, keep.purged_text, time = full(*at)).into_any(),
    }
}

/// Its title or room, and when it was recorded.
fn what(locale: Locale, row: &RecordingRow) -> impl IntoView + use<> {
    let length = row.length.map(|length| {
        view! {
            <dt>{say!(locale, common.word.length)}</dt>
            <dd class="num">{clock_length(length)}</dd>
        }
    });
    view! {
        <section aria-labelledby="what-h">
            <h2 id="what-h">{visible_line(row.name(), LONGEST)}</h2>
            <dl class="kv">
                <dt>{say!(locale, common.word.room)}</dt>
                <dd>{visible_line(row.room_name(), LONGEST)}</dd>
                <dt>{say!(locale, certificate.recorded)}</dt>
                <dd>
                    <Time at=row.began_at() style=TimeStyle::Full />
                </dd>
                {length}
            </dl>
        </section>
    }
}

/// The names, sizes and hashes of its files.
fn files(locale: Locale, all: &[FileFacts]) -> Option<impl IntoView + use<>> {
    let rows = all.iter().map(|file| {
        let kind = words::file_kind(locale, file.kind);
        let version = (file.version > 1).then(|| {
            let number = file.version.to_string();
            say!(locale, recording.files.version, number)
        });
        let size = match file.size {
            Some(size) => words::bytes(locale, size),
            None => say!(locale, common.word.unknown).to_owned(),
        };
        let hash = file.sha256.clone().unwrap_or_else(|| "–".to_owned());
        view! {
            <tr>
                <td>
                    <span class="mono">{visible_line(&file.name, LONGEST)}</span>
                    <small>{kind} " " {version}</small>
                    <small>
                        {say!(locale, recording.files.hash)} " " <span class="mono">{hash}</span>
                    </small>
                </td>
                <td class="num r">{size}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section aria-labelledby="files-h">
                <h2 id="files-h">{say!(locale, common.word.files)}</h2>
                <table class="table" aria-labelledby="files-h">
                    <thead>
                        <tr>
                            <th>{say!(locale, certificate.name_kind)}</th>
                            <th class="r">{say!(locale, common.word.size)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}

fn restore(id: RecordingId) -> impl IntoView {
    let word = view! { <Icon glyph=Glyph::Undo /> {say!(locale(), common.action.restore)} };
    action_form::<RestoreRecording>(id.to_string(), "btn primary", word)
}
