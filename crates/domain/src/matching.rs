//! Finds the recording of a file without a correlation token.
//!
//! 1. **Room and time window.** Only recordings of the same room match. A file with times must overlap
//!    the time from the request to the stop, with [`TOLERANCE`] at both ends (two clocks); a file
//!    without must be received after the request and within [`Patience`] after the stop. A recording
//!    that still runs has no end. A recording that was found by its files has no tolerance, because
//!    automatic recordings of one room follow each other closely; one whose rule does not read the file's
//!    name has only a second, because the file may be of another recording. One that the platform refused
//!    matches only if its rule reads the name.
//! 2. **The rule read backwards**: a recording whose rule reads the name before one without a rule,
//!    and that before one whose rule does not read it.
//! 3. An overlap without the tolerance before one by tolerance alone.
//! 4. For a composite, or a file without times: a recording that still awaits files before one that
//!    may yet run, and that before one that has all its files (one composite is expected of each).
//! 5. The longer overlap; by tolerance alone, the shorter time between them.
//! 6. The newer request.
//!
//! If none matches the first step, the file is a recording of its own.
//!
//! **Gathering.** Recordings that were found by their files are the same one if their content overlaps
//! or is of the same meeting ([`gathers`]). A later file may show that two of them are one, so all that
//! a file gathers are joined: then the order of files does not matter. One whose end is unknown is of the
//! meeting in which it starts, and overlaps no later content: where no meeting is known, that may be of the
//! next recording as well, and which one it is would depend on the order.

use crate::{
    file::FileKind,
    ids::RecordingId,
    ledger::Patience,
    recording::{Origin, Recording, RecordingState},
    time::Timestamp,
};

/// The tolerance in milliseconds for the difference of the platform's clock and ours, and for the delay
/// of a start or a stop.
pub const TOLERANCE: i64 = 2 * 60_000;

/// The platform's times are whole seconds. Milliseconds.
const ROUNDING: i64 = 1000;

/// An announced file (`VENDOR.md` §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Its kind.
    pub kind: FileKind,
    /// Its name.
    pub file_name: String,
    /// When its content starts, if known.
    pub started_at: Option<Timestamp>,
    /// When its content ends, if known.
    pub ended_at: Option<Timestamp>,
    /// When the callback was received.
    pub received_at: Timestamp,
}

/// The recording that the file belongs to, of those of its room, by the rules of this module; `None` if none
/// matches. The candidates' order does not matter.
pub fn choose<'a>(
    file: &Announced,
    candidates: impl IntoIterator<Item = &'a Recording>,
    patience: Patience,
) -> Option<&'a Recording> {
    let candidates = candidates.into_iter();
    let ranked = candidates.filter_map(|one| Some((rank(file, one, patience)?, one)));
    ranked
        .max_by(|(one, _), (other, _)| one.cmp(other))
        .map(|(_, best)| best)
}

/// Whether the file belongs to this recording that was found by its files, because their content
/// overlaps or both are of `meeting`, the file's meeting.
pub fn gathers(file: &Announced, candidate: &Recording, meeting: Option<Meeting>) -> bool {
    let Some(content) = span(file) else {
        return false;
    };
    let overlaps = overlap(content, candidate).is_some();
    candidate.origin == Origin::AutoRecorded
        && (overlaps
            || meeting.is_some_and(|meeting| {
                is_within(content, meeting) && is_of_meeting(candidate, meeting)
            }))
}

/// Whether the recording was found by files of this meeting, as all of which are one.
pub fn is_of_meeting(candidate: &Recording, meeting: Meeting) -> bool {
    // Without a start, its only time is that of the announcement, when another meeting may be on.
    candidate.origin == Origin::AutoRecorded
        && candidate.started_at.is_some_and(|start| {
            let end = end(candidate).unwrap_or(start);
            is_within((start, end), meeting)
        })
}

/// The begin and the end of a past meeting.
pub type Meeting = (Timestamp, Timestamp);

/// The milliseconds of the content that are of the meeting; negative if none are.
fn shared((start, until): (Timestamp, Timestamp), (from, to): Meeting) -> i64 {
    until.min(to).since(start.max(from))
}

/// Whether a part of the content is of the meeting. A moment, which has no length, is of the meeting in which it lies.
fn is_within(content: (Timestamp, Timestamp), meeting: Meeting) -> bool {
    let (start, until) = content;
    shared(content, meeting) > 0 || (start == until && (meeting.0..meeting.1).contains(&start))
}

/// The meeting with the largest part of the file's content.
pub fn meeting_of(file: &Announced, meetings: &[Meeting]) -> Option<Meeting> {
    let content = span(file)?;
    let meetings = meetings.iter().copied();
    meetings
        .filter(|meeting| is_within(content, *meeting))
        .max_by_key(|meeting| shared(content, *meeting))
}

/// The rank of a recording, compared from the first field to the last; higher is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    reading: Reading,
    without_tolerance: bool,
    waiting: Waiting,
    overlap: i64,
    newest: (Timestamp, RecordingId),
}

/// The result of reading the file's name by a recording's rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    Refuses,
    NoRule,
    Reads,
}

/// Whether a recording waits for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    /// Irrelevant for this file.
    Any,
    Served,
    MayRun,
    Awaits,
}

/// The rank of a candidate; `None` if the file cannot belong to it.
fn rank(file: &Announced, candidate: &Recording, patience: Patience) -> Option<Rank> {
    let reading = match candidate.naming_rule() {
        None => Reading::NoRule,
        Some(rule) => match rule.read_back(&file.file_name, file.kind, Some(&candidate.room)) {
            Some(_) => Reading::Reads,
            None => Reading::Refuses,
        },
    };
    if candidate.state == RecordingState::Failed && reading != Reading::Reads {
        return None;
    }
    let span = span(file);
    let (without_tolerance, overlap) = match span {
        Some(span) => overlap(span, candidate)
            .filter(|(_, length)| *length >= -ROUNDING || reading != Reading::Refuses)?,
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
        newest: (candidate.requested_at, candidate.id),
    })
}

/// The start and the end of the file's content; a moment if it has only one of them, or has them in the
/// wrong order.
fn span(file: &Announced) -> Option<(Timestamp, Timestamp)> {
    let start = file.started_at.or(file.ended_at)?;
    let end = file.ended_at.unwrap_or(start);
    Some((start, end.max(start)))
}

/// The latest end of the recording; `None` if it may still run.
fn end(candidate: &Recording) -> Option<Timestamp> {
    match candidate.stopped_at {
        None if candidate.state.is_active() => None,
        // Refused, or not stopped here: only the request is known.
        None => Some(candidate.requested_at),
        stopped => stopped,
    }
}

/// Whether the content overlaps the recording without the tolerance, and the overlap in milliseconds
/// (negative for a gap); `None` if not even with the tolerance.
fn overlap((start, until): (Timestamp, Timestamp), candidate: &Recording) -> Option<(bool, i64)> {
    let begin = candidate.requested_at;
    let end = end(candidate).unwrap_or(Timestamp::from_millis(i64::MAX));
    let length = until.min(end).since(start.max(begin));
    let touches = match candidate.origin {
        Origin::Started => length >= -TOLERANCE,
        // Two that only touch are two recordings; a frame, which has no length, at the end is of the
        // first.
        Origin::AutoRecorded => length > 0 || (length == 0 && (start == until || begin == end)),
    };
    touches.then_some((length >= 0, length))
}

/// Whether a file without times was received while files of the recording may arrive.
fn came_in_time(received: Timestamp, candidate: &Recording, patience: Patience) -> bool {
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
