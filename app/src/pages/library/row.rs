use leptos::{either::Either, prelude::*};
use reelroom_domain::{
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
    row: RecordingRow,
) -> impl IntoView {
    let i18n = use_i18n();
    let (bytes, state, at, files) = (row.bytes, row.state, started(&row), files(&row));
    let running = (state == RecordingState::Recording)
        .then_some(row.started_at)
        .flatten();
    view! {
        <tr>
            <td class="c-pic">
                {match row.thumbnail {
                    Some(frame) => {
                        Either::Left(
                            view! {
                                <span class="thumb">
                                    <img
                                        src=paths::file(frame)
                                        alt=""
                                        loading="lazy"
                                        width="72"
                                        height="40"
                                    />
                                </span>
                            },
                        )
                    }
                    None => {
                        Either::Right(
                            view! {
                                <span class="thumb none">
                                    <Icon glyph=Glyph::Film />
                                </span>
                            },
                        )
                    }
                }}
            </td>
            <td class="c-name">
                <div class="nm">
                    <div>
                        <a href=InApp::expect().to(&paths::recording(row.id))>{row.room.to_string()}</a>
                        {(row.origin == Origin::AutoRecorded)
                            .then(|| view! { <span class="tag">{say!(i18n, library.auto)}</span> })}
                    </div>
                    {match row.file_name {
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
                <Time at=at style=TimeStyle::Clock />
            </td>
            <td class="c-len num r">
                {match (running, row.length) {
                    (Some(since), _) => view! { <Timer since=since /> }.into_any(),
                    (None, Some(length)) => clock_length(length).into_any(),
                    (None, None) => {
                        view! {
                            <span class="muted" title=say!(i18n, library.no_length)>
                                "–"
                            </span>
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="c-size num r">{move || words::bytes(i18n.get_locale(), bytes)}</td>
            <td class="c-files num r">{files}</td>
            <td class="c-state">
                {if state == RecordingState::Ready {
                    let of = Archive::Several {
                        archived: row.archived,
                        arrived: row.ledger.arrived(),
                    };
                    Either::Left(view! { <ArchiveTag of=of /> })
                } else {
                    Either::Right(view! { <StateTag state=state /> })
                }}
            </td>
        </tr>
    }
}

/// `4 / 5` while files are missing, else `5`.
fn files(row: &RecordingRow) -> String {
    let (arrived, expected) = (row.ledger.arrived(), row.ledger.expected());
    if arrived == expected {
        arrived.to_string()
    } else {
        format!("{arrived} / {expected}")
    }
}
