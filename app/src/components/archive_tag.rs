use leptos::prelude::*;
use reelroom_domain::file::FileState;

use crate::icon::{Glyph, Icon};
use crate::this_page::locale;

/// The archive state of one file or of all files of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// Of one file.
    File(FileState),
    /// Of several files.
    Several {
        /// The number of archived files.
        archived: u32,
        /// The number of received files.
        arrived: u32,
    },
}

impl Archive {
    /// The file state that represents it; for several files, that of the file that is furthest behind.
    const fn state(self) -> Option<FileState> {
        match self {
            Self::File(state) => Some(state),
            Self::Several { arrived: 0, .. } => None,
            Self::Several { archived: 0, .. } => Some(FileState::Remote),
            Self::Several { archived, arrived } if archived < arrived => Some(FileState::Fetching),
            Self::Several { .. } => Some(FileState::Archived),
        }
    }
}

/// The archive state as an icon and a word.
#[component]
pub fn ArchiveTag(
    /// The archive state.
    of: Archive,
) -> impl IntoView {
    let locale = locale();
    let state = of.state();
    let (tone, glyph, spin) = look(state);
    view! {
        <span class="pill" data-tone=tone>
            <Icon glyph=glyph class=if spin { "spin" } else { "" } />
            <span>
                {match state {
                    None => say!(locale, common.archive.none),
                    Some(FileState::Remote) => say!(locale, common.archive.vendor_only),
                    Some(FileState::Fetching) => say!(locale, common.archive.verifying),
                    Some(FileState::Archived) => say!(locale, common.archive.archived),
                    Some(FileState::Failed) => say!(locale, common.archive.failed),
                    Some(FileState::Blocked) => say!(locale, common.archive.blocked),
                    Some(FileState::Gone) => say!(locale, common.archive.gone),
                    Some(FileState::Purged) => say!(locale, common.archive.purged),
                }}
            </span>
        </span>
    }
}

/// The tone, the icon, and whether the icon spins.
const fn look(state: Option<FileState>) -> (&'static str, Glyph, bool) {
    match state {
        None => ("plain", Glyph::Idle, false),
        Some(FileState::Remote) => ("wait", Glyph::Cloud, false),
        Some(FileState::Fetching) => ("info", Glyph::Spinner, true),
        Some(FileState::Archived) => ("ok", Glyph::Shield, false),
        Some(FileState::Failed | FileState::Gone) => ("fault", Glyph::Alert, false),
        Some(FileState::Blocked) => ("fault", Glyph::Lock, false),
        Some(FileState::Purged) => ("plain", Glyph::X, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_is_behind_speaks_for_all() {
        let of = |archived, arrived| Archive::Several { archived, arrived }.state();
        assert_eq!(of(0, 0), None);
        assert_eq!(of(0, 4), Some(FileState::Remote));
        assert_eq!(of(3, 4), Some(FileState::Fetching));
        assert_eq!(of(4, 4), Some(FileState::Archived));
    }
}
