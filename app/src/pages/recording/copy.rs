//! The state of our copy of a file.

use leptos::prelude::*;
use reelroom_domain::{cause::Cause, file::FileState, time::Timestamp};

use crate::{
    components::{Glyph, Icon, time},
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    words,
};

/// A link that downloads a file.
pub fn download(href: String, label: String) -> impl IntoView + use<> {
    view! {
        <a class="btn quiet icon" href=href download aria-label=label>
            <Icon glyph=Glyph::Download />
        </a>
    }
}

/// The SHA-256 of a copy, shortened.
pub fn hash(locale: Locale, sha256: Option<&str>) -> impl IntoView + use<> {
    let short = sha256.map_or("–".to_owned(), short_hash);
    let whole = sha256.unwrap_or_else(|| say!(locale, recording.files.no_hash));
    let whole = whole.to_owned();
    view! { <span class="hash" title=whole>{short}</span> }
}

/// `9c1e…b07a`.
fn short_hash(hash: &str) -> String {
    match (hash.get(..4), hash.get(hash.len().saturating_sub(4)..)) {
        (Some(start), Some(end)) if hash.len() > 9 => format!("{start}…{end}"),
        _ => hash.to_owned(),
    }
}

/// The problem with a file and the time of the next retry; empty if there is none.
pub fn trouble(
    locale: Locale,
    state: FileState,
    cause: Option<&Cause>,
    next_try_at: Option<Timestamp>,
) -> Option<impl IntoView + use<>> {
    let text = why_no_copy(locale, state, cause)?;
    let again = next_try_at.map(|at| {
        view! {
            ". "
            {td!(locale, common.trouble.next, time = time(at))}
        }
    });
    Some(view! { <LintLine level=Level::Error>{text} {again}</LintLine> })
}

/// The reason why a file is not archived, in words.
pub fn why_no_copy(locale: Locale, state: FileState, cause: Option<&Cause>) -> Option<String> {
    let is_lost = matches!(cause, Some(Cause::CopyDamaged | Cause::CopyMissing));
    let has_address = !matches!(cause, Some(Cause::NoAddress));
    let cause = match cause {
        Some(cause) => words::cause(locale, cause),
        None => say!(locale, recording.files.no_cause).to_owned(),
    };
    match state {
        FileState::Blocked if has_address => Some(say!(locale, recording.files.blocked, cause)),
        FileState::Failed | FileState::Blocked => Some(say!(locale, recording.files.failed, cause)),
        FileState::Gone => Some(say!(locale, recording.files.gone, cause)),
        FileState::Remote | FileState::Fetching if is_lost => {
            Some(say!(locale, recording.files.lost, cause))
        }
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
    fn a_trouble_names_its_cause() {
        let why = why_no_copy(Locale::en, FileState::Failed, Some(&Cause::Status(502)));
        assert_eq!(why.unwrap(), "The copy failed: the answer was HTTP 502");
        let why = why_no_copy(Locale::en, FileState::Blocked, Some(&Cause::NoAddress));
        assert_eq!(
            why.unwrap(),
            "The copy failed: the callback named no address"
        );
        let why = why_no_copy(Locale::en, FileState::Remote, Some(&Cause::CopyMissing));
        assert_eq!(
            why.unwrap(),
            "Our copy was lost and is fetched again: the storage no longer has it"
        );
        let why = why_no_copy(Locale::en, FileState::Fetching, Some(&Cause::Status(502)));
        assert_eq!(why, None);
        assert_eq!(why_no_copy(Locale::en, FileState::Archived, None), None);
        assert!(why_no_copy(Locale::zh_CN, FileState::Gone, None).is_some());
    }
}
