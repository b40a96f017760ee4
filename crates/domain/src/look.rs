//! Looks at a recording of which nobody knows whether it runs: what was asked, what was seen.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How long after a look we look again by ourselves. Milliseconds.
pub const LOOK_EVERY: i64 = 30_000;

/// What one look saw. None of it moves a state: only a file does, when it is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// What status callbacks tell of the room.
    pub room: RoomSign,
    /// What the platform's list of files tells.
    pub list: ListSign,
}

/// What status callbacks tell of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomSign {
    /// No meeting was told of since the recording was asked for.
    Silent,
    /// A meeting is on.
    Live {
        /// People in it.
        people: u32,
    },
    /// The meeting that was on is over.
    Over {
        /// Since when.
        at: Timestamp,
    },
}

/// What the platform's list of files tells of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSign {
    /// It cannot be asked: the app has no token for it.
    NoToken,
    /// It was not asked this time: the calls of this minute are used up, or the platform said no within
    /// it.
    Busy,
    /// It did not answer as it should.
    Failed(ListTrouble),
    /// It holds no file of this recording. While a room is being recorded, it never does.
    Nothing,
    /// Files of this recording are being made: it recorded.
    Making {
        /// How many.
        files: u32,
    },
    /// Files of this recording are there.
    Files {
        /// How many.
        files: u32,
    },
}

/// Why the list told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListTrouble {
    /// The platform was not reached.
    NotReached,
    /// No answer, or none that can be read.
    NoAnswer,
    /// The token is wrong.
    Token,
    /// The clocks are too far apart.
    Clock,
    /// The platform does not know the app, or no longer.
    App,
    /// Asked too often.
    TooFrequent,
    /// The platform's own trouble.
    Platform,
}

/// The looks at one recording so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    /// How many there were.
    pub count: u32,
    /// When the last one was.
    pub last_at: Timestamp,
    /// What it saw.
    pub last: Look,
}
