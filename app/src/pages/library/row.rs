use leptos::{either::Either, prelude::*};
use reelroom_domain::{
    ids::FileId,
    recording::{Origin, RecordingState},
    time::clock_length,
    view::RecordingRow,
};

use super::days::started;
use crate::{
    components::{Archive, ArchiveTag, FileName, Glyph, Icon, StateTag, Time, Timer},
    i18n::use_i18n,
    in_app::InApp,
    paths,
    words::{self, TimeStyle},
};

/// One recording. The whole row leads to it.
#[component]
pub fn Row(
    /// The recording.
    row: Memo<RecordingRow>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (id, room) = row.with_untracked(|row| (row.id, row.room.to_string()));
    let auto = move || row.with(|row| row.origin == Origin::AutoRecorded);
    let at = Memo::new(move |_| row.with(started));
    let bytes = move || words::bytes(i18n.get_locale(), row.with(|row| row.bytes));
    view! {
        <tr>
            <td class="c-pic">{move || thumbnail(row.with(|row| row.thumbnail))}</td>
            <td class="c-name">
                <div class="nm">
                    <div>
                        <a href=InApp::expect().to(&paths::recording(id))>{room}</a>
                        {move || {
                            auto().then(|| view! { <span class="tag">{say!(i18n, library.auto)}</span> })
                        }}
                    </div>
                    {move || match row.with(|row| row.file_name.clone()) {
                        Some(name) => Either::Left(view! { <FileName name=name /> }),
                        None => {
                            Either::Right(
                                view! { <span class="muted">{say!(i18n, library.no_name)}</span> },
                            )
                        }
                    }}
                </div>
            </td>
            <td class="c-start num">
                {move || view! { <Time at=at.get() style=TimeStyle::Clock /> }}
            </td>
            <td class="c-len num r">{move || row.with(length)}</td>
            <td class="c-size num r">{bytes}</td>
            <td class="c-files num r">{move || row.with(files)}</td>
            <td class="c-state">{move || row.with(state)}</td>
        </tr>
    }
}

/// A frame of it, where one came.
fn thumbnail(frame: Option<FileId>) -> impl IntoView {
    match frame {
        Some(frame) => Either::Left(view! {
            <span class="thumb">
                <img src=paths::file(frame) alt="" loading="lazy" width="72" height="40" />
            </span>
        }),
        None => Either::Right(view! {
            <span class="thumb none">
                <Icon glyph=Glyph::Film />
            </span>
        }),
    }
}

/// How long it is, or runs.
fn length(row: &RecordingRow) -> AnyView {
    let i18n = use_i18n();
    match (row.state, row.started_at, row.length) {
        (RecordingState::Recording, Some(since), _) => view! { <Timer since=since /> }.into_any(),
        (_, _, Some(length)) => clock_length(length).into_any(),
        (_, _, None) => view! {
            <span class="muted" title=say!(i18n, library.no_length)>
                "–"
            </span>
        }
        .into_any(),
    }
}

/// Where it stands; once it is ready, where our copies do.
fn state(row: &RecordingRow) -> impl IntoView + use<> {
    if row.state == RecordingState::Ready {
        let of = Archive::Several {
            archived: row.archived,
            arrived: row.ledger.arrived(),
        };
        Either::Left(view! { <ArchiveTag of=of /> })
    } else {
        Either::Right(view! { <StateTag state=row.state given_up=row.given_up /> })
    }
}

/// `4 / 5` while files are missing, else `5`.
fn files(row: &RecordingRow) -> String {
    let (arrived, expected) = (row.ledger.arrived(), row.ledger.expected());
    if row.given_up {
        "–".to_owned()
    } else if arrived == expected {
        arrived.to_string()
    } else {
        format!("{arrived} / {expected}")
    }
}
