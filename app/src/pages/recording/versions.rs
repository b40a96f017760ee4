//! The take of a file, and its other versions.

use leptos::prelude::*;
use reelroom_domain::{
    file::FileState,
    view::{FileVersionView, FileView},
};

use super::copy::{download, hash, trouble, why_no_copy};
use crate::{
    components::{FileTag, fold_title, time},
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    paths, words,
};

/// `Take 2 of 3`, where there are several.
pub fn take(locale: Locale, file: &FileView) -> Option<String> {
    let (number, count) = file.take?;
    let (number, count) = (number.to_string(), count.to_string());
    Some(say!(locale, recording.files.take, number, count))
}

/// The take and the version of a file, as far as there are others.
pub fn labels(locale: Locale, file: &FileView) -> Option<String> {
    let version = (!file.versions.is_empty()).then(|| number(locale, file.version));
    match (take(locale, file), version) {
        (Some(take), Some(version)) => Some(format!("{take} · {version}")),
        (take, version) => take.or(version),
    }
}

fn number(locale: Locale, version: u32) -> String {
    say!(
        locale,
        recording.files.version,
        number = version.to_string()
    )
}

/// A note that an older version than the newest is shown.
pub fn newer(locale: Locale, file: &FileView) -> Option<impl IntoView + use<>> {
    let newest = file.versions.first();
    let newest = newest.filter(|newest| newest.version > file.version)?;
    let text = if newest.state == FileState::Archived {
        say!(locale, recording.files.newer_unknown)
    } else {
        say!(locale, recording.files.newer)
    };
    let why = why_no_copy(locale, newest.state, newest.trouble.as_ref());
    Some(view! { <LintLine level=Level::Warn>{text} " " {why}</LintLine> })
}

/// The other versions, folded.
pub fn versions(
    locale: Locale,
    file: &FileView,
    may_download: bool,
) -> Option<impl IntoView + use<>> {
    let summary = match file.versions.len() {
        0 => return None,
        1 => say!(locale, recording.files.versions_one).to_owned(),
        n => say!(locale, recording.files.versions_many, count = n.to_string()),
    };
    let rows = file.versions.iter();
    let rows = rows
        .map(|version| row(locale, file, version, may_download))
        .collect_view();
    Some(view! {
        <details class="fold versions" id=format!("versions-{}", file.id)>
            {fold_title(summary)}
            <ul>{rows}</ul>
        </details>
    })
}

fn row(
    locale: Locale,
    file: &FileView,
    version: &FileVersionView,
    may_download: bool,
) -> impl IntoView + use<> {
    let at = version.announced_at;
    let size = match version.size {
        Some(size) => words::bytes(locale, size),
        None => say!(locale, common.word.unknown).to_owned(),
    };
    let get = (may_download && version.state.is_readable()).then(|| {
        let (number, name) = (version.version.to_string(), file.name.clone());
        let label = say!(locale, recording.files.get_version, number, name);
        download(paths::download_version(file.id, version.version), label)
    });
    view! {
        <li>
            <b>{number(locale, version.version)}</b>
            <span>
                {td!(locale, recording.files.announced, time = time(at))}
            </span>
            <span class="num">{size}</span>
            <span class="mono">{hash(locale, version.sha256.as_deref())}</span>
            <FileTag state=version.state />
            {get}
            {trouble(locale, version.state, version.trouble.as_ref(), version.next_try_at)}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{file::FileKind, time::Timestamp};

    use super::*;
    use crate::samples;

    fn file() -> FileView {
        FileView {
            version: 2,
            versions: vec![FileVersionView {
                version: 1,
                size: None,
                announced_at: Timestamp::from_millis(0),
                state: FileState::Archived,
                trouble: None,
                next_try_at: None,
                sha256: None,
            }],
            take: Some((2, 3)),
            ..samples::file('0', FileKind::Composite)
        }
    }

    #[test]
    fn a_file_is_labelled_where_there_are_others() {
        let labels = |file: &FileView| labels(Locale::en, file);
        let both = file();
        assert_eq!(labels(&both).unwrap(), "Take 2 of 3 · Version 2");
        let take = FileView {
            versions: Vec::new(),
            ..file()
        };
        assert_eq!(labels(&take).unwrap(), "Take 2 of 3");
        let alone = FileView { take: None, ..take };
        assert_eq!(labels(&alone), None);
        assert!(newer(Locale::en, &both).is_none());
    }
}
