//! Files: what they are and where they stand.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::words::words;

words!(FileKind, Media, FileState);

use crate::{room::ParticipantId, time::Timestamp};

/// The longest name of a file that is taken, in bytes of UTF-8. Longer names no file system takes,
/// and no index of PostgreSQL.
pub const NAME_BYTES: usize = 1000;

/// The longest address of a file that is kept, in bytes. Signed addresses have about 2 KB.
pub const ADDRESS_BYTES: usize = 8 * 1024;

/// What a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
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

/// What a file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Media {
    /// Sound only.
    Audio,
    /// Picture, with or without sound.
    Video,
    /// A still picture.
    Image,
    /// The platform did not say, or said something that we do not know.
    Unknown,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum FileState {
    /// Announced; only the platform has it.
    Remote,
    /// Our copy is being made.
    Fetching,
    /// Our copy is whole and verified.
    Archived,
    /// The copy did not work; it is tried again.
    Failed,
    /// Its address is not one that the app allows.
    Blocked,
    /// The platform no longer has it.
    Gone,
    /// Deleted here, by retention.
    Purged,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileEvent {
    /// A worker begins to copy it.
    FetchBegun,
    /// The copy is on our storage, whole.
    Stored,
    /// The copy broke off; there will be another try.
    FetchBroken,
    /// Its address is not allowed.
    AddressRefused,
    /// The platform says that it has no such file.
    NotThere,
    /// Retention deletes our copy.
    Purged,
    /// It was announced again with another size or address, or its address is allowed now.
    Renewed,
}

/// An event that the table does not allow in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file that is {from:?} cannot take {event:?}")]
pub struct NotAllowed {
    /// The state it is in, and stays in.
    pub from: FileState,
    /// The event that was refused.
    pub event: FileEvent,
}

impl FileState {
    /// The state after `event`; the only place that decides it.
    pub const fn after(self, event: FileEvent) -> Result<Self, NotAllowed> {
        use FileEvent as E;
        Ok(match (self, event) {
            // `Fetching` again: the process died during a copy, and the next one takes it up.
            (Self::Remote | Self::Failed | Self::Fetching, E::FetchBegun) => Self::Fetching,
            (Self::Fetching, E::Stored) => Self::Archived,
            (Self::Fetching, E::FetchBroken) => Self::Failed,
            (Self::Remote | Self::Failed | Self::Fetching, E::AddressRefused) => Self::Blocked,
            (Self::Fetching, E::NotThere) => Self::Gone,
            (Self::Archived, E::Purged) => Self::Purged,
            (
                Self::Remote | Self::Failed | Self::Blocked | Self::Gone | Self::Archived,
                E::Renewed,
            ) => Self::Remote,
            (from, event) => return Err(NotAllowed { from, event }),
        })
    }
}

/// What the platform says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// What it shows.
    pub kind: FileKind,
    /// What it is made of.
    pub media: Media,
    /// Whose track it is.
    pub participant: Option<ParticipantId>,
    /// The platform's name for it.
    pub name: String,
    /// Bytes.
    pub size: Option<u64>,
    /// Milliseconds.
    pub length_ms: Option<i64>,
    /// When its content starts.
    pub started_at: Option<Timestamp>,
    /// When its content ends.
    pub ended_at: Option<Timestamp>,
    /// Where it can be fetched.
    pub url: String,
}

impl Announcement {
    /// Its address without query and fragment, which may change from one announcement of a file to
    /// the next.
    pub fn place(&self) -> &str {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        &self.url[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::{FileEvent as E, FileState as S, *};

    const EVENTS: [E; 7] = [
        E::FetchBegun,
        E::Stored,
        E::FetchBroken,
        E::AddressRefused,
        E::NotThere,
        E::Purged,
        E::Renewed,
    ];

    const TABLE: &str = "
        remote   fetching -        -      blocked -    -      remote
        fetching fetching archived failed blocked gone -      -
        archived -        -        -      -       -    purged remote
        failed   fetching -        -      blocked -    -      remote
        blocked  -        -        -      -       -    -      remote
        gone     -        -        -      -       -    -      remote
        purged   -        -        -      -       -    -      -
    ";

    #[test]
    fn every_state_takes_every_event_as_the_table_says() {
        for row in TABLE.lines().filter(|line| !line.trim().is_empty()) {
            let row: Vec<&str> = row.split_whitespace().collect();
            let from = S::parse(row[0]).unwrap();
            assert_eq!(row.len(), EVENTS.len() + 1, "{from:?}");
            for (event, expected) in EVENTS.into_iter().zip(&row[1..]) {
                let expected = S::parse(expected).ok_or(NotAllowed { from, event });
                assert_eq!(from.after(event), expected, "{from:?} {event:?}");
            }
        }
    }
}
