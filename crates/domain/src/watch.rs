//! The watchdog: alerts from status callbacks and the clock.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{ids::RecordingId, time::Timestamp, words::words};

words!(AlertKind, AlwaysRecord);

const MINUTE: i64 = 60_000;

/// The time in which the recording of a meeting in an always recorded room must start. Milliseconds, as
/// all of these.
pub const GRACE: i64 = MINUTE / 2;
/// The time for which an empty room may be recorded.
pub const EMPTY_FOR: i64 = 10 * MINUTE;
/// The time for which a room may have no status callbacks after the start of its recording.
pub const QUIET_FOR: i64 = 10 * MINUTE;
/// The longest recording.
pub const LONG: i64 = 6 * 60 * MINUTE;
/// An app has status callbacks if it had one within this time before a start, or since.
pub const TELLS_WITHIN: i64 = 24 * 60 * MINUTE;

/// The kind of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AlertKind {
    /// A meeting in an always recorded room is not recorded.
    NotRecorded,
    /// A recorded room has been empty for [`EMPTY_FOR`].
    EmptyRoom,
    /// A recorded room has had no status callbacks for [`QUIET_FOR`], though others have.
    NoSign,
    /// A room has been recorded for longer than [`LONG`].
    TooLong,
    /// The platform no longer has files of a recording of which there is no copy.
    FilesGone,
}

/// The facts about a room from which alerts follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Whether the room is always recorded.
    pub always: bool,
    /// When the meeting that is on began.
    pub meeting_since: Option<Timestamp>,
    /// The number of people in it.
    pub people: u32,
    /// When the room became empty.
    pub empty_since: Option<Timestamp>,
    /// When the recording that runs started.
    pub recording_since: Option<Timestamp>,
    /// Whether any recording occupies the room, also one in an unknown state.
    pub is_taken: bool,
    /// Whether a person stopped a recording of this meeting, which then is not recorded again.
    pub stopped_by_hand: bool,
    /// The time of the last status callback about the room.
    pub heard_at: Option<Timestamp>,
    /// The time of the last status callback about any room of the app.
    pub app_heard_at: Option<Timestamp>,
}

/// The alerts and when they start, most urgent first. Those with a start in the future follow if nothing changes.
pub fn alerts(facts: &Facts) -> Vec<(AlertKind, Timestamp)> {
    let since = |kind, from: Timestamp, millis| (kind, from.plus_millis(millis));
    let Some(started) = facts.recording_since else {
        return facts
            .meeting_since
            .filter(|_| facts.always && !facts.is_taken && !facts.stopped_by_hand)
            .map(|began| since(AlertKind::NotRecorded, began, GRACE))
            .into_iter()
            .collect();
    };
    let mut found = Vec::new();
    if facts.people == 0 {
        let has_signs = facts.heard_at.is_some_and(|at| at >= started);
        let tells = facts
            .app_heard_at
            .is_some_and(|at| at >= started.plus_millis(-TELLS_WITHIN));
        if has_signs || facts.meeting_since.is_some() {
            let from = facts.empty_since.map_or(started, |at| at.max(started));
            found.push(since(AlertKind::EmptyRoom, from, EMPTY_FOR));
        } else if tells {
            found.push(since(AlertKind::NoSign, started, QUIET_FOR));
        }
    }
    found.push(since(AlertKind::TooLong, started, LONG));
    found
}

/// An active alert, as pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertView {
    /// Its kind.
    pub kind: AlertKind,
    /// Its start.
    pub since: Timestamp,
    /// The recording that it is about, unless it is about a missing one.
    pub recording: Option<RecordingId>,
}

/// The meetings of a room that are recorded automatically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AlwaysRecord {
    /// Every meeting.
    #[strum(serialize = "yes")]
    On,
    /// The next one.
    Once,
    /// None.
    #[strum(serialize = "no")]
    Off,
}

/// The “always record” mark of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Always {
    /// The account that set it.
    pub by: String,
    /// When it was set.
    pub at: Timestamp,
    /// Whether only the next meeting is recorded.
    pub once: bool,
}

/// A decision of a person about a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomEvent {
    /// “Always record” was turned on.
    AlwaysOn,
    /// The next meeting will be recorded.
    OnceOn,
    /// “Always record” was turned off.
    AlwaysOff,
    /// An alert about a meeting was dismissed.
    Dismissed(AlertKind),
}

/// One line of a room's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomNote {
    /// Its time.
    pub at: Timestamp,
    /// The decision.
    pub event: RoomEvent,
    /// The account.
    pub by: String,
}

/// The watchdog's data of a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomWatch {
    /// Its “always record” mark.
    pub always: Option<Always>,
    /// The alerts, oldest first.
    pub alerts: Vec<AlertView>,
    /// The last decisions, newest first.
    pub notes: Vec<RoomNote>,
}

#[cfg(test)]
mod tests {
    use super::{AlertKind as K, *};

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * MINUTE)
    }

    const DAY: i64 = 24 * 60;

    /// A recording that runs since minute 100, with a participant.
    fn running() -> Facts {
        Facts {
            meeting_since: Some(at(90)),
            people: 2,
            recording_since: Some(at(100)),
            is_taken: true,
            heard_at: Some(at(90)),
            app_heard_at: Some(at(99)),
            ..Facts::default()
        }
    }

    /// A meeting since minute 90 in a room that is always recorded.
    fn missed() -> Facts {
        Facts {
            always: true,
            meeting_since: Some(at(90)),
            people: 1,
            heard_at: Some(at(90)),
            ..Facts::default()
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table, read from top to bottom")]
    fn alerts_follow_the_facts() {
        let long = (K::TooLong, at(100 + 360));
        let empty = Facts {
            meeting_since: None,
            people: 0,
            ..running()
        };
        let table = [
            ("nothing is on", Facts::default(), vec![]),
            ("people are there", running(), vec![long]),
            (
                "they left in the middle",
                Facts {
                    empty_since: Some(at(130)),
                    heard_at: Some(at(130)),
                    ..empty
                },
                vec![(K::EmptyRoom, at(140)), long],
            ),
            (
                "they left before the start, and the end of the meeting came after it",
                Facts {
                    empty_since: Some(at(95)),
                    heard_at: Some(at(101)),
                    ..empty
                },
                vec![(K::EmptyRoom, at(110)), long],
            ),
            (
                "a meeting without anybody",
                Facts {
                    people: 0,
                    empty_since: Some(at(90)),
                    ..running()
                },
                vec![(K::EmptyRoom, at(110)), long],
            ),
            (
                "yesterday's meeting, and nothing since the start",
                Facts {
                    empty_since: Some(at(20)),
                    heard_at: Some(at(20)),
                    ..empty
                },
                vec![(K::NoSign, at(110)), long],
            ),
            (
                "without status calls, unlike other rooms",
                Facts {
                    heard_at: None,
                    ..empty
                },
                vec![(K::NoSign, at(110)), long],
            ),
            (
                "no status callback comes at all",
                Facts {
                    heard_at: None,
                    app_heard_at: None,
                    ..empty
                },
                vec![long],
            ),
            (
                "no status callback for more than a day",
                Facts {
                    heard_at: None,
                    app_heard_at: Some(at(99 - DAY)),
                    ..empty
                },
                vec![long],
            ),
            (
                "a meeting that should be recorded",
                missed(),
                vec![(K::NotRecorded, at(90).plus_millis(30_000))],
            ),
            (
                "the room is not marked",
                Facts {
                    always: false,
                    ..missed()
                },
                vec![],
            ),
            (
                "the start is in progress or unknown",
                Facts {
                    is_taken: true,
                    ..missed()
                },
                vec![],
            ),
            (
                "a person stopped it",
                Facts {
                    stopped_by_hand: true,
                    ..missed()
                },
                vec![],
            ),
            (
                "marked, and recorded",
                Facts {
                    always: true,
                    ..running()
                },
                vec![long],
            ),
        ];
        for (name, facts, expected) in table {
            assert_eq!(alerts(&facts), expected, "{name}");
        }
    }
}
