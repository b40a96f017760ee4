use leptos::{either::Either, prelude::*};
use reelroom_domain::{
    file::FileKind,
    view::{FileView, RecordingView},
};

use super::player::is_readable;
use crate::{
    i18n::{t_string, use_i18n},
    paths,
    whole::components::Time,
    whole::zone::Zone,
    words,
    words::TimeStyle,
};

/// The frames as pictures; each opens in its own size.
#[component]
pub fn Frames(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let frames = Memo::new(move |_| {
        recording.with(|recording| {
            let frames = recording.files.iter();
            frames
                .filter(|file| file.kind == FileKind::Frame && is_readable(file.state))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <ul class="frames" tabindex="0">
            <For each=move || frames.get() key=|frame| frame.id let:frame>
                <Frame frame=frame />
            </For>
        </ul>
    }
}

/// One picture and when it was taken.
#[component]
fn Frame(frame: FileView) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let at = frame.started_at;
    let alt = move || match at {
        Some(at) => {
            let time = words::clock_seconds(zone.civil(at));
            t_string!(i18n, recording.player.frame_at, time = time)
        }
        None => t_string!(i18n, recording.player.frame).to_owned(),
    };
    let name = frame.name;
    view! {
        <li>
            <a href=paths::file(frame.id) rel="external" target="_blank">
                <img src=paths::file(frame.id) alt=alt loading="lazy" />
                {match at {
                    Some(at) => Either::Left(view! { <Time at=at style=TimeStyle::Seconds /> }),
                    None => Either::Right(view! { <span class="trunc">{name}</span> }),
                }}
            </a>
        </li>
    }
}
