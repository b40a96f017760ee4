use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    time::clock_length,
    view::{FileView, RecordingView},
};

use super::{player::is_readable, trouble::Trouble};
use crate::{
    i18n::{Locale, t_string, td_string, use_i18n},
    paths,
    whole::components::{Archive, ArchiveTag, Each, FileName, Glyph, Icon},
    words,
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
    let has_main = Memo::new(move |_| !main.with(Vec::is_empty));
    let has_frames = Memo::new(move |_| !frames.with(Vec::is_empty));
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
                    {told!(i18n, recording.files.title)} " " <span class="muted num">{sum}</span>
                </h2>
            </div>
            {move || {
                (!has_main.get() && !has_frames.get())
                    .then(|| {
                        view! { <p class="muted">{told!(i18n, recording.files.empty)}</p> }
                    })
            }}
            {move || has_main.get().then(|| view! { <Table files=main /> })}
            {move || {
                has_frames
                    .get()
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
                        <th>{told!(i18n, recording.files.name)}</th>
                        <th class="c-kind">{told!(i18n, recording.files.kind)}</th>
                        <th class="r c-len">{told!(i18n, recording.files.length)}</th>
                        <th class="r c-size">{told!(i18n, recording.files.size)}</th>
                        <th class="c-hash">{told!(i18n, recording.files.hash)}</th>
                        <th>{told!(i18n, recording.files.archive)}</th>
                        <th>
                            <span class="sr">{told!(i18n, recording.files.get)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <Each of=files key=|file| file.id let:file>
                        <Row file=file />
                    </Each>
                </tbody>
            </table>
        </div>
    }
}

/// One file.
#[component]
fn Row(file: Memo<FileView>) -> impl IntoView {
    let i18n = use_i18n();
    let (id, kind, name) = file.with_untracked(|file| (file.id, file.kind, file.name.clone()));
    let glyph = match kind {
        FileKind::Composite => Glyph::Film,
        FileKind::Track => Glyph::Track,
        FileKind::Frame => Glyph::Frame,
    };
    let kind = move || match kind {
        FileKind::Composite => t_string!(i18n, common.files.composite),
        FileKind::Track => t_string!(i18n, common.files.track),
        FileKind::Frame => t_string!(i18n, common.files.frame),
    };
    let state = Memo::new(move |_| file.with(|file| file.state));
    let readable = Memo::new(move |_| is_readable(state.get()));
    let hash = Memo::new(move |_| file.with(|file| file.sha256.clone()));
    let shown = name.clone();
    let get = move || t_string!(i18n, recording.files.get_named, name = name.clone());
    view! {
        <tr>
            <td>
                <span class="fn">
                    <Icon glyph=glyph />
                    <FileName name=shown />
                </span>
                {move || view! { <Trouble file=file.get() /> }}
            </td>
            <td class="c-kind nowrap soft">{kind}</td>
            <td class="c-len num r">
                {move || file.with(|file| file.length).map_or_else(|| "–".to_owned(), clock_length)}
            </td>
            <td class="c-size num r nowrap">
                {move || match file.with(|file| file.size) {
                    Some(size) => words::bytes(i18n.get_locale(), size),
                    None => t_string!(i18n, recording.files.unknown).to_owned(),
                }}
            </td>
            <td class="c-hash mono nowrap">
                <span
                    class="hash"
                    title=move || {
                        hash.get()
                            .unwrap_or_else(|| t_string!(i18n, recording.files.no_hash).to_owned())
                    }
                >
                    {move || hash.with(|hash| hash.as_deref().map_or_else(|| "–".to_owned(), short_hash))}
                </span>
            </td>
            <td>{move || view! { <ArchiveTag of=Archive::File(state.get()) /> }}</td>
            <td class="c-get">
                {move || {
                    readable
                        .get()
                        .then(|| {
                            view! {
                                <a
                                    class="btn quiet icon"
                                    href=paths::download(id)
                                    rel="external"
                                    aria-label=get.clone()
                                >
                                    <Icon glyph=Glyph::Download />
                                </a>
                            }
                        })
                }}
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
