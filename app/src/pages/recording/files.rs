use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    cause::Cause,
    file::{FileKind, FileState},
    ids::FileId,
    time::clock_length,
    user::Role,
    view::{FileView, RecordingView},
};

use super::choice::is_readable;
use crate::{
    components::{ErrorNote, FileName, FileTag, Glyph, Icon, Time},
    form::failed,
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    paths,
    server_fns::AllowHost,
    this_page::locale,
    words,
};

/// Every file: kind, duration, size, hash, and the state of our copy. An administrator can allow the hosts
/// of blocked ones.
pub fn files(recording: &RecordingView, role: Role) -> impl IntoView + use<> {
    let locale = locale();
    let files = &recording.files;
    let count = files.len().to_string();
    let size = words::bytes(locale, recording.row.bytes);
    let none = (files.is_empty())
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
                {table(locale, &frames, role)}
            </details>
        }
    });
    view! {
        <section aria-labelledby="files-h">
            <div class="sec-h">
                <h2 id="files-h">
                    {say!(locale, recording.files.title)} " "
                    <span class="muted num">{say!(locale, recording.files.sum, count, size)}</span>
                </h2>
                {all(locale, recording)}
            </div>
            {failed::<AllowHost>().map(|error| view! { <ErrorNote error=error /> })}
            {none}
            {(!main.is_empty()).then(|| table(locale, &main, role))}
            {frames}
        </section>
    }
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

fn table(locale: Locale, files: &[&FileView], role: Role) -> impl IntoView + use<> {
    view! {
        <div class="filetable">
            <table class="table" aria-labelledby="files-h">
                <thead>
                    <tr>
                        <th>{say!(locale, recording.files.name)}</th>
                        <th class="c-kind">{say!(locale, recording.files.kind)}</th>
                        <th class="r c-len">{say!(locale, recording.files.length)}</th>
                        <th class="r c-size">{say!(locale, recording.files.size)}</th>
                        <th class="c-hash">{say!(locale, recording.files.hash)}</th>
                        <th>{say!(locale, recording.files.archive)}</th>
                        <th><span class="sr">{say!(locale, recording.files.get)}</span></th>
                    </tr>
                </thead>
                <tbody>{files.iter().map(|file| row(locale, file, role)).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(locale: Locale, file: &FileView, role: Role) -> impl IntoView + use<> {
    let (glyph, kind) = match file.kind {
        FileKind::Composite => (Glyph::Film, say!(locale, common.files.composite)),
        FileKind::Track => (Glyph::Track, say!(locale, common.files.track)),
        FileKind::Frame => (Glyph::Frame, say!(locale, common.files.frame)),
    };
    let length = file.length.map_or_else(|| "–".to_owned(), clock_length);
    let size = match file.size {
        Some(size) => words::bytes(locale, size),
        None => say!(locale, recording.files.unknown).to_owned(),
    };
    let hash = file.sha256.as_deref().map_or("–".to_owned(), short_hash);
    let whole = file.sha256.clone();
    let whole = whole.unwrap_or_else(|| say!(locale, recording.files.no_hash).to_owned());
    let name = file.name.clone();
    let get = is_readable(file.state).then(|| {
        view! {
            <a
                class="btn quiet icon"
                href=paths::download(file.id)
                download
                aria-label=say!(locale, recording.files.get_named, name = name.clone())
            >
                <Icon glyph=Glyph::Download />
            </a>
        }
    });
    view! {
        <tr id=format!("file-{}", file.id)>
            <td>
                <span class="fn"><Icon glyph=glyph /><FileName name=name /></span>
                {trouble(locale, file, role)}
            </td>
            <td class="c-kind nowrap soft">{kind}</td>
            <td class="c-len num r">{length}</td>
            <td class="c-size num r nowrap">{size}</td>
            <td class="c-hash mono nowrap"><span class="hash" title=whole>{hash}</span></td>
            <td><FileTag state=file.state /></td>
            <td class="c-get">{get}</td>
        </tr>
    }
}

/// `9c1e…b07a`.
fn short_hash(hash: &str) -> String {
    match (hash.get(..4), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(start), Some(end)) if hash.len() > 9 => format!("{start}…{end}"),
        _ => hash.to_owned(),
    }
}

/// The problem with a file, the time of the next retry, and how to solve it; empty if there is none.
fn trouble(locale: Locale, file: &FileView, role: Role) -> Option<impl IntoView + use<>> {
    let text = why_no_copy(locale, file.state, file.trouble.as_ref())?;
    let again = file.next_try_at.map(|at| {
        view! {
            ". "
            {td!(locale, recording.files.try_again, time = move || view! { <Time at=at /> })}
        }
    });
    let hint = hint(locale, file, role).map(|hint| view! { <p class="hint">{hint}</p> });
    let host = file.to_allow.clone().filter(|_| role == Role::Admin);
    let allow = host.map(|host| allow(locale, file.id, host));
    Some(view! {
        <LintLine level=Level::Error>{text} {again}</LintLine>
        {hint}
        {allow}
    })
}

/// Who can allow the address of a blocked file, and where; empty if it can be done here, or never.
fn hint(locale: Locale, file: &FileView, role: Role) -> Option<&'static str> {
    let in_settings = file.state == FileState::Blocked
        && matches!(file.trouble, Some(Cause::Inside(_) | Cause::Port { .. }));
    match file.to_allow {
        Some(_) if role < Role::Admin => Some(say!(locale, recording.files.ask_admin)),
        None if in_settings => Some(say!(locale, recording.files.ask_settings)),
        _ => None,
    }
}

/// The form that allows the host of a blocked file.
fn allow(locale: Locale, file: FileId, host: String) -> impl IntoView {
    view! {
        <details class="fold allow" id=format!("allow-{file}")>
            <summary><Icon glyph=Glyph::Right />{say!(locale, recording.files.allow)}</summary>
            <p class="hint">{say!(locale, recording.files.allow_text, host)}</p>
            <form method="post" action=AllowHost::url()>
                <input type="hidden" name="id" value=file.to_string() />
                <button class="btn">{say!(locale, recording.files.allow_fetch)}</button>
            </form>
        </details>
    }
}

/// The reason why a file is not archived, in words.
fn why_no_copy(locale: Locale, state: FileState, cause: Option<&Cause>) -> Option<String> {
    let cause = match cause {
        Some(cause) => words::cause(locale, cause),
        None => say!(locale, recording.files.no_cause).to_owned(),
    };
    match state {
        FileState::Failed => Some(say!(locale, recording.files.failed, cause)),
        FileState::Blocked => Some(say!(locale, recording.files.blocked, cause)),
        FileState::Gone => Some(say!(locale, recording.files.gone, cause)),
        FileState::Remote | FileState::Fetching | FileState::Archived | FileState::Purged => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_keeps_its_ends() {
        let hash = format!("9c1e{}b07a", "0".repeat(56));
        assert_eq!(short_hash(&hash), "9c1e…b07a");
        assert_eq!(short_hash("abc"), "abc");
    }

    #[test]
    fn a_download_of_some_files_says_so() {
        let words = |locale, count| words_of_all(locale, count, 14, "29 MB".to_owned());
        assert_eq!(words(Locale::en, 14), "Download all (14 files, 29 MB)");
        assert_eq!(words(Locale::en, 12), "Download 12 of 14 files (29 MB)");
        assert_eq!(words(Locale::zh_CN, 14), "全部下载（14 个文件，29 MB）");
    }

    #[test]
    fn a_trouble_names_its_cause() {
        let why = why_no_copy(Locale::en, FileState::Failed, Some(&Cause::Status(502)));
        assert_eq!(why.unwrap(), "The copy failed: the answer was HTTP 502");
        assert_eq!(why_no_copy(Locale::en, FileState::Archived, None), None);
        assert!(why_no_copy(Locale::zh_CN, FileState::Gone, None).is_some());
    }
}
