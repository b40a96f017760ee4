use leptos::{either::EitherOf3, prelude::*};
use leptos_router::hooks::use_query_map;
use reelroom_domain::{
    file::{FileKind, FileState, Media},
    ids::FileId,
    view::{FileView, RecordingView},
};

use super::{frames::Frames, keys};
use crate::{
    i18n::{t_string, use_i18n},
    paths,
    whole::components::{Empty, Glyph, Icon},
    whole::in_app::InApp,
};

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Playing {
    /// A composite or a track.
    File(FileId),
    /// The frames, as pictures.
    Frames,
    /// Nothing is there yet.
    Nothing,
}

/// The word for the frames in the address.
const FRAMES: &str = "frames";

/// What the address asks for, if it is there; else the composite, a track, the frames.
pub fn playing(asked: &str, files: &[FileView]) -> Playing {
    let mut playable = files.iter().filter(|file| is_playable(file));
    let has_frames = files
        .iter()
        .any(|file| file.kind == FileKind::Frame && is_readable(file.state));
    let by_address = playable.clone().find(|file| file.id.to_string() == asked);
    if asked == FRAMES && has_frames {
        return Playing::Frames;
    }
    let composite = playable
        .clone()
        .find(|file| file.kind == FileKind::Composite);
    match by_address.or(composite).or_else(|| playable.next()) {
        Some(file) => Playing::File(file.id),
        None if has_frames => Playing::Frames,
        None => Playing::Nothing,
    }
}

/// Whether the bytes can be had, from us or through us from the platform.
pub const fn is_readable(state: FileState) -> bool {
    !matches!(
        state,
        FileState::Blocked | FileState::Gone | FileState::Purged
    )
}

fn is_playable(file: &FileView) -> bool {
    file.kind != FileKind::Frame && file.media != Media::Image && is_readable(file.state)
}

/// The player: the browser's own controls, and below them a choice of what is played. The choice
/// lives in the address, so it works without scripts.
#[component]
pub fn Player(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let now = Memo::new(move |_| {
        let asked = query.with(|query| query.get("play")).unwrap_or_default();
        recording.with(|recording| playing(&asked, &recording.files))
    });
    keys::listen();
    let poster = move || recording.with(|recording| recording.row.thumbnail.map(paths::file));
    view! {
        <section class="player" aria-label=told!(i18n, recording.player.title)>
            <div class="screen">
                {move || match now.get() {
                    Playing::File(id) => {
                        EitherOf3::A(
                            view! {
                                <video
                                    controls
                                    playsinline
                                    preload="metadata"
                                    src=paths::file(id)
                                    poster=poster
                                >
                                    {told!(i18n, recording.player.no_support)}
                                </video>
                            },
                        )
                    }
                    Playing::Frames => EitherOf3::B(view! { <Frames recording=recording /> }),
                    Playing::Nothing => {
                        EitherOf3::C(
                            view! {
                                <Empty
                                    glyph=Glyph::Film
                                    title=Signal::derive(move || {
                                        t_string!(i18n, recording.player.none).to_owned()
                                    })
                                    text=Signal::derive(move || {
                                        t_string!(i18n, recording.player.none_text).to_owned()
                                    })
                                />
                            },
                        )
                    }
                }}
            </div>
            <Choices recording=recording now=now />
        </section>
    }
}

/// One thing that can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    is: Playing,
    kind: FileKind,
    /// Whose track it is, else the file's name.
    name: String,
    /// The digit that plays it: 0 the composite, the others tracks.
    key: Option<u32>,
}

fn choices(files: &[FileView]) -> Vec<Choice> {
    let (mut composites, mut tracks) = (0..=0, 1..=9);
    let mut choices: Vec<Choice> = files
        .iter()
        .filter(|file| is_playable(file))
        .map(|file| Choice {
            is: Playing::File(file.id),
            kind: file.kind,
            key: match file.kind {
                FileKind::Composite => composites.next(),
                _ => tracks.next(),
            },
            name: file
                .participant
                .as_ref()
                .map_or_else(|| file.name.clone(), ToString::to_string),
        })
        .collect();
    if playing(FRAMES, files) == Playing::Frames {
        choices.push(Choice {
            is: Playing::Frames,
            kind: FileKind::Frame,
            name: String::new(),
            key: None,
        });
    }
    choices
}

/// The choice of what is played; absent where there is none.
#[component]
fn Choices(recording: Signal<RecordingView>, now: Memo<Playing>) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Memo::new(move |_| recording.with(|recording| choices(&recording.files)));
    let in_app = InApp::expect();
    let link = move |choice: Choice| {
        let asked = match choice.is {
            Playing::File(id) => id.to_string(),
            Playing::Frames | Playing::Nothing => FRAMES.to_owned(),
        };
        let here = move || recording.with(|recording| paths::recording(recording.row.id));
        let href = move || paths::with_query(&here(), &[("play", &asked), ("app", &in_app.get())]);
        let current = move || (now.get() == choice.is).then_some("true");
        view! {
            <a class="btn" href=href aria-current=current data-key=choice.key>
                {match choice.kind {
                    FileKind::Composite => {
                        view! {
                            <Icon glyph=Glyph::Film />
                            {told!(i18n, recording.player.composite)}
                        }
                            .into_any()
                    }
                    FileKind::Track => {
                        view! {
                            <Icon glyph=Glyph::Track />
                            <span class="trunc">{choice.name}</span>
                        }
                            .into_any()
                    }
                    FileKind::Frame => {
                        view! {
                            <Icon glyph=Glyph::Frame />
                            {told!(i18n, recording.player.frames)}
                        }
                            .into_any()
                    }
                }}
            </a>
        }
    };
    move || {
        (!choices.with(Vec::is_empty)).then(|| {
            view! {
                <nav class="bar" aria-label=told!(i18n, recording.player.choose)>
                    {choices.get().into_iter().map(link).collect_view()}
                </nav>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    fn file(id: char, kind: FileKind, state: FileState) -> FileView {
        FileView {
            id: id.to_string().repeat(32).parse().unwrap(),
            kind,
            media: if kind == FileKind::Frame {
                Media::Image
            } else {
                Media::Video
            },
            participant: None,
            name: id.to_string(),
            size: None,
            length: None,
            started_at: None,
            ended_at: None,
            announced_at: Timestamp::from_millis(0),
            state,
            trouble: None,
            next_try_at: None,
            sha256: None,
        }
    }

    #[test]
    fn the_address_decides_then_the_composite() {
        let files = [
            file('a', FileKind::Track, FileState::Archived),
            file('b', FileKind::Composite, FileState::Remote),
            file('c', FileKind::Frame, FileState::Archived),
            file('d', FileKind::Track, FileState::Blocked),
        ];
        let id = |index: usize| Playing::File(files[index].id);
        assert_eq!(playing("", &files), id(1));
        assert_eq!(playing(&files[0].id.to_string(), &files), id(0));
        assert_eq!(playing(&files[3].id.to_string(), &files), id(1), "blocked");
        assert_eq!(playing("frames", &files), Playing::Frames);
        assert_eq!(playing("frames", &files[..2]), id(1));
        assert_eq!(playing("", &files[2..3]), Playing::Frames);
        assert_eq!(playing("", &[]), Playing::Nothing);
        let keys: Vec<_> = choices(&files).iter().map(|choice| choice.key).collect();
        assert_eq!(keys, [Some(1), Some(0), None]);
    }
}
