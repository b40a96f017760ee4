//! Checks of a recording that is in an unknown state or overdue.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The period of automatic checks in milliseconds.
pub const CHECK_EVERY: i64 = 30_000;

/// The result of one check. It changes no state; only a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The sign from status callbacks.
    pub room: RoomSign,
    /// The sign from the platform's list of files.
    pub list: ListSign,
}

/// The sign of a room from status callbacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomSign {
    /// No meeting since the recording was requested.
    Silent,
    /// A meeting is on.
    Live {
        /// People in it.
        people: u32,
    },
    /// The meeting that was on is over.
    Over {
        /// When it ended.
        at: Timestamp,
    },
}

/// The sign of a recording from the platform's list of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSign {
    /// Not queried: the app has no token for the list.
    NoToken,
    /// Not queried: the rate limit is reached.
    Busy,
    /// Queued for a person, because the rate limit is reached.
    Queued {
        /// When it is queried.
        at: Timestamp,
    },
    /// The query failed.
    Failed(ListTrouble),
    /// No file of this recording, as always while it runs.
    Nothing,
    /// Files of this recording are being made, so it did record.
    Making {
        /// Their number.
        files: u32,
    },
    /// Files of this recording are ready.
    Files {
        /// Their number.
        files: u32,
    },
}

/// The reason why a query of the list failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListTrouble {
    /// The platform was not reached.
    NotReached,
    /// No answer, or an unreadable one.
    NoAnswer,
    /// The token is wrong.
    Token,
    /// The clocks differ too much.
    Clock,
    /// The platform does not know the app.
    App,
    /// The platform's rate limit.
    TooFrequent,
    /// An internal error of the platform.
    Platform,
}

/// The checks of one recording so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Their number.
    pub count: u32,
    /// The time of the last one.
    pub last_at: Timestamp,
    /// Its result.
    pub last: Check,
    /// The time of the next look-up of an overdue recording, if there is one.
    pub next_at: Option<Timestamp>,
}
