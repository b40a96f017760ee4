use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    recording::RecordingState,
    user::Role,
    view::{FileView, RecordingView},
};

use super::{
    allow::allow,
    copy::{download, hash, trouble},
    versions::{labels, newer, versions},
};
use crate::{
    components::{ErrorNote, FileName, FileTag, Glyph, Icon, file_glyph, retry_form},
    form::failed,
    i18n::Locale,
    paths,
    server_fns::{AllowHost, RetryFiles},
    this_page::locale,
    words,
};

/// The rights of an account to the files of a recording.
#[derive(Debug, Clone, Copy)]
struct May {
    role: Role,
    download: bool,
}

/// Every file: kind, duration, size, hash, and the state of our copy. An administrator can allow the hosts
/// of blocked ones, and an operator can have those in trouble tried now.
pub fn files(recording: &RecordingView, role: Role) -> impl IntoView + use<> {
    let locale = locale();
    let may = May {
        role,
        download: recording.row.may_download,
    };
    let files = &recording.files;
    let count = files.len().to_string();
    let size = words::bytes(locale, recording.row.bytes);
    let is_in_trouble = files.iter().any(is_in_trouble);
    let retry = (is_in_trouble && role.may_record()).then(|| retry_form(recording.row.id));
    let all = all(locale, recording).filter(|_| may.download);
    let is_ready = recording.row.state == RecordingState::Ready;
    let none = (files.is_empty() && !is_ready)
        .then(|| view! { <p class="muted">{say!(locale, recording.files.empty)}</p> });
    let (frames, main): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.kind == FileKind::Frame);
    let frames = (!frames.is_empty()).then(|| {
        view! {
            <details class="fold frame-files" id="frame-files">
                <summary>
                    <Icon glyph=Glyph::Right />
                    {match frames.len() {
                        1 => say!(locale, recording.files.frames_one).to_owned(),
                        n => say!(locale, recording.files.frames_many, count = n.to_string()),
                    }}
                </summary>
                {table(locale, &frames, may)}
            </details>
        }
    });
    view! {
        <section aria-labelledby="files-h">
            <div class="sec-h">
                <h2 id="files-h">
                    {say!(locale, common.word.files)} " "
                    <span class="muted num">{say!(locale, recording.files.sum, count, size)}</span>
                </h2>
                {retry}
                {all}
            </div>
            {failed::<AllowHost>()
                .or_else(failed::<RetryFiles>)
                .map(|error| view! { <ErrorNote error=error /> })}
            {none}
            {(!main.is_empty()).then(|| table(locale, &main, may))}
            {frames}
        </section>
    }
}

/// Whether a file, or a newer version of it than the one that is shown, is in trouble.
fn is_in_trouble(file: &FileView) -> bool {
    let mut newer = file.versions.iter();
    file.state.is_in_trouble()
        || newer.any(|other| other.version > file.version && other.state.is_in_trouble())
}

/// The download of all files that are archived, if there are several.
fn all(locale: Locale, recording: &RecordingView) -> Option<impl IntoView + use<>> {
    let (id, (count, bytes)) = (recording.row.id, recording.zip);
    let (files, size) = (recording.files.len(), words::bytes(locale, bytes));
    (count > 1).then(|| {
        view! {
            <a
                class="btn quiet"
                href=paths::addresses(id)
                download
                title=say!(locale, recording.files.addresses_for)
            >
                {say!(locale, recording.files.addresses)}
            </a>
            <a class="btn" href=paths::zip(id) download>
                <Icon glyph=Glyph::Download />
                {words_of_all(locale, count, files, size)}
            </a>
        }
    })
}

/// “Download all (14 files, 29 MB)”; “Download 12 of 14 files (25 MB)” while some are not archived.
fn words_of_all(locale: Locale, count: usize, files: usize, size: String) -> String {
    if count == files {
        say!(locale, recording.files.all, count = count.to_string(), size)
    } else {
        let (count, files) = (count.to_string(), files.to_string());
        say!(locale, recording.files.some, count, files, size)
    }
}

fn table(locale: Locale, files: &[&FileView], may: May) -> impl IntoView + use<> {
    view! {
        <div class="filetable">
            <table class="table" aria-labelledby="files-h">
                <thead>
                    <tr>
                        <th>{say!(locale, common.word.file)}</th>
                        <th class="c-kind">{say!(locale, recording.files.kind)}</th>
                        <th class="r c-len">{say!(locale, common.word.length)}</th>
                        <th class="r c-size">{say!(locale, common.word.size)}</th>
                        <th class="c-hash">{say!(locale, recording.files.hash)}</th>
                        <th>{say!(locale, common.word.archive)}</th>
                        <th><span class="sr">{say!(locale, common.action.download)}</span></th>
                    </tr>
                </thead>
                <tbody>{files.iter().map(|file| row(locale, file, may)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(locale: Locale, file: &FileView, may: May) -> impl IntoView + use<> {
    let length = match words::known_length(file.length) {
        // A picture has none.
        None if file.kind == FileKind::Frame => "–".into_any(),
        None => view! { <span class="muted">{words::length(locale, None)}</span> }.into_any(),
        length => words::length(locale, length).into_any(),
    };
    let size = match file.size {
        Some(size) => words::bytes(locale, size),
        None => say!(locale, common.word.unknown).to_owned(),
    };
    let name = file.name.clone();
    let get = (may.download && file.state.is_readable()).then(|| {
        let label = say!(locale, recording.files.get_named, name = name.clone());
        download(paths::download(file.id), label)
    });
    let label = |text: String| view! { <span class="labels">{text}</span> };
    let who = file.participant.as_ref().map(ToString::to_string);
    view! {
        <tr id=format!("file-{}", file.id)>
            <td>
                <span class="fn"><Icon glyph=file_glyph(file.kind) /><FileName name=name /></span>
                {who.map(label)}
                {labels(locale, file).map(label)}
                {file.tracks.clone().map(label)}
                {trouble(locale, file.state, file.trouble.as_ref(), file.next_try_at)}
                {allow(locale, file, may.role)}
                {newer(locale, file)}
                {versions(locale, file, may.download)}
            </td>
            <td class="c-kind nowrap soft">{words::file_kind(locale, file.kind)}</td>
            <td class="c-len num r">{length}</td>
            <td class="c-size num r nowrap">{size}</td>
            <td class="c-hash mono nowrap">{hash(locale, file.sha256.as_deref())}</td>
            <td><FileTag state=file.state /></td>
            <td class="c-get">{get}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_of_some_files_says_so() {
        let words = |locale, count| words_of_all(locale, count, 14, "29 MB".to_owned());
        assert_eq!(words(Locale::en, 14), "Download all (14 files, 29 MB)");
        assert_eq!(words(Locale::en, 12), "Download 12 of 14 files (29 MB)");
        assert_eq!(words(Locale::zh_CN, 14), "全部下载（14 个文件，29 MB）");
    }
}
