//! Raw calls from the platform and what became of them.

use serde::{Deserialize, Serialize};

/// Which of the platform's two callbacks it was (`VENDOR.md` §3 and §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackKind {
    /// A finished file: `POST /AR/V1/av`.
    Av,
    /// Meetings and who is in them: `POST /AR/V1/status`.
    Status,
}

impl CallbackKind {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Av => "av",
            Self::Status => "status",
        }
    }

    /// The kind of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Av, Self::Status]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What we made of a raw call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Understood, and it told something new.
    Accepted,
    /// Understood, and all of it was known.
    Duplicate,
    /// Well formed, but not of a kind that we know what to do with.
    Unrecognised,
    /// It cannot be read.
    Malformed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [
        Self::Accepted,
        Self::Duplicate,
        Self::Unrecognised,
        Self::Malformed,
    ];

    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Duplicate => "duplicate",
            Self::Unrecognised => "unrecognised",
            Self::Malformed => "malformed",
        }
    }

    /// The verdict of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == text)
    }
}
