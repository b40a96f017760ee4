//! A recording's states and the one table of what may follow what.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::{
    ids::{AppId, RecordingId},
    naming::NamingRule,
    room::RoomId,
    time::Timestamp,
    words::words,
};

words!(RecordingState, Origin);

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RecordingState {
    /// We asked the platform to start; it has not answered yet.
    Requested,
    /// The platform says that it records.
    Recording,
    /// We asked the platform to stop; it has not answered yet.
    Stopping,
    /// Stopped; files are expected.
    AwaitingFiles,
    /// Every expected file has been announced.
    Ready,
    /// The platform refused, or a person said that nothing was recorded.
    Failed,
    /// The platform did not answer a start or a stop: the room may be recording.
    Unknown,
    /// Files are due, absent, and were looked up.
    Overdue,
}

/// What happens to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingEvent {
    /// The platform accepted the start.
    StartAccepted,
    /// The platform refused the start.
    StartRefused,
    /// No answer to the start, or none that can be read.
    StartUnanswered,
    /// Somebody asks for the stop.
    StopRequested,
    /// The platform accepted the stop.
    StopAccepted,
    /// The platform refused the stop, or did not answer it.
    StopUncertain,
    /// A track or frame was announced while more is expected. It does not end the recording:
    /// the track of a participant who left early may come first.
    PartArrived,
    /// The composite was announced while more is expected: the recording has ended.
    CompositeArrived,
    /// The last expected file was announced.
    LastFileArrived,
    /// The files are due and absent, and the platform was asked.
    FallenDue,
    /// A person says that nothing was recorded.
    GivenUp,
    /// A person says that it has stopped, which the platform did not confirm.
    SaidStopped,
}

/// `RecordingEvent::ALL` of a list, and a match over the same list: it does not compile while an
/// event is missing.
macro_rules! all_events {
    ($($event:ident)+) => {
        impl RecordingEvent {
            /// Every event, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$event),+];
        }

        const _: fn(RecordingEvent) = |event| match event {
            $(RecordingEvent::$event)|+ => {}
        };
    };
}

all_events! {
    StartAccepted
    StartRefused
    StartUnanswered
    StopRequested
    StopAccepted
    StopUncertain
    PartArrived
    CompositeArrived
    LastFileArrived
    FallenDue
    GivenUp
    SaidStopped
}

/// An event that the table does not allow in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recording that is {from:?} cannot take {event:?}")]
pub struct NotAllowed {
    /// The state it is in, and stays in.
    pub from: RecordingState,
    /// The event that was refused.
    pub event: RecordingEvent,
}

impl RecordingState {
    /// Every state, in the order of the table.
    pub const ALL: [Self; 8] = [
        Self::Requested,
        Self::Recording,
        Self::Stopping,
        Self::AwaitingFiles,
        Self::Ready,
        Self::Failed,
        Self::Unknown,
        Self::Overdue,
    ];

    /// The state after `event`; the only place that decides it.
    ///
    /// Files are the strongest evidence there is: one that carries our token settles what an
    /// answer left open, so a composite ends even a recording that we thought had failed.
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

            (Self::Ready, E::PartArrived | E::CompositeArrived) => Self::Ready,
            (state, E::PartArrived) => state,
            (Self::Overdue, E::CompositeArrived) => Self::Overdue,
            (_, E::CompositeArrived) => Self::AwaitingFiles,
            (_, E::LastFileArrived) => Self::Ready,

            (from, event) => return Err(NotAllowed { from, event }),
        })
    }

    /// Whether the room is taken: nothing else may be started in it.
    pub const fn is_active(self) -> bool {
        matches!(
            self,
            Self::Requested | Self::Recording | Self::Stopping | Self::Unknown
        )
    }

    /// Whether a person has to look.
    pub const fn needs_attention(self) -> bool {
        matches!(self, Self::Unknown | Self::Overdue | Self::Failed)
    }
}

/// How a recording came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Origin {
    /// Started here.
    Started,
    /// Found by its files: the platform recorded it by itself, or somebody else started it.
    AutoRecorded,
}

/// When a recording stops by itself; the first of both that comes true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AutoStop {
    /// So many milliseconds after its start.
    pub after_ms: Option<i64>,
    /// When the meeting in its room ends.
    pub at_end: bool,
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
    /// How it came to be.
    pub origin: Origin,
    /// Where it stands.
    pub state: RecordingState,
    /// Since when.
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
    /// When it was stopped.
    pub stopped_at: Option<Timestamp>,
    /// The name of the account that started it.
    pub requested_by: Option<String>,
    /// The name of the account that stopped it.
    pub stopped_by: Option<String>,
    /// Participants seen while it recorded; zero: nobody told.
    pub tracks_expected: u32,
    /// Whether it waits for frames, as its app was set when it was started.
    pub frames_expected: bool,
    /// When it stops by itself.
    pub auto_stop: AutoStop,
}

impl Recording {
    /// The naming rule that it was started with.
    pub fn naming_rule(&self) -> Option<NamingRule> {
        NamingRule::parse(self.rule.as_deref()?).ok()
    }

    /// Whether it waits for files after its end.
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

    /// The whole table, as a person would write it: a row a state, a column an event,
    /// `-` where it is refused.
    const TABLE: &str = "
        requested      recording failed unknown -        -              -       requested      awaiting_files ready -       -      -
        recording      -         -      -       stopping -              -       recording      awaiting_files ready -       -      -
        stopping       -         -      -       -        awaiting_files unknown stopping       awaiting_files ready -       -      -
        awaiting_files -         -      -       -        -              -       awaiting_files awaiting_files ready overdue -      -
        ready          -         -      -       -        -              -       ready          ready          ready -       -      -
        failed         -         -      -       -        -              -       failed         awaiting_files ready -       -      -
        unknown        -         -      -       stopping -              -       unknown        awaiting_files ready -       failed awaiting_files
        overdue        -         -      -       -        -              -       overdue        overdue        ready -       -      -
    ";

    #[test]
    fn every_state_takes_every_event_as_the_table_says() {
        let rows: Vec<Vec<&str>> = TABLE
            .lines()
            .map(|line| line.split_whitespace().collect())
            .filter(|row: &Vec<_>| !row.is_empty())
            .collect();
        assert_eq!(rows.len(), S::ALL.len());
        for row in rows {
            let from = S::parse(row[0]).unwrap();
            assert_eq!(row.len(), RecordingEvent::ALL.len() + 1, "{from:?}");
            for (&event, expected) in RecordingEvent::ALL.iter().zip(&row[1..]) {
                let expected = S::parse(expected).ok_or(NotAllowed { from, event });
                assert_eq!(from.after(event), expected, "{from:?} {event:?}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
        }
    }
}
