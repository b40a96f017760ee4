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

    /// The facts of a text: `recording 100, taken, people 2`, with times in minutes.
    fn facts(text: &str) -> Facts {
        let mut facts = Facts::default();
        for fact in text.split(", ") {
            let (name, number) = fact.split_once(' ').unwrap_or((fact, "0"));
            let number: i64 = number.parse().unwrap();
            let time = Some(at(number));
            match name {
                "" => {}
                "always" => facts.always = true,
                "meeting" => facts.meeting_since = time,
                "people" => facts.people = number.try_into().unwrap(),
                "empty" => facts.empty_since = time,
                "recording" => facts.recording_since = time,
                "taken" => facts.is_taken = true,
                "stopped" => facts.stopped_by_hand = true,
                "heard" => facts.heard_at = time,
                "app" => facts.app_heard_at = time,
                _ => panic!("{fact}"),
            }
        }
        facts
    }

    #[test]
    fn alerts_follow_the_facts() {
        let long = (K::TooLong, at(100 + 360));
        let table = [
            ("nothing is on", "", vec![]),
            (
                "people are there",
                "recording 100, taken, meeting 90, people 2, heard 90, app 99",
                vec![long],
            ),
            (
                "they left in the middle",
                "recording 100, taken, empty 130, heard 130, app 99",
                vec![(K::EmptyRoom, at(140)), long],
            ),
            (
                "they left before the start, and the end of the meeting came after it",
                "recording 100, taken, empty 95, heard 101, app 99",
                vec![(K::EmptyRoom, at(110)), long],
            ),
            (
                "a meeting without anybody",
                "recording 100, taken, meeting 90, empty 90, heard 90, app 99",
                vec![(K::EmptyRoom, at(110)), long],
            ),
            (
                "yesterday's meeting, and nothing since the start",
                "recording 100, taken, empty 20, heard 20, app 99",
                vec![(K::NoSign, at(110)), long],
            ),
            (
                "without status calls, unlike other rooms",
                "recording 100, taken, app 99",
                vec![(K::NoSign, at(110)), long],
            ),
            (
                "no status callback comes at all",
                "recording 100, taken",
                vec![long],
            ),
            (
                "no status callback for more than a day",
                "recording 100, taken, app -1341",
                vec![long],
            ),
            (
                "a meeting that should be recorded",
                "always, meeting 90, people 1, heard 90",
                vec![(K::NotRecorded, at(90).plus_millis(30_000))],
            ),
            (
                "the room is not marked",
                "meeting 90, people 1, heard 90",
                vec![],
            ),
            (
                "the start is in progress or unknown",
                "always, taken, meeting 90, people 1, heard 90",
                vec![],
            ),
            (
                "a person stopped it",
                "always, stopped, meeting 90, people 1, heard 90",
                vec![],
            ),
            (
                "marked, and recorded",
                "always, recording 100, taken, meeting 90, people 2, heard 90, app 99",
                vec![long],
            ),
        ];
        for (name, text, expected) in table {
            assert_eq!(alerts(&facts(text)), expected, "{name}");
        }
    }
}
