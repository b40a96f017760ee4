use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingEvent as E,
    view::{HistoryEvent, HistoryLine, RecordingView},
    watch::AlertKind,
};

use crate::{
    i18n::{Locale, td_string, use_i18n},
    whole::components::{Step, StepMark, Steps, Time},
    words::{self, TimeStyle},
};

/// What happened to the recording, oldest first.
#[component]
pub fn History(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let steps = move || {
        let lines = recording.with(|recording| recording.history.clone());
        // What somebody said of it moves nothing.
        let last = lines
            .iter()
            .rposition(|line| !matches!(line.event, HistoryEvent::Dismissed(_)))
            .unwrap_or_default();
        lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| Step {
                mark: mark(line.event, index == last),
                note: view! { <Time at=line.at style=TimeStyle::Seconds /> }.into_any(),
                more: more(&line).map(|more| (move || more(i18n.get_locale())).into_any()),
                title: (move || title(i18n.get_locale(), &line)).into_any(),
            })
            .collect()
    };
    view! {
        <section aria-labelledby="session-h">
            <h2 id="session-h">{told!(i18n, recording.session.title)}</h2>
            {move || view! { <Steps steps=steps() vertical=true /> }}
        </section>
    }
}

/// Why, or what was seen.
fn more(line: &HistoryLine) -> Option<impl Fn(Locale) -> String + Clone + Send + 'static> {
    let (event, cause) = (line.event, line.cause.clone());
    let has_more = cause.is_some() || matches!(event, HistoryEvent::Checked(_));
    has_more.then_some(move |locale| match (event, &cause) {
        (HistoryEvent::Checked(look), _) => words::look(locale, &look),
        (_, Some(cause)) => words::cause(locale, cause),
        (_, None) => String::new(),
    })
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
            return td_string!(locale, recording.session.requested_by, name = name.clone());
        }
        (HistoryEvent::Took(E::StopRequested), Some(name)) => {
            return td_string!(
                locale,
                recording.session.stop_requested_by,
                name = name.clone()
            );
        }
        (HistoryEvent::Took(E::GivenUp), Some(name)) => {
            return td_string!(locale, recording.session.given_up_by, name = name.clone());
        }
        (HistoryEvent::Took(E::SaidStopped), Some(name)) => {
            return td_string!(
                locale,
                recording.session.said_stopped_by,
                name = name.clone()
            );
        }
        (HistoryEvent::Always, name) => {
            let name = name.clone().unwrap_or_default();
            return td_string!(locale, watch.always.requested, name = name);
        }
        (HistoryEvent::Dismissed(kind), name) => {
            return dismissed(locale, kind, name.clone().unwrap_or_default());
        }
        (HistoryEvent::Requested, None) => td_string!(locale, recording.session.requested),
        (HistoryEvent::Checked(_), Some(name)) => {
            return td_string!(locale, look.checked_by, name = name.clone());
        }
        (HistoryEvent::Checked(_), None) => td_string!(locale, look.checked),
        (HistoryEvent::LookedUp, _) => td_string!(locale, look.looked_up),
        (HistoryEvent::Assigned, name) => {
            let name = name.clone().unwrap_or_default();
            return td_string!(locale, recording.session.assigned_by, name = name);
        }
        (HistoryEvent::Found, _) => td_string!(locale, recording.session.found),
        (HistoryEvent::Took(event), _) => match event {
            E::StartAccepted => td_string!(locale, recording.session.start_accepted),
            E::StartRefused => td_string!(locale, recording.session.start_refused),
            E::StartUnanswered => td_string!(locale, recording.session.start_unanswered),
            E::StopRequested => td_string!(locale, recording.session.stop_requested),
            E::StopAccepted => td_string!(locale, recording.session.stop_accepted),
            E::StopUncertain => td_string!(locale, recording.session.stop_uncertain),
            E::PartArrived => td_string!(locale, recording.session.part_arrived),
            E::CompositeArrived => td_string!(locale, recording.session.composite_arrived),
            E::LastFileArrived => td_string!(locale, recording.session.last_file_arrived),
            E::FallenDue => td_string!(locale, recording.session.fallen_due),
            E::GivenUp => td_string!(locale, recording.session.given_up),
            E::SaidStopped => td_string!(locale, recording.session.said_stopped),
        },
    };
    fixed.to_owned()
}

/// Who said that what the watchdog found is fine.
fn dismissed(locale: Locale, kind: AlertKind, name: String) -> String {
    match kind {
        AlertKind::NotRecorded => td_string!(locale, watch.alert.said_not_recorded, name = name),
        AlertKind::EmptyRoom => td_string!(locale, watch.alert.said_empty_room, name = name),
        AlertKind::NoSign => td_string!(locale, watch.alert.said_no_sign, name = name),
        AlertKind::TooLong => td_string!(locale, watch.alert.said_too_long, name = name),
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
            "Requested: always record (marked by u1001)"
        );
        assert_eq!(
            title(Locale::zh_CN, &line(HistoryEvent::Always, Some("u1001"))),
            "已请求：始终录制（由 u1001 设定）"
        );
        assert_eq!(
            said(HistoryEvent::Dismissed(AlertKind::TooLong), Some("u1001")),
            "Meant to run long, by u1001"
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
