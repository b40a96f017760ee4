//! Recordings, and the table of their states.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    cause::Cause,
    file::plausible_length,
    ids::{AppId, RecordingId},
    naming::NamingRule,
    room::RoomId,
    time::Timestamp,
    words::words,
};

words!(RecordingState, Origin);

/// The state of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RecordingState {
    /// The start was sent and not answered yet.
    Requested,
    /// The platform accepted the start.
    Recording,
    /// The stop was sent and not answered yet.
    Stopping,
    /// Stopped; files are expected.
    AwaitingFiles,
    /// Every expected file has been announced, or a person accepted it without the missing ones.
    Ready,
    /// The platform refused, or a person reported that nothing was recorded.
    Failed,
    /// The platform did not answer a start or a stop: the room may be recording.
    Unknown,
    /// Files are due and missing, also in the platform's list.
    Overdue,
}

/// An event in the life of a recording, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingEvent {
    /// The platform accepted the start.
    StartAccepted,
    /// The platform refused the start.
    StartRefused,
    /// No answer to the start, or an unreadable one.
    StartUnanswered,
    /// A stop is requested.
    StopRequested,
    /// The platform accepted the stop.
    StopAccepted,
    /// The platform refused or did not answer the stop.
    StopUncertain,
    /// A track or frame was announced while more files are expected. It does not end the recording: the
    /// track of a participant who left early may be announced first.
    PartArrived,
    /// The composite was announced while more files are expected: the recording has ended.
    CompositeArrived,
    /// The last expected file was announced.
    LastFileArrived,
    /// The files are due and missing, also in the platform's list.
    FallenDue,
    /// A person reports that nothing was recorded.
    GivenUp,
    /// A person reports the stop, which the platform did not confirm.
    SaidStopped,
    /// A person accepts the recording without its missing files.
    AcceptedIncomplete,
    /// A person takes back the assignment of a file.
    FileTakenBack,
}

/// The error of an event that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recording that is {from:?} cannot take {event:?}")]
pub struct NotAllowed {
    /// The state, which does not change.
    pub from: RecordingState,
    /// The event.
    pub event: RecordingEvent,
}

impl RecordingState {
    /// Every state, in the order of the table.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The state after `event`. No other function changes a state.
    ///
    /// A file is stronger evidence than an answer: a composite ends even a recording that seemed to have
    /// failed.
    #[expect(
        clippy::match_same_arms,
        reason = "answers above, files below; files are read from top to bottom"
    )]
    pub const fn after(self, event: RecordingEvent) -> Result<Self, NotAllowed> {
        use RecordingEvent as E;
        Ok(match (self, event) {
            (Self::Requested, E::StartAccepted) => Self::Recording,
            (Self::Requested, E::StartRefused) | (Self::Unknown, E::GivenUp) => Self::Failed,
            (Self::Requested, E::StartUnanswered) | (Self::Stopping, E::StopUncertain) => {
                Self::Unknown
            }
            (Self::Recording | Self::Unknown, E::StopRequested) => Self::Stopping,
            (Self::Stopping, E::StopAccepted) | (Self::Unknown, E::SaidStopped) => {
                Self::AwaitingFiles
            }
            (Self::AwaitingFiles, E::FallenDue) => Self::Overdue,
            (Self::Overdue, E::AcceptedIncomplete) => Self::Ready,
            (Self::Ready, E::FileTakenBack) => Self::AwaitingFiles,
            (state, E::FileTakenBack) => state,

            (Self::Ready, E::PartArrived | E::CompositeArrived) => Self::Ready,
            (state, E::PartArrived) => state,
            (Self::Overdue, E::CompositeArrived) => Self::Overdue,
            (_, E::CompositeArrived) => Self::AwaitingFiles,
            (_, E::LastFileArrived) => Self::Ready,

            (from, event) => return Err(NotAllowed { from, event }),
        })
    }

    /// Whether it occupies the room: no other recording may start in it.
    pub const fn is_active(self) -> bool {
        matches!(
            self,
            Self::Requested | Self::Recording | Self::Stopping | Self::Unknown
        )
    }

    /// Whether the platform's list is queried for it, regularly and by people.
    pub const fn is_checked(self) -> bool {
        matches!(self, Self::Unknown | Self::Overdue)
    }

    /// Whether it needs a person's attention.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Unknown | Self::Overdue | Self::Failed)
    }
}

/// The origin of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Origin {
    /// Started by Reelroom.
    Started,
    /// Found by its files: recorded automatically by the platform, or started by another system.
    AutoRecorded,
}

/// The conditions of an automatic stop, of which the first to be true applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AutoStop {
    /// Milliseconds after its start.
    pub after_ms: Option<i64>,
    /// Whether it stops at the end of the meeting.
    pub at_end: bool,
}

/// A start that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedStart {
    /// Whether its room shows it and needs attention, until a person has seen it or its meeting is over.
    pub needs_attention: bool,
    /// Whether a person reported that nothing was recorded.
    pub given_up: bool,
    /// Why the platform refused it, or was not reached.
    pub cause: Option<Cause>,
}

impl FailedStart {
    /// Whether the platform refused it.
    pub const fn is_refused(&self) -> bool {
        !self.given_up && matches!(self.cause, None | Some(Cause::Words(_)))
    }
}

/// The milliseconds for which a recording ran, if plausible. The end of a found one is that of its files, or a guess.
pub fn ran(
    origin: Origin,
    started_at: Option<Timestamp>,
    stopped_at: Option<Timestamp>,
) -> Option<i64> {
    match origin {
        Origin::Started => plausible_length(stopped_at?.since(started_at?)),
        Origin::AutoRecorded => None,
    }
}

/// The length of a recording in milliseconds: that of all its composites together or else how long it ran; `None` if
/// it is unknown.
pub fn length(composites: i64, ran: Option<i64>) -> Option<i64> {
    let is_known = |length: &i64| *length > 0;
    Some(composites).filter(is_known).or(ran.filter(is_known))
}

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id.
    pub id: RecordingId,
    /// The app.
    pub app: AppId,
    /// The room.
    pub room: RoomId,
    /// Its origin.
    pub origin: Origin,
    /// Its state.
    pub state: RecordingState,
    /// When it entered this state.
    pub state_since: Timestamp,
    /// The naming rule that it was started with.
    pub rule: Option<String>,
    /// The storage path that was sent.
    pub path: Option<String>,
    /// The user's own data.
    pub user_data: Option<String>,
    /// The platform's `Type`.
    pub kind: Option<String>,
    /// When it was requested or, if found, when it started.
    pub requested_at: Timestamp,
    /// When the platform began.
    pub started_at: Option<Timestamp>,
    /// When it was stopped; of a found one when its content ends, if known.
    pub stopped_at: Option<Timestamp>,
    /// The name of the account that started it.
    pub requested_by: Option<String>,
    /// The name of the account that stopped it.
    pub stopped_by: Option<String>,
    /// Participants seen while it recorded; zero without status callbacks.
    pub tracks_expected: u32,
    /// Whether frames are expected, by the setting of its app at the start.
    pub frames_expected: bool,
    /// Its automatic stop.
    pub auto_stop: AutoStop,
}

impl Recording {
    /// A recording that is requested at `at`, with nothing else.
    pub fn requested(id: RecordingId, app: AppId, room: RoomId, at: Timestamp) -> Self {
        Self {
            id,
            app,
            room,
            origin: Origin::Started,
            state: RecordingState::Requested,
            state_since: at,
            rule: None,
            path: None,
            user_data: None,
            kind: None,
            requested_at: at,
            started_at: None,
            stopped_at: None,
            requested_by: None,
            stopped_by: None,
            tracks_expected: 0,
            frames_expected: false,
            auto_stop: AutoStop::default(),
        }
    }

    /// The naming rule that it was started with.
    pub fn naming_rule(&self) -> Option<NamingRule> {
        NamingRule::parse(self.rule.as_deref()?).ok()
    }

    /// Since when its files are awaited, if they are: its end or, where that is not known, the time at which it entered
    /// its state.
    pub fn awaited_from(&self) -> Timestamp {
        self.stopped_at.unwrap_or(self.state_since)
    }

    /// Whether it has ended and waits for files.
    pub const fn awaits_files(&self) -> bool {
        matches!(
            self.state,
            RecordingState::AwaitingFiles | RecordingState::Overdue
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{RecordingState as S, *};
    use crate::table::rows;

    /// The whole table as a person would write it: a row for each state, a column for each event,
    /// `-` where it is refused.
    const TABLE: &str = "
        requested      recording failed unknown -        -              -       requested      awaiting_files ready -       -      -              -     requested
        recording      -         -      -       stopping -              -       recording      awaiting_files ready -       -      -              -     recording
        stopping       -         -      -       -        awaiting_files unknown stopping       awaiting_files ready -       -      -              -     stopping
        awaiting_files -         -      -       -        -              -       awaiting_files awaiting_files ready overdue -      -              -     awaiting_files
        ready          -         -      -       -        -              -       ready          ready          ready -       -      -              -     awaiting_files
        failed         -         -      -       -        -              -       failed         awaiting_files ready -       -      -              -     failed
        unknown        -         -      -       stopping -              -       unknown        awaiting_files ready -       failed awaiting_files -     unknown
        overdue        -         -      -       -        -              -       overdue        overdue        ready -       -      -              ready overdue
    ";

    #[test]
    fn the_transition_table() {
        let rows = rows(TABLE);
        assert_eq!(rows.len(), S::ALL.len());
        for row in rows {
            let from = S::parse(row[0]).unwrap();
            assert_eq!(row.len(), RecordingEvent::VARIANTS.len() + 1, "{from:?}");
            for (&event, expected) in RecordingEvent::VARIANTS.iter().zip(&row[1..]) {
                let expected = S::parse(expected).ok_or(NotAllowed { from, event });
                assert_eq!(from.after(event), expected, "{from:?} {event:?}");
            }
        }
    }
}
