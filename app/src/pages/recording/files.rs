use leptos::{either::Either, prelude::*};
use reelroom_domain::{
    file::FileKind,
    time::clock_length,
    view::{FileView, RecordingView},
};

use super::{player::is_readable, trouble::Trouble};
use crate::{
    components::{Archive, ArchiveTag, FileName, Glyph, Icon},
    i18n::{Locale, t_string, td_string, use_i18n},
    paths, words,
};

/// Every file: what it is, how long and large, its hash, and where our copy stands.
#[component]
pub fn Files(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let of = move |frames: bool| {
        Memo::new(move |_| {
            recording.with(|recording| {
                let files = recording.files.iter();
                files
                    .filter(|file| (file.kind == FileKind::Frame) == frames)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        })
    };
    let (main, frames) = (of(false), of(true));
    let sum = move || {
        let locale = i18n.get_locale();
        recording.with(|recording| {
            td_string!(
                locale,
                recording.files.sum,
                count = recording.files.len().to_string(),
                size = words::bytes(locale, recording.row.bytes)
            )
        })
    };
    view! {
        <section aria-labelledby="files-h">
            <div class="sec-h">
                <h2 id="files-h">
                    {say!(i18n, recording.files.title)} " " <span class="muted num">{sum}</span>
                </h2>
            </div>
            {move || {
                if main.with(Vec::is_empty) && frames.with(Vec::is_empty) {
                    Either::Left(view! { <p class="muted">{say!(i18n, recording.files.empty)}</p> })
                } else {
                    Either::Right(
                        (!main.with(Vec::is_empty)).then(|| view! { <Table files=main /> }),
                    )
                }
            }}
            {move || {
                (!frames.with(Vec::is_empty))
                    .then(|| {
                        view! {
                            <details class="fold frame-files">
                                <summary>
                                    <Icon glyph=Glyph::Right />
                                    {move || {
                                        frames_word(i18n.get_locale(), frames.with(Vec::len))
                                    }}
                                </summary>
                                <Table files=frames />
                            </details>
                        }
                    })
            }}
        </section>
    }
}

fn frames_word(locale: Locale, count: usize) -> String {
    if count == 1 {
        td_string!(locale, recording.files.frames_one).to_owned()
    } else {
        td_string!(
            locale,
            recording.files.frames_many,
            count = count.to_string()
        )
    }
}

/// A table of files.
#[component]
fn Table(files: Memo<Vec<FileView>>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="filetable">
            <table class="table" aria-labelledby="files-h">
                <thead>
                    <tr>
                        <th>{say!(i18n, recording.files.name)}</th>
                        <th class="c-kind">{say!(i18n, recording.files.kind)}</th>
                        <th class="r c-len">{say!(i18n, recording.files.length)}</th>
                        <th class="r c-size">{say!(i18n, recording.files.size)}</th>
                        <th class="c-hash">{say!(i18n, recording.files.hash)}</th>
                        <th>{say!(i18n, recording.files.archive)}</th>
                        <th>
                            <span class="sr">{say!(i18n, recording.files.get)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        files.get().into_iter().map(|file| view! { <Row file=file /> }).collect_view()
                    }}
                </tbody>
            </table>
        </div>
    }
}

/// One file.
#[component]
fn Row(file: FileView) -> impl IntoView {
    let i18n = use_i18n();
    let glyph = match file.kind {
        FileKind::Composite => Glyph::Film,
        FileKind::Track => Glyph::Track,
        FileKind::Frame => Glyph::Frame,
    };
    let kind = move || match file.kind {
        FileKind::Composite => t_string!(i18n, common.files.composite),
        FileKind::Track => t_string!(i18n, common.files.track),
        FileKind::Frame => t_string!(i18n, common.files.frame),
    };
    let (size, id, state) = (file.size, file.id, file.state);
    let unknown = move || t_string!(i18n, recording.files.unknown).to_owned();
    let name = file.name.clone();
    let get = move || t_string!(i18n, recording.files.get_named, name = name.clone());
    view! {
        <tr>
            <td>
                <span class="fn">
                    <Icon glyph=glyph />
                    <FileName name=file.name.clone() />
                </span>
                <Trouble file=file.clone() />
            </td>
            <td class="c-kind nowrap soft">{kind}</td>
            <td class="c-len num r">
                {match file.length {
                    Some(length) => clock_length(length),
                    None => "–".to_owned(),
                }}
            </td>
            <td class="c-size num r nowrap">
                {move || match size {
                    Some(size) => words::bytes(i18n.get_locale(), size),
                    None => unknown(),
                }}
            </td>
            <td class="c-hash mono nowrap">
                {match file.sha256 {
                    Some(hash) => {
                        Either::Left(
                            view! {
                                <span class="hash" title=hash.clone()>
                                    {short_hash(&hash)}
                                </span>
                            },
                        )
                    }
                    None => {
                        Either::Right(
                            view! {
                                <span class="hash" title=move || {
                                    t_string!(i18n, recording.files.no_hash)
                                }>"–"</span>
                            },
                        )
                    }
                }}
            </td>
            <td>
                <ArchiveTag of=Archive::File(state) />
            </td>
            <td class="c-get">
                {is_readable(state)
                    .then(|| {
                        view! {
                            <a
                                class="btn quiet icon"
                                href=paths::download(id)
                                rel="external"
                                aria-label=get
                            >
                                <Icon glyph=Glyph::Download />
                            </a>
                        }
                    })}
            </td>
        </tr>
    }
}

/// `9c1e…b07a`.
fn short_hash(hash: &str) -> String {
    match (
        hash.get(..4),
        hash.len().checked_sub(4).and_then(|at| hash.get(at..)),
    ) {
        (Some(start), Some(end)) if hash.len() > 9 => format!("{start}…{end}"),
        _ => hash.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_keeps_its_ends() {
        assert_eq!(
            short_hash(&("9c1e".to_owned() + &"0".repeat(56) + "b07a")),
            "9c1e…b07a"
        );
        assert_eq!(short_hash("abc"), "abc");
    }
}
