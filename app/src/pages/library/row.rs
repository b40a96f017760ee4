use leptos::prelude::*;
use reelroom_domain::{
    file::FileState,
    find::Find,
    recording::{Origin, RecordingState},
    time::clock_length,
    trouble::Trouble,
    view::{RecordingRow, Thumbnail},
};

use super::selection::choice;
use crate::{
    components::{FileName, FileTag, Glyph, Icon, Time, Timer, room_id, row_tag, trouble_note},
    current_app::CurrentApp,
    paths,
    this_page::locale,
    words::{self, TimeStyle},
};

/// One recording with its files in trouble, as a row that links to its page. It can be chosen for a download
/// unless it is a failed start, which has no files.
pub fn row(
    row: &RecordingRow,
    find: &Find,
    trouble: Option<&Trouble>,
    may_record: bool,
) -> impl IntoView + use<> {
    let locale = locale();
    let auto = (row.origin == Origin::AutoRecorded)
        .then(|| view! { <span class="tag">{say!(locale, library.auto)}</span> });
    let nothing = row.nothing_recorded();
    let choice = (nothing.is_none() && row.may_download).then(|| choice(row));
    let name = match (row.file_name.clone(), nothing) {
        (Some(name), _) => view! { <FileName name=name /> }.into_any(),
        (None, nothing) => {
            let why = nothing.map(|failed| words::failed_start(locale, failed));
            let why = why.unwrap_or_else(|| say!(locale, library.no_name).to_owned());
            view! { <span class="muted">{why}</span> }.into_any()
        }
    };
    let size = match nothing {
        Some(_) => "–".to_owned(),
        None => words::bytes(locale, row.bytes),
    };
    view! {
        <tr id=format!("recording-{}", row.id)>
            <td class="c-check">{choice}</td>
            <td class="c-pic">{thumbnail(row.thumbnail)}</td>
            <td class="c-name">
                <div class="nm">
                    <div>
                        <a href=CurrentApp::expect().to(&paths::recording_in(row.id, find)) data-walk="" title=row.room.to_string()>
                            {row.room_name().to_owned()}
                        </a>
                        {room_id(&row.title, row.room.as_str())}
                        {auto}
                    </div>
                    {name}
                </div>
                {trouble.map(|trouble| trouble_note(trouble, row.id, may_record))}
            </td>
            <td class="c-start num"><Time at=row.began_at() style=TimeStyle::Clock /></td>
            <td class="c-len num r">{length(row)}</td>
            <td class="c-size num r">{size}</td>
            <td class="c-files num r">{files(row)}</td>
            <td class="c-state">{state(row, trouble)}</td>
        </tr>
    }
}

/// A thumbnail, if the recording has a picture.
fn thumbnail(picture: Option<Thumbnail>) -> AnyView {
    match picture {
        Some(picture) => view! {
            <span class="thumb">
                <img src=paths::thumbnail(picture) alt="" loading="lazy" width="72" height="40" />
            </span>
        }
        .into_any(),
        None => view! { <span class="thumb none"><Icon glyph=Glyph::Film /></span> }.into_any(),
    }
}

/// The duration, or a timer while it is running.
fn length(row: &RecordingRow) -> AnyView {
    match (row.state, row.started_at, row.length) {
        (RecordingState::Recording, Some(since), _) => view! { <Timer since=since /> }.into_any(),
        (_, _, Some(length)) => clock_length(length).into_any(),
        (_, _, None) => view! {
            <span class="muted" title=row.failed.is_none().then(|| say!(locale(), library.no_length))>
                "–"
            </span>
        }
        .into_any(),
    }
}

/// The state; also that of the files, if some are in trouble or those of a ready recording are not archived.
fn state(row: &RecordingRow, trouble: Option<&Trouble>) -> impl IntoView + use<> {
    let is_behind = row.state == RecordingState::Ready && row.archived < row.ledger.arrived();
    let files = match trouble {
        Some(trouble) => Some(trouble.state()),
        None if !is_behind => None,
        None if row.archived == 0 => Some(FileState::Remote),
        None => Some(FileState::Fetching),
    };
    let files = files.map(|state| view! { <FileTag state=state /> });
    view! { {row_tag(row)} " " {files} }
}

/// `4 / 5` while files are missing, else `5`; `–` of a failed start.
fn files(row: &RecordingRow) -> String {
    let (arrived, expected) = (row.ledger.arrived(), row.ledger.expected());
    if row.nothing_recorded().is_some() {
        "–".to_owned()
    } else if arrived == expected {
        arrived.to_string()
    } else {
        format!("{arrived} / {expected}")
    }
}
