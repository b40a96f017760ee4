//! Files and their states.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{room::ParticipantId, time::Timestamp, usage::DAY, words::words};

words!(FileKind, Media, FileState);

/// The limit of a file's name in bytes of UTF-8, below those of file systems and of an index of
/// PostgreSQL.
pub const NAME_BYTES: usize = 1000;

/// The limit of a file's address in bytes. Signed addresses have about 2 KB.
pub const ADDRESS_BYTES: usize = 8 * 1024;

/// The limit of a file's size in bytes, 1 TiB: a larger one is implausible. Millions of such sizes have a sum in 63 bits.
pub const SIZE_LIMIT: u64 = 1 << 40;

/// The limit of a length in milliseconds, 366 days: a longer one is implausible.
pub const LENGTH_LIMIT: i64 = 366 * DAY;

/// A size in bytes that comes from outside; `None` if it is 0 or implausible, and so tells nothing.
pub fn plausible_size(bytes: u64) -> Option<u64> {
    (1..=SIZE_LIMIT).contains(&bytes).then_some(bytes)
}

/// A length in milliseconds that comes from outside; `None` if it is negative or implausible, and so tells nothing.
pub fn plausible_length(millis: i64) -> Option<i64> {
    (0..=LENGTH_LIMIT).contains(&millis).then_some(millis)
}

/// When content ends: as it was told, or as its start and its length tell; `None` if nobody told or measured it.
pub fn content_end(
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    length_ms: Option<i64>,
) -> Option<Timestamp> {
    let by_length = || {
        let length = length_ms.filter(|length| *length > 0)?;
        Some(started_at?.plus_millis(length))
    };
    ended_at.or_else(by_length)
}

/// The media type of a file whose content is of no known kind.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FileKind {
    /// The whole meeting.
    Composite,
    /// One participant.
    Track,
    /// One picture.
    Frame,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Composite, Self::Track, Self::Frame];
}

/// The facts about a file that stay when its recording is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Its kind.
    pub kind: FileKind,
    /// Its name at the platform.
    pub name: String,
    /// The number of its version.
    pub version: u32,
    /// The bytes of our copy, or as the platform says.
    pub size: Option<u64>,
    /// The SHA-256 of our copy, in hexadecimal digits.
    pub sha256: Option<String>,
}

/// The media of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Media {
    /// Audio only.
    Audio,
    /// Video, with or without audio.
    Video,
    /// A still picture.
    Image,
    /// Absent or unknown.
    Unknown,
}

/// The state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FileState {
    /// Announced, or its copy was lost: only at the platform.
    Remote,
    /// Our copy is being made.
    Fetching,
    /// Our copy is complete and verified.
    Archived,
    /// The copy failed and is retried.
    Failed,
    /// The app does not allow its address.
    Blocked,
    /// The platform no longer has it.
    Gone,
    /// Deleted here; its metadata and its hash stay.
    Purged,
}

/// An event in the life of a file, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray)]
pub enum FileEvent {
    /// A worker begins to copy it.
    FetchBegun,
    /// The copy is complete in our storage.
    Stored,
    /// The copy failed and will be retried.
    FetchBroken,
    /// Its address is not allowed.
    AddressRefused,
    /// The platform has no such file.
    NotThere,
    /// Its recording is purged, with our copy.
    Purged,
    /// Our copy is damaged or missing in the storage.
    Lost,
    /// It was announced again without a copy of ours, its address is allowed now, or a person has it tried
    /// again.
    Renewed,
}

/// The error of an event that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file that is {from:?} cannot take {event:?}")]
pub struct NotAllowed {
    /// The state, which does not change.
    pub from: FileState,
    /// The event.
    pub event: FileEvent,
}

impl FileState {
    /// The state after `event`. No other function changes a state.
    pub const fn after(self, event: FileEvent) -> Result<Self, NotAllowed> {
        use FileEvent as E;
        Ok(match (self, event) {
            // Again after a crash during a copy.
            (Self::Remote | Self::Failed | Self::Fetching, E::FetchBegun) => Self::Fetching,
            (Self::Fetching, E::Stored) => Self::Archived,
            (Self::Fetching, E::FetchBroken) => Self::Failed,
            (Self::Remote | Self::Failed | Self::Fetching, E::AddressRefused) => Self::Blocked,
            (Self::Remote | Self::Failed | Self::Fetching, E::NotThere) => Self::Gone,
            // In any state: a file without a copy is no longer fetched, either.
            (
                Self::Remote
                | Self::Fetching
                | Self::Archived
                | Self::Failed
                | Self::Blocked
                | Self::Gone,
                E::Purged,
            ) => Self::Purged,
            (Self::Archived, E::Lost)
            | (Self::Remote | Self::Failed | Self::Blocked | Self::Gone, E::Renewed) => {
                Self::Remote
            }
            (from, event) => return Err(NotAllowed { from, event }),
        })
    }

    /// Whether it was tried and has no copy.
    pub const fn is_in_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Blocked | Self::Gone)
    }

    /// Whether the file can be read, from our archive or from the platform through us.
    pub const fn is_readable(self) -> bool {
        !matches!(self, Self::Blocked | Self::Gone | Self::Purged)
    }
}

/// The platform's announcement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its kind.
    pub kind: FileKind,
    /// Its media.
    pub media: Media,
    /// The participant of a track.
    pub participant: Option<ParticipantId>,
    /// Its name at the platform.
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Milliseconds.
    pub length_ms: Option<i64>,
    /// When its content starts.
    pub started_at: Option<Timestamp>,
    /// When its content ends.
    pub ended_at: Option<Timestamp>,
    /// Its address.
    pub url: String,
}

impl Announcement {
    /// Fills in the facts that it lacks, except the address.
    pub(crate) fn fill(&mut self, from: &Self) {
        self.size = self.size.or(from.size);
        self.length_ms = self.length_ms.or(from.length_ms);
        self.started_at = self.started_at.or(from.started_at);
        self.ended_at = self.ended_at.or(from.ended_at);
    }

    /// Its length in milliseconds, as it was told or as its times tell.
    pub fn length(&self) -> Option<i64> {
        let between = || Some(self.ended_at?.since(self.started_at?));
        self.length_ms.or_else(between).and_then(plausible_length)
    }

    /// See [`content_end`].
    pub(crate) fn end(&self) -> Option<Timestamp> {
        content_end(self.started_at, self.ended_at, self.length_ms)
    }

    /// Its address without query and fragment, which may differ between two announcements of one file.
    pub fn place(&self) -> &str {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        &self.url[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::{FileEvent as E, FileState as S, *};
    use crate::table::rows;

    #[test]
    fn an_implausible_number_is_unknown() {
        for (bytes, expected) in [
            (0, None),
            (1, Some(1)),
            (SIZE_LIMIT, Some(SIZE_LIMIT)),
            (SIZE_LIMIT + 1, None),
            (u64::MAX, None),
        ] {
            assert_eq!(plausible_size(bytes), expected, "{bytes}");
        }
        for (millis, expected) in [
            (-1, None),
            (0, Some(0)),
            (LENGTH_LIMIT, Some(LENGTH_LIMIT)),
            (LENGTH_LIMIT + 1, None),
            (i64::MAX, None),
        ] {
            assert_eq!(plausible_length(millis), expected, "{millis}");
        }
    }

    #[test]
    fn content_ends_as_it_was_told_or_measured() {
        let at = |millis: i64| Some(Timestamp::from_millis(millis));
        for (from, to, length, expected) in [
            (at(5), at(9), Some(1), at(9)),
            (at(5), None, Some(3), at(8)),
            (at(5), None, Some(0), None),
            (at(5), None, None, None),
            (None, None, Some(3), None),
        ] {
            assert_eq!(content_end(from, to, length), expected);
        }
    }

    /// The whole table: a row for each state, a column for each event.
    const TABLE: &str = "
        remote   fetching -        -      blocked gone purged -      remote
        fetching fetching archived failed blocked gone purged -      -
        archived -        -        -      -       -    purged remote -
        failed   fetching -        -      blocked gone purged -      remote
        blocked  -        -        -      -       -    purged -      remote
        gone     -        -        -      -       -    purged -      remote
        purged   -        -        -      -       -    -      -      -
    ";

    #[test]
    fn the_transition_table() {
        let rows = rows(TABLE);
        assert_eq!(rows.len(), S::VARIANTS.len());
        for row in rows {
            let from = S::parse(row[0]).unwrap();
            assert_eq!(row.len(), E::VARIANTS.len() + 1, "{from:?}");
            for (&event, expected) in E::VARIANTS.iter().zip(&row[1..]) {
                let expected = S::parse(expected).ok_or(NotAllowed { from, event });
                assert_eq!(from.after(event), expected, "{from:?} {event:?}");
            }
        }
    }
}
