//! The five steps of a recording, each with its time.

use reelroom_domain::{
    cause::Cause,
    recording::{RecordingEvent, RecordingState},
    time::Timestamp,
    view::{HistoryEvent, HistoryLine, RecordingRow},
};

use crate::components::StepMark;

/// A step of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepAt {
    /// The state that the step leads to.
    pub state: RecordingState,
    pub mark: StepMark,
    /// The time at which it began, if known.
    pub at: Option<Timestamp>,
}

/// Computes the steps of a recording from its state and its history.
pub fn steps_of(row: &RecordingRow, history: &[HistoryLine]) -> [StepAt; 5] {
    use StepMark::{Ahead, Done, Fault, Maybe, Now, Recording};
    let mut marks = match row.state {
        RecordingState::Requested => [Now, Ahead, Ahead, Ahead, Ahead],
        RecordingState::Recording => [Done, Recording, Ahead, Ahead, Ahead],
        RecordingState::Stopping => [Done, Done, Now, Ahead, Ahead],
        RecordingState::AwaitingFiles => [Done, Done, Done, Now, Ahead],
        RecordingState::Ready => [Done, Done, Done, Done, Done],
        RecordingState::Failed => [Fault, Ahead, Ahead, Ahead, Ahead],
        RecordingState::Overdue => [Done, Done, Done, Fault, Ahead],
        RecordingState::Unknown if is_stop_unanswered(history) => {
            [Done, Maybe, Fault, Ahead, Ahead]
        }
        RecordingState::Unknown => [Fault, Maybe, Ahead, Ahead, Ahead],
    };
    // The start got no answer, and no later event shows that it was recording.
    let is_known = !may_be_nothing(row) || row.ledger.arrived() > 0;
    if matches!(marks[1], Done | Maybe) && !is_known {
        [marks[0], marks[1]] = [Fault, Maybe];
    }
    let last = |event| last_line(history, event).map(|line| line.at);
    let started = last(RecordingEvent::StartAccepted).or(row.started_at);
    let stopped = row.stopped_at.or(last(RecordingEvent::StopAccepted));
    let steps = [
        (RecordingState::Requested, Some(row.requested_at)),
        (RecordingState::Recording, started),
        (
            RecordingState::Stopping,
            last(RecordingEvent::StopRequested),
        ),
        (RecordingState::AwaitingFiles, stopped),
        (RecordingState::Ready, last(RecordingEvent::LastFileArrived)),
    ];
    std::array::from_fn(|i| {
        let ((state, at), mark) = (steps[i], marks[i]);
        // A pending step does not show the time of an earlier attempt.
        let at = at.filter(|_| !matches!(mark, Ahead | Maybe));
        StepAt { state, mark, at }
    })
}

/// Whether the stop of an unknown recording got no answer; otherwise the start got none.
pub fn is_stop_unanswered(history: &[HistoryLine]) -> bool {
    last_line(history, RecordingEvent::StopUncertain).is_some()
}

/// The line of the newest start or stop that had no or a refusing answer, with the platform's words if it
/// refused.
pub fn unanswered_by(history: &[HistoryLine]) -> Option<(&HistoryLine, Option<&str>)> {
    use RecordingEvent::{StartRefused, StartUnanswered, StopUncertain};
    let events = [StartRefused, StartUnanswered, StopUncertain].map(HistoryEvent::Took);
    let line = history.iter().rfind(|line| events.contains(&line.event))?;
    match &line.cause {
        Some(Cause::Words(words)) => Some((line, Some(words))),
        _ => Some((line, None)),
    }
}

/// Whether the platform refused the start of a recording, or its stop.
pub fn is_refused(history: &[HistoryLine], is_start: bool) -> bool {
    use RecordingEvent::{StartRefused, StartUnanswered, StopUncertain};
    let events = if is_start {
        &[StartRefused, StartUnanswered][..]
    } else {
        &[StopUncertain]
    };
    let is_one = |line: &&HistoryLine| matches!(line.event, HistoryEvent::Took(event) if events.contains(&event));
    let newest = history.iter().rev().find(is_one);
    newest.is_some_and(|line| matches!(line.cause, Some(Cause::Words(_))))
}

/// Whether a person may report that nothing was recorded: not if the platform accepted the start.
pub const fn may_be_nothing(row: &RecordingRow) -> bool {
    row.started_at.is_none()
}

/// The newest history line with that event.
pub fn last_line(history: &[HistoryLine], event: RecordingEvent) -> Option<&HistoryLine> {
    let mut newest_first = history.iter().rev();
    newest_first.find(|line| line.event == HistoryEvent::Took(event))
}

/// The account that turned on "always record", if the recording was started because of it.
pub fn marked_by(history: &[HistoryLine]) -> Option<String> {
    let mut lines = history.iter();
    let mark = lines.find(|line| line.event == HistoryEvent::Always)?;
    mark.actor.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::recording_row;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    /// A recording that was requested in the first second, with an event in each second after it.
    fn recording(
        state: RecordingState,
        events: &[RecordingEvent],
    ) -> (RecordingRow, Vec<HistoryLine>) {
        let took = events.iter().copied().map(HistoryEvent::Took);
        let all = std::iter::once(HistoryEvent::Requested).chain(took);
        let history = all.zip(1..).map(|(event, second)| HistoryLine {
            at: at(second),
            event,
            actor: None,
            cause: None,
            change: None,
            moved_from: None,
        });
        let is_accepted = events.contains(&RecordingEvent::StartAccepted);
        let row = RecordingRow {
            state,
            started_at: is_accepted.then(|| at(2)),
            ..recording_row(at(1))
        };
        (row, history.collect())
    }

    /// A finished step keeps its time (0 for none), and an unanswered stop is told from an unanswered start.
    #[test]
    fn a_step_has_a_mark_and_a_time() {
        use RecordingEvent as E;
        use StepMark::{Ahead, Done, Fault, Maybe, Now, Recording};
        for (state, events, marks, seconds) in [
            (
                RecordingState::Recording,
                &[E::StartAccepted][..],
                [Done, Recording, Ahead, Ahead, Ahead],
                [1, 2, 0, 0, 0],
            ),
            (
                RecordingState::AwaitingFiles,
                &[E::StartAccepted, E::StopRequested, E::StopAccepted],
                [Done, Done, Done, Now, Ahead],
                [1, 2, 3, 4, 0],
            ),
            (
                RecordingState::Unknown,
                &[E::StartUnanswered],
                [Fault, Maybe, Ahead, Ahead, Ahead],
                [1, 0, 0, 0, 0],
            ),
            (
                RecordingState::Unknown,
                &[E::StartAccepted, E::StopRequested, E::StopUncertain],
                [Done, Maybe, Fault, Ahead, Ahead],
                [1, 0, 3, 0, 0],
            ),
        ] {
            let (row, history) = recording(state, events);
            let steps = steps_of(&row, &history);
            assert_eq!(steps.map(|step| step.mark), marks, "{events:?}");
            let times = seconds.map(|second| (second > 0).then(|| at(second)));
            assert_eq!(steps.map(|step| step.at), times, "{events:?}");
        }
    }

    #[test]
    fn a_stop_does_not_say_that_it_recorded() {
        use RecordingEvent as E;
        use StepMark::{Ahead, Done, Fault, Maybe, Now};
        let events = [E::StartUnanswered, E::StopRequested, E::StopAccepted];
        let (mut row, history) = recording(RecordingState::AwaitingFiles, &events);
        let steps = steps_of(&row, &history);
        let marks = steps.map(|step| step.mark);
        assert_eq!(marks, [Fault, Maybe, Done, Now, Ahead]);
        assert_eq!(steps[1].at, None);
        // A file does.
        row.ledger.tracks = 1;
        let marks = steps_of(&row, &history).map(|step| step.mark);
        assert_eq!(marks, [Done, Done, Done, Now, Ahead]);
    }
}
