//! The five steps of a recording, each with its time.

use reelroom_domain::{
    recording::{RecordingEvent, RecordingState},
    time::Timestamp,
    view::{HistoryEvent, HistoryLine, RecordingRow, RecordingView},
};

use crate::components::StepMark;

/// The names of the five steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepName {
    /// The start was requested.
    Requested,
    /// The recording is running.
    Recording,
    /// The stop was requested.
    Stopping,
    /// The recording has stopped; files are expected.
    Waiting,
    /// All files have been announced.
    Ready,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepAt {
    /// The name.
    pub name: StepName,
    /// The status.
    pub mark: StepMark,
    /// The time at which it began, if known.
    pub at: Option<Timestamp>,
}

/// The request that got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// The start.
    Start,
    /// The stop.
    Stop,
}

/// Computes the steps of a recording from its state and its history.
pub fn steps_of(recording: &RecordingView) -> [StepAt; 5] {
    use StepMark::{Ahead, Done, Fault, Maybe, Now, Recording};
    let mut marks = match recording.row.state {
        RecordingState::Requested => [Now, Ahead, Ahead, Ahead, Ahead],
        RecordingState::Recording => [Done, Recording, Ahead, Ahead, Ahead],
        RecordingState::Stopping => [Done, Done, Now, Ahead, Ahead],
        RecordingState::AwaitingFiles => [Done, Done, Done, Now, Ahead],
        RecordingState::Ready => [Done, Done, Done, Done, Done],
        RecordingState::Failed => [Fault, Ahead, Ahead, Ahead, Ahead],
        RecordingState::Overdue => [Done, Done, Done, Fault, Ahead],
        RecordingState::Unknown => match unanswered(&recording.history) {
            Unanswered::Start => [Fault, Maybe, Ahead, Ahead, Ahead],
            Unanswered::Stop => [Done, Maybe, Fault, Ahead, Ahead],
        },
    };
    // The start got no answer, and no later event shows that it was recording.
    if matches!(marks[1], Done | Maybe) && !is_known(&recording.row) {
        [marks[0], marks[1]] = [Fault, Maybe];
    }
    let last = |event| last_at(&recording.history, HistoryEvent::Took(event));
    let times = [
        Some(recording.row.requested_at),
        last(RecordingEvent::StartAccepted).or(recording.row.started_at),
        last(RecordingEvent::StopRequested),
        recording
            .row
            .stopped_at
            .or(last(RecordingEvent::StopAccepted)),
        last(RecordingEvent::LastFileArrived),
    ];
    let names = [
        StepName::Requested,
        StepName::Recording,
        StepName::Stopping,
        StepName::Waiting,
        StepName::Ready,
    ];
    std::array::from_fn(|i| StepAt {
        name: names[i],
        mark: marks[i],
        // A pending step does not show the time of an earlier attempt.
        at: times[i].filter(|_| !matches!(marks[i], Ahead | Maybe)),
    })
}

/// The start, or the requested start.
pub fn started(row: &RecordingRow) -> Timestamp {
    row.started_at.unwrap_or(row.requested_at)
}

/// The request of an unknown recording that got no answer.
pub fn unanswered(history: &[HistoryLine]) -> Unanswered {
    let stop = history.iter().any(|line| {
        matches!(
            line.event,
            HistoryEvent::Took(RecordingEvent::StopUncertain)
        )
    });
    if stop {
        Unanswered::Stop
    } else {
        Unanswered::Start
    }
}

/// Whether a person may report that nothing was recorded: not if the platform accepted the start.
pub const fn may_be_nothing(row: &RecordingRow) -> bool {
    row.started_at.is_none()
}

/// Whether it certainly recorded: the platform accepted the start, or files arrived.
const fn is_known(row: &RecordingRow) -> bool {
    !may_be_nothing(row) || row.ledger.arrived() > 0
}

/// The newest history line with that event.
pub fn last_line(history: &[HistoryLine], event: RecordingEvent) -> Option<&HistoryLine> {
    history
        .iter()
        .rev()
        .find(|line| line.event == HistoryEvent::Took(event))
}

/// The account that turned on "always record", if the recording was started because of it.
pub fn marked_by(history: &[HistoryLine]) -> Option<String> {
    history
        .iter()
        .find(|line| line.event == HistoryEvent::Always)
        .and_then(|line| line.actor.clone())
}

fn last_at(history: &[HistoryLine], event: HistoryEvent) -> Option<Timestamp> {
    history
        .iter()
        .rev()
        .find(|line| line.event == event)
        .map(|line| line.at)
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        ids::RecordingId,
        ledger::{Lateness, Ledger},
        recording::{AutoStop, Origin},
        room::RoomId,
    };

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn recording(state: RecordingState, events: &[RecordingEvent]) -> RecordingView {
        let history = std::iter::once(HistoryEvent::Requested)
            .chain(events.iter().copied().map(HistoryEvent::Took))
            .zip(1..)
            .map(|(event, second)| HistoryLine {
                at: at(second),
                event,
                actor: None,
                cause: None,
            })
            .collect();
        let id: RecordingId = "0192f00d0192f00d0192f00d0192f00d".parse().unwrap();
        let row = RecordingRow {
            id,
            room: RoomId::new("r").unwrap(),
            origin: Origin::Started,
            state,
            requested_at: at(1),
            started_at: events
                .contains(&RecordingEvent::StartAccepted)
                .then(|| at(2)),
            stopped_at: None,
            length: None,
            file_name: None,
            ledger: Ledger::default(),
            lateness: Lateness::InTime,
            given_up: false,
            bytes: 0,
            archived: 0,
            thumbnail: None,
        };
        RecordingView {
            row,
            app: None,
            rule: None,
            name_parts: Vec::new(),
            user_data: None,
            path: None,
            started_by: None,
            stopped_by: None,
            auto_stop: AutoStop::default(),
            lines: Vec::new(),
            late_at: None,
            due_at: None,
            checks: None,
            history,
            files: Vec::new(),
            now: at(9),
        }
    }

    fn marks(recording: &RecordingView) -> Vec<(StepMark, Option<Timestamp>)> {
        steps_of(recording)
            .iter()
            .map(|step| (step.mark, step.at))
            .collect()
    }

    #[test]
    fn a_finished_step_keeps_its_time() {
        use RecordingEvent as E;
        use StepMark::{Ahead, Done, Now, Recording};
        let running = recording(RecordingState::Recording, &[E::StartAccepted]);
        assert_eq!(
            marks(&running),
            [
                (Done, Some(at(1))),
                (Recording, Some(at(2))),
                (Ahead, None),
                (Ahead, None),
                (Ahead, None)
            ]
        );
        let waiting = recording(
            RecordingState::AwaitingFiles,
            &[E::StartAccepted, E::StopRequested, E::StopAccepted],
        );
        assert_eq!(
            marks(&waiting)[2..],
            [(Done, Some(at(3))), (Now, Some(at(4))), (Ahead, None)]
        );
    }

    #[test]
    fn a_stop_does_not_say_that_it_recorded() {
        use RecordingEvent as E;
        use StepMark::{Ahead, Done, Fault, Maybe, Now};
        let events = [E::StartUnanswered, E::StopRequested, E::StopAccepted];
        let mut waiting = recording(RecordingState::AwaitingFiles, &events);
        let marks = |waiting: &RecordingView| steps_of(waiting).map(|step| step.mark);
        assert_eq!(marks(&waiting), [Fault, Maybe, Done, Now, Ahead]);
        assert_eq!(steps_of(&waiting)[1].at, None);
        // A file does.
        waiting.row.ledger.tracks = 1;
        assert_eq!(marks(&waiting), [Done, Done, Done, Now, Ahead]);
    }

    #[test]
    fn an_unanswered_stop_is_told_from_an_unanswered_start() {
        use RecordingEvent as E;
        use StepMark::{Ahead, Done, Fault, Maybe};
        let start = recording(RecordingState::Unknown, &[E::StartUnanswered]);
        assert_eq!(marks(&start)[0], (Fault, Some(at(1))));
        assert_eq!(marks(&start)[1], (Maybe, None));
        let stop = recording(
            RecordingState::Unknown,
            &[E::StartAccepted, E::StopRequested, E::StopUncertain],
        );
        assert_eq!(
            marks(&stop),
            [
                (Done, Some(at(1))),
                (Maybe, None),
                (Fault, Some(at(3))),
                (Ahead, None),
                (Ahead, None)
            ]
        );
    }
}
