use leptos::prelude::*;
use reelroom_domain::{
    about::Tag,
    file::FileState,
    find::{Archive, Find},
    recording::{Origin, RecordingState},
    trouble::Trouble,
    view::RecordingRow,
};

use super::{
    choosing::Choosing,
    selection::{choice, is_selectable},
};
use crate::{
    components::{
        FileName, FileTag, Glyph, Icon, Time, Timer, room_id, row_tag, thumbnail, trouble_note,
    },
    current_app::CurrentApp,
    paths,
    query::Query,
    this_page::locale,
    words::{self, TimeStyle},
};

/// One recording with its files in trouble, as a row that links to its page. The start has its day if `style` says
/// so.
pub fn row(
    row: &RecordingRow,
    find: &Find,
    trouble: Option<&Trouble>,
    may_record: bool,
    style: TimeStyle,
) -> impl IntoView + use<> {
    let nothing = row.nothing_recorded();
    let choice = is_selectable(row).then(|| choice(row));
    let size = match nothing {
        Some(_) => "–".to_owned(),
        None => words::bytes(locale(), row.bytes),
    };
    view! {
        <tr id=format!("recording-{}", row.id) data-new=(!row.seen).then_some("")>
            <td class="c-check">{choice}</td>
            <td class="c-pic">{thumbnail(row)}</td>
            <td class="c-name">
                {name(row, find)} {trouble.map(|trouble| trouble_note(trouble, row.id, may_record))}
            </td>
            <td class="c-start num"><Time at=row.began_at() style=style /></td>
            <td class="c-len num r">{length(row)}</td>
            <td class="c-size num r">{size}</td>
            <td class="c-files num r">{files(row)}</td>
            <td class="c-state">{state(row, trouble)}</td>
        </tr>
    }
}

/// The title, or else the room, with the id of the room and the tags, as far as there is space; below it the room,
/// unless it is shown already, and the file.
fn name(row: &RecordingRow, find: &Find) -> impl IntoView + use<> {
    let locale = locale();
    let unseen = (!row.seen).then(|| {
        view! { <span class="sr">{say!(locale, library.unseen)} " "</span> }
    });
    let auto = (row.origin == Origin::AutoRecorded)
        .then(|| view! { <span class="tag">{say!(locale, library.auto)}</span> });
    let held = Choosing::expect().held.contains(&row.id).then(|| {
        let word = say!(locale, keep.hold.on);
        view! {
            <span class="held-mark" title=word>
                <Icon glyph=Glyph::Lock />
                <span class="sr">{word}</span>
            </span>
        }
    });
    let tag = |tag: &Tag| view! { <span class="tag trunc">{tag.as_str().to_owned()}</span> };
    let tags = row.tags.as_slice().iter().map(tag).collect_view();
    let own = row.own_title.as_str();
    let id = own
        .is_empty()
        .then(|| room_id(&row.title, row.room.as_str()));
    let (name, room) = if own.is_empty() {
        (row.room_name(), None)
    } else {
        let room = row.room_name().to_owned();
        (own, Some(view! { <span class="rm">{room}</span> }))
    };
    let file = match (row.file_name.clone(), row.nothing_recorded()) {
        (Some(name), _) => view! { <FileName name=name /> }.into_any(),
        (None, nothing) => {
            let why = nothing.map(|failed| words::failed_start(locale, failed));
            let why = why.unwrap_or_else(|| say!(locale, library.no_name).to_owned());
            view! { <span class="muted">{why}</span> }.into_any()
        }
    };
    let in_list = paths::recording_in(row.id, find);
    let in_list = paths::with_query(&in_list, &expect_context::<Query>().place());
    let href = CurrentApp::expect().to(&in_list);
    view! {
        <div class="nm">
            <div>
                {unseen}
                <a href=href data-walk="" title=row.room.to_string()>
                    {name.to_owned()}
                </a>
                {held}
            </div>
            <span class="marks">{id} {auto} {tags}</span>
            <div>{room} {file}</div>
        </div>
    }
}

/// The duration, or a timer while it is running; `–` of a failed start.
fn length(row: &RecordingRow) -> AnyView {
    match (row.state, row.started_at, row.length) {
        (RecordingState::Recording, Some(since), _) => view! { <Timer since=since /> }.into_any(),
        (_, _, length) if words::known_length(length).is_some() => {
            words::length(locale(), length).into_any()
        }
        _ if row.failed.is_some() => view! { <span class="muted">"–"</span> }.into_any(),
        _ => {
            view! { <span class="muted">{say!(locale(), library.length_unknown)}</span> }.into_any()
        }
    }
}

/// The state of the copies, if the recording is ready and has files; else its own, and that of files in trouble.
fn state(row: &RecordingRow, trouble: Option<&Trouble>) -> impl IntoView + use<> {
    let is_done = row.state == RecordingState::Ready && row.ledger.arrived() > 0;
    let copies = row
        .archive
        .filter(|_| is_done)
        .map(|archive| match archive {
            Archive::Archived => FileState::Archived,
            Archive::Fetching => FileState::Fetching,
            Archive::Remote => FileState::Remote,
            Archive::Trouble => FileState::Failed,
        });
    let files = trouble.map(Trouble::state).or(copies);
    let files = files.map(|state| view! { <FileTag state=state /> });
    view! { {(!is_done).then(|| row_tag(row))} " " {files} }
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
