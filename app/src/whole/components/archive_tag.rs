use leptos::prelude::*;
use reelroom_domain::file::FileState;

use super::{Glyph, Icon};
use crate::i18n::use_i18n;

/// Where our copy stands, of one file or of all files of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// Of one file.
    File(FileState),
    /// Of several: how many we keep, of how many that arrived.
    Several {
        /// Copies of ours.
        archived: u32,
        /// Files that arrived.
        arrived: u32,
    },
}

impl Archive {
    /// What stands for it: of several, the state of the file that is furthest behind.
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

/// Where our copy stands, as an icon and a word.
#[component]
pub fn ArchiveTag(
    /// Of what.
    of: Archive,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = of.state();
    let (tone, glyph, spin) = look(state);
    view! {
        <span class="pill" data-tone=tone>
            <Icon glyph=glyph class=if spin { "spin" } else { "" } />
            <span>
                {match state {
                    None => told!(i18n, common.archive.none).into_any(),
                    Some(FileState::Remote) => told!(i18n, common.archive.vendor_only).into_any(),
                    Some(FileState::Fetching) => told!(i18n, common.archive.verifying).into_any(),
                    Some(FileState::Archived) => told!(i18n, common.archive.archived).into_any(),
                    Some(FileState::Failed) => told!(i18n, common.archive.failed).into_any(),
                    Some(FileState::Blocked) => told!(i18n, common.archive.blocked).into_any(),
                    Some(FileState::Gone) => told!(i18n, common.archive.gone).into_any(),
                    Some(FileState::Purged) => told!(i18n, common.archive.purged).into_any(),
                }}
            </span>
        </span>
    }
}

/// Tone, icon, and whether it turns.
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
