use leptos::prelude::*;
use reelroom_domain::file::{FileKind, FileState};

use super::pill::pill;
use crate::{icon::Glyph, this_page::locale};

/// A file name, truncated in the middle where it is too long: the random suffix tells two files apart.
#[component]
pub fn FileName(#[prop(into)] name: String) -> impl IntoView {
    let (start, end) = cut(&name);
    let (start, end) = (start.to_owned(), end.to_owned());
    view! { <span class="midcut mono" title=name><span>{start}</span> <span>{end}</span></span> }
}

/// The position at which a name may be truncated: before its last underscore if the end is short, else
/// twelve characters before the end.
fn cut(name: &str) -> (&str, &str) {
    const LONGEST_END: usize = 18;
    const USUAL_END: usize = 12;
    let by_underscore = name
        .rfind('_')
        .filter(|at| *at > 0 && name[*at..].chars().count() <= LONGEST_END);
    let at = by_underscore.unwrap_or_else(|| {
        name.char_indices()
            .rev()
            .nth(USUAL_END - 1)
            .map_or(0, |(at, _)| at)
    });
    name.split_at(at)
}

/// The icon of a kind of file.
pub const fn file_glyph(kind: FileKind) -> Glyph {
    match kind {
        FileKind::Composite => Glyph::Film,
        FileKind::Track => Glyph::Track,
        FileKind::Frame => Glyph::Frame,
    }
}

/// The state of a file as an icon and a word.
#[component]
pub fn FileTag(state: FileState) -> impl IntoView {
    let locale = locale();
    let (tone, glyph, word) = match state {
        FileState::Remote => (
            "wait",
            Glyph::Cloud,
            say!(locale, common.archive.vendor_only),
        ),
        FileState::Fetching => (
            "info",
            Glyph::Spinner,
            say!(locale, common.archive.verifying),
        ),
        FileState::Archived => ("ok", Glyph::Shield, say!(locale, common.archive.archived)),
        FileState::Failed => ("fault", Glyph::Alert, say!(locale, common.archive.failed)),
        FileState::Blocked => ("fault", Glyph::Lock, say!(locale, common.archive.blocked)),
        FileState::Gone => ("fault", Glyph::Alert, say!(locale, common.archive.gone)),
        FileState::Purged => ("plain", Glyph::X, say!(locale, common.archive.purged)),
    };
    pill(tone, glyph, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_tells_files_apart() {
        assert_eq!(
            cut("ar_board-weekly_20261122_d9Rw.mp4"),
            ("ar_board-weekly_20261122", "_d9Rw.mp4")
        );
        assert_eq!(cut("8c1f0be2a974"), ("", "8c1f0be2a974"));
        assert_eq!(cut("客服_培训"), ("客服", "_培训"));
        assert_eq!(cut(""), ("", ""));
        assert_eq!(cut("_x"), ("", "_x"));
        let (start, end) = cut("a-very-long-name-without-any-underscore.mp4");
        assert_eq!(end.chars().count(), 12);
        assert_eq!(start.len() + end.len(), 43);
    }
}
