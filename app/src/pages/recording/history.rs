use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingEvent as E,
    view::{HistoryEvent, HistoryLine},
    watch::AlertKind,
};

use crate::{
    components::{Step, StepMark, Steps, Time},
    i18n::Locale,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The history of a recording, oldest first.
pub fn history(lines: &[HistoryLine]) -> impl IntoView + use<> {
    let locale = locale();
    // A dismissed alert does not change the state.
    let last = lines
        .iter()
        .rposition(|line| !matches!(line.event, HistoryEvent::Dismissed(_)))
        .unwrap_or_default();
    let step = |(index, line): (usize, &HistoryLine)| Step {
        mark: mark(line.event, index == last),
        title: title(locale, line).into_any(),
        note: view! { <Time at=line.at style=TimeStyle::Seconds /> }.into_any(),
        more: more(locale, line).map(IntoAny::into_any),
    };
    let steps = lines.iter().enumerate().map(step).collect();
    view! {
        <section aria-labelledby="session-h">
            <h2 id="session-h">{say!(locale, recording.session.title)}</h2>
            <Steps steps=steps vertical=true />
        </section>
    }
}

/// The cause, or the result of a check.
fn more(locale: Locale, line: &HistoryLine) -> Option<String> {
    match (line.event, &line.cause) {
        (HistoryEvent::Checked(check), _) => Some(words::check(locale, &check)),
        (_, cause) => cause.as_ref().map(|cause| words::cause(locale, cause)),
    }
}

fn mark(event: HistoryEvent, last: bool) -> StepMark {
    match event {
        HistoryEvent::Took(E::StartRefused | E::FallenDue | E::GivenUp) => StepMark::Fault,
        HistoryEvent::Took(E::StartUnanswered | E::StopUncertain) => StepMark::Maybe,
        HistoryEvent::Took(E::StartAccepted) if last => StepMark::Recording,
        HistoryEvent::Requested
        | HistoryEvent::Always
        | HistoryEvent::Took(
            E::StopRequested
            | E::StopAccepted
            | E::SaidStopped
            | E::PartArrived
            | E::CompositeArrived,
        ) if last => StepMark::Now,
        _ => StepMark::Done,
    }
}

fn title(locale: Locale, line: &HistoryLine) -> String {
    let fixed = match (line.event, &line.actor) {
        (HistoryEvent::Requested, Some(name)) => {
            return say!(locale, recording.session.requested_by, name = name.clone());
        }
        (HistoryEvent::Took(E::StopRequested), Some(name)) => {
            return say!(
                locale,
                recording.session.stop_requested_by,
                name = name.clone()
            );
        }
        (HistoryEvent::Took(E::GivenUp), Some(name)) => {
            return say!(locale, recording.session.given_up_by, name = name.clone());
        }
        (HistoryEvent::Took(E::SaidStopped), Some(name)) => {
            return say!(
                locale,
                recording.session.said_stopped_by,
                name = name.clone()
            );
        }
        (HistoryEvent::Always, name) => {
            let name = name.clone().unwrap_or_default();
            return say!(locale, watch.always.requested, name = name);
        }
        (HistoryEvent::Dismissed(kind), name) => {
            return dismissed(locale, kind, name.clone().unwrap_or_default());
        }
        (HistoryEvent::Requested, None) => say!(locale, recording.session.requested),
        (HistoryEvent::Checked(_), Some(name)) => {
            return say!(locale, look.checked_by, name = name.clone());
        }
        (HistoryEvent::Checked(_), None) => say!(locale, look.checked),
        (HistoryEvent::LookedUp, _) => say!(locale, look.looked_up),
        (HistoryEvent::Assigned, name) => {
            let name = name.clone().unwrap_or_default();
            return say!(locale, recording.session.assigned_by, name = name);
        }
        (HistoryEvent::Found, _) => say!(locale, recording.session.found),
        (HistoryEvent::Took(event), _) => match event {
            E::StartAccepted => say!(locale, recording.session.start_accepted),
            E::StartRefused => say!(locale, recording.session.start_refused),
            E::StartUnanswered => say!(locale, recording.session.start_unanswered),
            E::StopRequested => say!(locale, recording.session.stop_requested),
            E::StopAccepted => say!(locale, recording.session.stop_accepted),
            E::StopUncertain => say!(locale, recording.session.stop_uncertain),
            E::PartArrived => say!(locale, recording.session.part_arrived),
            E::CompositeArrived => say!(locale, recording.session.composite_arrived),
            E::LastFileArrived => say!(locale, recording.session.last_file_arrived),
            E::FallenDue => say!(locale, recording.session.fallen_due),
            E::GivenUp => say!(locale, recording.session.given_up),
            E::SaidStopped => say!(locale, recording.session.said_stopped),
        },
    };
    fixed.to_owned()
}

/// The account that dismissed an alert.
fn dismissed(locale: Locale, kind: AlertKind, name: String) -> String {
    match kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.said_not_recorded, name = name),
        AlertKind::EmptyRoom => say!(locale, watch.alert.said_empty_room, name = name),
        AlertKind::NoSign => say!(locale, watch.alert.said_no_sign, name = name),
        AlertKind::TooLong => say!(locale, watch.alert.said_too_long, name = name),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn people_are_named_where_they_acted() {
        let line = |event, actor: Option<&str>| HistoryLine {
            at: Timestamp::from_millis(0),
            event,
            actor: actor.map(ToOwned::to_owned),
            cause: None,
        };
        let said = |event, actor| title(Locale::en, &line(event, actor));
        assert_eq!(
            said(HistoryEvent::Requested, Some("u1001")),
            "Requested by u1001"
        );
        assert_eq!(said(HistoryEvent::Requested, None), "Requested");
        assert_eq!(
            said(HistoryEvent::Always, Some("u1001")),
            "Requested: always record (turned on by u1001)"
        );
        assert_eq!(
            title(Locale::zh_CN, &line(HistoryEvent::Always, Some("u1001"))),
            "已请求：始终录制（由 u1001 开启）"
        );
        assert_eq!(
            said(HistoryEvent::Dismissed(AlertKind::TooLong), Some("u1001")),
            "Over 6 hours; u1001 kept it recording"
        );
        assert_eq!(
            said(HistoryEvent::Took(E::StartAccepted), None),
            "Recording"
        );
    }

    #[test]
    fn the_last_step_shows_where_it_stands() {
        let took = |event, last| mark(HistoryEvent::Took(event), last);
        assert_eq!(took(E::StartAccepted, true), StepMark::Recording);
        assert_eq!(took(E::StartAccepted, false), StepMark::Done);
        assert_eq!(took(E::LastFileArrived, true), StepMark::Done);
        assert_eq!(took(E::StartUnanswered, false), StepMark::Maybe);
    }
}
