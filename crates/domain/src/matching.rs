//! How a file without a correlation token finds its recording.
//!
//! 1. **Room and time window.** Only recordings of the same room are looked at. A file that says
//!    when its content starts and ends must overlap the time from the request to the stop,
//!    [`TOLERANCE`] allowed at both ends (two clocks); a file that does not must have come after
//!    the request and within [`Patience`] after the stop. A recording that still runs has an open end.
//!    Two are taken by less: one found by its files has no tolerance, because automatic recordings
//!    of one room follow each other closely, and one that the platform refused is taken only where
//!    its rule reads the name.
//! 2. **The rule read backwards**: a recording whose rule reads the name before one without a rule,
//!    and that before one whose rule does not read it.
//! 3. An overlap without the tolerance before one by tolerance alone.
//! 4. For a composite, or a file without times: a recording that still awaits files before one that
//!    may yet run, and that before one that has all its files (one composite is expected of each).
//! 5. The longer overlap; by tolerance alone, the shorter time between them.
//! 6. The newer request.
//!
//! Nothing left after the first step: the file is a recording of its own.
//!
//! **Gathering.** Recordings that were found by their files are the same one where their content
//! overlaps or is of the same meeting ([`gathers`]). A file may show only then that two of them are
//! one, so whoever keeps them joins all that a file gathers: then the order in which files come does
//! not matter.

use crate::{
    file::FileKind,
    ids::RecordingId,
    ledger::Patience,
    naming::NamingRule,
    recording::{Origin, Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};

/// How far the platform's clock and ours may be apart, and how long a start or a stop may take to
/// have its effect. Milliseconds.
pub const TOLERANCE: i64 = 2 * 60_000;

/// What a callback says of a file (`VENDOR.md` §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// What it shows.
    pub kind: FileKind,
    /// Its name.
    pub file_name: String,
    /// When its content starts, where that is known.
    pub started_at: Option<Timestamp>,
    /// When its content ends, where that is known.
    pub ended_at: Option<Timestamp>,
    /// When the callback came.
    pub received_at: Timestamp,
}

/// A recording of the file's room that the file may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub id: RecordingId,
    /// Where it stands.
    pub state: RecordingState,
    /// How it came to be.
    pub origin: Origin,
    /// The rule that it was started with.
    pub rule: Option<NamingRule>,
    /// When it was requested or, if found, when its content starts.
    pub requested_at: Timestamp,
    /// When it was stopped or, if found, when its content ends.
    pub stopped_at: Option<Timestamp>,
}

impl From<&Recording> for Candidate {
    fn from(recording: &Recording) -> Self {
        Self {
            id: recording.id,
            state: recording.state,
            origin: recording.origin,
            rule: recording.naming_rule(),
            requested_at: recording.requested_at,
            stopped_at: recording.stopped_at,
        }
    }
}

/// The recording of `room` that the file belongs to; `None`: one of its own. The module says how
/// it is chosen. The candidates' order does not matter.
pub fn choose(
    file: &Announced,
    room: &RoomId,
    candidates: &[Candidate],
    patience: Patience,
) -> Option<RecordingId> {
    candidates
        .iter()
        .filter_map(|candidate| Some((rank(file, room, candidate, patience)?, candidate.id)))
        .max()
        .map(|(_, id)| id)
}

/// Whether the file belongs with this recording, which was found by its files, because their content
/// overlaps or because both are of `meeting`, the one that the file is of.
pub fn gathers(file: &Announced, candidate: &Candidate, meeting: Option<Meeting>) -> bool {
    let Some(content) = span(file) else {
        return false;
    };
    let overlaps = overlap(content, candidate).is_some();
    candidate.origin == Origin::AutoRecorded
        && (overlaps
            || meeting.is_some_and(|meeting| {
                shared(content, meeting) > 0 && is_of_meeting(candidate, meeting)
            }))
}

/// Whether the recording was found by files of this meeting: all that were are one.
pub fn is_of_meeting(candidate: &Candidate, meeting: Meeting) -> bool {
    let end = end(candidate).unwrap_or(candidate.requested_at);
    candidate.origin == Origin::AutoRecorded && shared((candidate.requested_at, end), meeting) > 0
}

/// From when to when a meeting went that is over.
pub type Meeting = (Timestamp, Timestamp);

/// How many milliseconds of the content are of the meeting; negative where none are.
fn shared((start, until): (Timestamp, Timestamp), (from, to): Meeting) -> i64 {
    until.min(to).since(start.max(from))
}

/// The meeting that most of the file's content is of.
pub fn meeting_of(file: &Announced, meetings: &[Meeting]) -> Option<Meeting> {
    let content = span(file)?;
    let most = meetings
        .iter()
        .copied()
        .max_by_key(|meeting| shared(content, *meeting))?;
    (shared(content, most) > 0).then_some(most)
}

/// How well a recording fits; compared from the first field to the last, more is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    reading: Reading,
    without_tolerance: bool,
    waiting: Waiting,
    overlap: i64,
    newest: Timestamp,
}

/// What a recording's rule makes of the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    Refuses,
    NoRule,
    Reads,
}

/// Whether a recording has need of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    /// It does not matter for this file.
    Any,
    Served,
    MayRun,
    Awaits,
}

/// `None`: the file cannot belong to it.
fn rank(
    file: &Announced,
    room: &RoomId,
    candidate: &Candidate,
    patience: Patience,
) -> Option<Rank> {
    let reading = match &candidate.rule {
        None => Reading::NoRule,
        Some(rule) => match rule.read_back(&file.file_name, file.kind, Some(room)) {
            Some(_) => Reading::Reads,
            None => Reading::Refuses,
        },
    };
    if candidate.state == RecordingState::Failed && reading != Reading::Reads {
        return None;
    }
    let span = span(file);
    let (without_tolerance, overlap) = match span {
        Some(span) => overlap(span, candidate)?,
        None => (
            came_in_time(file.received_at, candidate, patience).then_some(true)?,
            0,
        ),
    };
    let waiting = if file.kind == FileKind::Composite || span.is_none() {
        waiting(candidate.state)
    } else {
        Waiting::Any
    };
    Some(Rank {
        reading,
        without_tolerance,
        waiting,
        overlap,
        newest: candidate.requested_at,
    })
}

/// From when to when the file's content goes; a moment where it says only one of them, or has them
/// the wrong way round.
fn span(file: &Announced) -> Option<(Timestamp, Timestamp)> {
    let start = file.started_at.or(file.ended_at)?;
    let end = file.ended_at.unwrap_or(start);
    Some((start, end.max(start)))
}

/// When the recording ended at the latest; `None`: it may run still.
fn end(candidate: &Candidate) -> Option<Timestamp> {
    match candidate.stopped_at {
        None if candidate.state.is_active() => None,
        // Refused, or never stopped by us: all that is known is that it was requested.
        None => Some(candidate.requested_at),
        stopped => stopped,
    }
}

/// Whether the content overlaps the recording without the tolerance, and for how many milliseconds
/// (negative: so many lie between them); `None`: not even with it.
fn overlap((start, until): (Timestamp, Timestamp), candidate: &Candidate) -> Option<(bool, i64)> {
    let begin = candidate.requested_at;
    let end = end(candidate).unwrap_or(Timestamp::from_millis(i64::MAX));
    let length = until.min(end).since(start.max(begin));
    let touches = match candidate.origin {
        Origin::Started => length >= -TOLERANCE,
        // Two that only meet, one's end the other's start, are two recordings; a frame, which has
        // no length, at the very end is still of the first.
        Origin::AutoRecorded => length > 0 || (length == 0 && (start == until || begin == end)),
    };
    touches.then_some((length >= 0, length))
}

/// For a file without times: whether it came when files of the recording may come.
fn came_in_time(received: Timestamp, candidate: &Candidate, patience: Patience) -> bool {
    received >= candidate.requested_at
        && end(candidate).is_none_or(|end| received.since(end) <= patience.due_after)
}

const fn waiting(state: RecordingState) -> Waiting {
    use RecordingState as S;
    match state {
        S::AwaitingFiles | S::Overdue => Waiting::Awaits,
        S::Requested | S::Recording | S::Stopping | S::Unknown => Waiting::MayRun,
        S::Ready | S::Failed => Waiting::Served,
    }
}

#[cfg(test)]
mod tests;
