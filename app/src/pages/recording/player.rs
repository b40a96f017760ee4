use std::fmt::Write;

use leptos::prelude::*;
use reelroom_domain::{
    file::{FileKind, Media},
    recording::RecordingState,
    view::{FileView, RecordingView},
};

use super::{
    beside::here,
    choice::{Choice, Playing, choices, playing, readable_frames},
    filmstrip::filmstrip,
    versions::take,
};
use crate::{
    components::{Empty, Glyph, Icon, Time},
    current_app::CurrentApp,
    i18n::Locale,
    paths,
    reader::Reader,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The player: the browser's own controls, and a choice of files below. The choice is in the address, so it
/// works without scripts; with scripts, playback continues (`player.js`). It starts at the second `from`.
pub fn player(recording: &RecordingView, asked: &str, from: Option<u32>) -> impl IntoView + use<> {
    let locale = locale();
    let files = &recording.files;
    let now = playing(asked, files);
    let here = here(recording.row.id);
    let poster = recording.row.thumbnail.map(paths::thumbnail);
    let may_download = recording.row.may_download;
    let no_support = if may_download {
        say!(locale, recording.player.no_support)
    } else {
        say!(locale, recording.player.no_support_here)
    };
    let screen = match now {
        Playing::File(file) => view! {
            {(file.media == Media::Audio).then(|| sound(file))}
            <video
                controls
                playsinline
                preload="metadata"
                controlslist=(!may_download).then_some("nodownload")
                src=from.map_or_else(|| paths::file(file.id), |from| paths::file_from(file.id, from))
                poster=poster.filter(|_| file.media != Media::Audio && from.is_none())
                data-start=file.started_at.map(|at| at.as_millis().to_string())
            >
                {no_support}
            </video>
            <p class="failed" role="alert" hidden data-kept="">
                {say!(locale, recording.player.failed)}
            </p>
        }
        .into_any(),
        Playing::Frames => view! {
            <ul class="frames" tabindex="0">{readable_frames(files).map(frame).collect_view()}</ul>
        }
        .into_any(),
        Playing::Nothing if recording.row.state == RecordingState::Ready => {
            view! { <Empty glyph=Glyph::Film title=say!(locale, recording.player.nothing) /> }
                .into_any()
        }
        // The usual time is over, or nothing may come.
        Playing::Nothing if recording.row.state.is_checked() => {
            view! { <Empty glyph=Glyph::Film title=say!(locale, recording.player.none) /> }
                .into_any()
        }
        Playing::Nothing => view! {
            <Empty
                glyph=Glyph::Film
                title=say!(locale, recording.player.none)
                text=say!(locale, recording.player.none_text)
            />
        }
        .into_any(),
    };
    let strip = match now {
        Playing::File(file) => filmstrip(&here, file),
        _ => None,
    };
    let choices = choices(files);
    let links = (!choices.is_empty()).then(|| {
        let links = choices.into_iter();
        let links = links.map(|choice| link(&here, choice, choice.is == now));
        view! {
            <nav class="bar" id="played" aria-label=say!(locale, recording.player.choose)>
                {links.collect_view()}
            </nav>
        }
    });
    view! {
        <media-player
            class="player"
            role="region"
            aria-label=say!(locale, recording.player.title)
            file=now.name()
        >
            <div class="screen">{screen}</div>
            {strip}
            {links}
            {keys(locale)}
        </media-player>
    }
}

/// The screen of a file without a picture: the name of the person who is heard.
fn sound(file: &FileView) -> impl IntoView + use<> {
    let who = file.participant.as_ref().map(ToString::to_string);
    view! {
        <div class="sound">
            <Icon glyph=Glyph::Volume />
            <b>{who.unwrap_or_else(|| file.name.clone())}</b>
            <span>{say!(locale(), recording.player.sound_only)}</span>
            {file.peaks.as_deref().map(waveform)}
        </div>
    }
}

/// The loudness of a file over its length, as bars around a middle line.
fn waveform(peaks: &[u8]) -> impl IntoView + use<> {
    let mut bars = String::new();
    for (x, peak) in peaks.iter().enumerate() {
        let half = f32::from(*peak) / 255.0 * 30.0 + 0.5;
        let _ = write!(bars, "M{x} {:.1}V{:.1}", 32.0 - half, 32.0 + half);
    }
    view! {
        <svg class="waveform" viewBox=format!("-1 0 {} 64", peaks.len() + 1) preserveAspectRatio="none" aria-hidden="true">
            <path d=bars />
        </svg>
    }
}

/// A frame as a thumbnail that links to the full size, with its time.
fn frame(file: &FileView) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let (alt, below) = if let Some(at) = file.started_at {
        let time = words::clock_seconds(zone.civil(at));
        let alt = say!(locale, recording.player.frame_at, time);
        let below = view! { <Time at=at style=TimeStyle::Seconds /> };
        (alt, below.into_any())
    } else {
        let alt = say!(locale, common.files.frame).to_owned();
        let name = file.name.clone();
        (alt, view! { <span class="trunc">{name}</span> }.into_any())
    };
    view! {
        <li>
            <a href=paths::file(file.id) target="_blank">
                <img src=paths::file(file.id) alt=alt loading="lazy" />
                {below}
            </a>
        </li>
    }
}

/// A link that plays another file.
fn link(here: &str, choice: Choice<'_>, is_current: bool) -> impl IntoView + use<> {
    let locale = locale();
    let (glyph, word) = match choice.is {
        Playing::File(file) if file.kind == FileKind::Composite => {
            (Glyph::Film, say!(locale, common.files.composite).into())
        }
        // The participant of the track, else the file's name.
        Playing::File(file) => {
            let who = file.participant.as_ref().map(ToString::to_string);
            let glyph = match file.media {
                Media::Audio => Glyph::Volume,
                _ => Glyph::Track,
            };
            (glyph, who.unwrap_or_else(|| file.name.clone()))
        }
        _ => (Glyph::Frame, say!(locale, common.files.frames).into()),
    };
    let word = match choice.is {
        Playing::File(file) => std::iter::once(word)
            .chain(take(locale, file))
            .collect::<Vec<_>>()
            .join(" · "),
        _ => word,
    };
    let app = CurrentApp::expect();
    let query = [("play", &*choice.is.name()), ("app", app.as_str())];
    view! {
        <a
            class="btn"
            href=paths::with_query(here, &query)
            aria-current=is_current.then_some("true")
            data-turbo-action="replace"
            data-key=choice.key
        >
            <Icon glyph=glyph />
            <span class="trunc">{word}</span>
        </a>
    }
}

/// The keys of `player.js`, for the help.
fn keys(locale: Locale) -> impl IntoView {
    let keys = [
        ("Space", say!(locale, keys.play)),
        ("← →", say!(locale, keys.skip)),
        ("Shift ← →", say!(locale, keys.leap)),
        (", .", say!(locale, keys.frame)),
        ("M", say!(locale, keys.mute)),
        ("F", say!(locale, keys.full_screen)),
    ];
    keys.map(|(keys, does)| view! { <span hidden data-keys=keys data-does=does></span> })
        .into_iter()
        .collect_view()
}
