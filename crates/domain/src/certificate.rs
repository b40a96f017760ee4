//! Certificates of deletion: what was deleted, why, and what the storage answered.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::{
    file::FileKind,
    ids::{FileId, RecordingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    words::words,
};

words!(PurgeAnswer);

/// The storage's answer to the deletion of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PurgeAnswer {
    /// It deleted the copy, and found no such object afterwards.
    Deleted,
    /// It had no such object.
    Absent,
    /// Another recording has the same copy, which stays.
    Shared,
    /// There was no copy.
    NoCopy,
}

/// A deleted file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedFile {
    /// Its id.
    pub id: FileId,
    /// Its kind.
    pub kind: FileKind,
    /// The participant of a track.
    pub participant: Option<ParticipantId>,
    /// Its name at the platform.
    pub name: String,
    /// The number of its version.
    pub version: u32,
    /// The bytes of our copy, or as the platform says.
    pub size: Option<u64>,
    /// The SHA-256 of our copy, in hexadecimal digits.
    pub sha256: Option<String>,
    /// The storage's answer.
    pub answer: PurgeAnswer,
    /// When.
    pub at: Timestamp,
}

/// Why a recording was deleted, and by whom. People are named by their sign-in names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeletedWhy {
    /// The reason that people gave.
    pub reason: Option<String>,
    /// The rule that deleted it.
    pub rule: Option<String>,
    /// When it was moved to the trash, and by whom.
    pub trashed: Option<(Timestamp, String)>,
    /// When it was to be deleted at once, and by whom.
    pub asked: Option<(Timestamp, String)>,
    /// When a second administrator agreed, and who.
    pub agreed: Option<(Timestamp, String)>,
}

/// A certificate of deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its number, such as `C-2026-0007`.
    pub number: String,
    /// When the deletion was complete.
    pub at: Timestamp,
    /// The recording.
    pub recording: RecordingId,
    /// The name of its app.
    pub app: String,
    /// Its room.
    pub room: RoomId,
    /// When it began, and when it ended.
    pub recorded: (Timestamp, Option<Timestamp>),
    /// Why it was deleted.
    pub why: DeletedWhy,
    /// When it was checked that nothing holds it, before the first byte was deleted.
    pub checked_at: Timestamp,
    /// The storage.
    pub storage: String,
    /// Its files.
    pub files: Vec<DeletedFile>,
}

/// A summary of the storage's answers about the files of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There were no files.
    NoFiles,
    /// The storage deleted a copy of each, and found none afterwards.
    AllDeleted,
    /// The storage has none of them: of some there was no copy before.
    NoneLeft,
    /// The storage still has copies that another recording has as well.
    SomeShared,
}

impl Certificate {
    /// A summary of the answers about its files.
    pub fn outcome(&self) -> Outcome {
        let mut answers = self.files.iter().map(|file| file.answer);
        if self.files.is_empty() {
            Outcome::NoFiles
        } else if answers.clone().any(|answer| answer == PurgeAnswer::Shared) {
            Outcome::SomeShared
        } else if answers.all(|answer| answer == PurgeAnswer::Deleted) {
            Outcome::AllDeleted
        } else {
            Outcome::NoneLeft
        }
    }
}

/// A certificate as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCertificate {
    /// The certificate.
    pub certificate: Certificate,
    /// Its recording, or the one that this turned out to be since.
    pub recording: RecordingId,
    /// Its JSON, to the byte.
    pub json: String,
    /// The SHA-256 of the JSON, in hexadecimal digits.
    pub sha256: String,
}

/// The prefix of the numbers of the certificates of a year.
pub fn prefix(year: i64) -> String {
    format!("C-{year}-")
}

/// The number of the `nth` certificate of a year.
pub fn number(year: i64, nth: u32) -> String {
    format!("{}{nth:04}", prefix(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_follows_from_every_mix_of_answers() {
        use PurgeAnswer::{Absent, Deleted, NoCopy, Shared};
        let outcome = |answers: &[PurgeAnswer]| {
            let at = Timestamp::from_millis(0);
            let file = |answer: &PurgeAnswer| DeletedFile {
                id: uuid::Uuid::from_u128(1).into(),
                kind: FileKind::Composite,
                participant: None,
                name: "a.mp4".to_owned(),
                version: 1,
                size: Some(5),
                sha256: None,
                answer: *answer,
                at,
            };
            let certificate = Certificate {
                number: number(2026, 7),
                at,
                recording: uuid::Uuid::from_u128(2).into(),
                app: "desk".to_owned(),
                room: RoomId::new("hall").unwrap(),
                recorded: (at, None),
                why: DeletedWhy::default(),
                checked_at: at,
                storage: "/archive".to_owned(),
                files: answers.iter().map(file).collect(),
            };
            certificate.outcome()
        };
        let mixes: [(&[PurgeAnswer], Outcome); 6] = [
            (&[], Outcome::NoFiles),
            (&[Deleted, Deleted], Outcome::AllDeleted),
            (&[Absent], Outcome::NoneLeft),
            (&[Deleted, NoCopy], Outcome::NoneLeft),
            (&[Shared], Outcome::SomeShared),
            (&[Deleted, Shared, Absent], Outcome::SomeShared),
        ];
        for (answers, expected) in mixes {
            assert_eq!(outcome(answers), expected, "{answers:?}");
        }
    }

    #[test]
    fn numbers_begin_anew_each_year() {
        assert_eq!(number(2026, 7), "C-2026-0007");
        assert_eq!(number(2027, 12_345), "C-2027-12345");
    }
}
