use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingEvent,
    view::{HistoryEvent, HistoryLine, RoomView},
};

use super::check::looking_step;
use crate::pages::rooms::room::context::seconds;
use crate::{
    components::{Step, StepMark, Steps},
    this_page::locale,
    words,
};

/// The history of a recording whose outcome is unknown.
pub fn history(view: &RoomView) -> impl IntoView + use<> {
    let current = view.current.as_ref();
    let history = current.map_or(&[][..], |recording| &recording.history);
    let looking = looking_step(current.and_then(|recording| recording.checks));
    let steps = history.iter().filter_map(step).chain([looking]).collect();
    view! {
        <section aria-labelledby="history-h">
            <div class="today-h">
                <h2 id="history-h">{say!(locale(), rooms.unknown.history)}</h2>
            </div>
            <Steps steps=steps vertical=true />
        </section>
    }
}

fn step(line: &HistoryLine) -> Option<Step> {
    use RecordingEvent as E;
    let locale = locale();
    let (mark, title) = match (line.event, line.actor.clone()) {
        (HistoryEvent::Always, Some(who)) => (
            StepMark::Done,
            say!(locale, watch.always.requested, name = who),
        ),
        (HistoryEvent::Requested, Some(who)) => (
            StepMark::Done,
            say!(locale, rooms.unknown.pressed, who = who),
        ),
        (HistoryEvent::Took(E::StopRequested), Some(who)) => (
            StepMark::Done,
            say!(locale, rooms.unknown.stop_pressed, who = who),
        ),
        (HistoryEvent::Checked(_), Some(name)) => {
            (StepMark::Done, say!(locale, look.checked_by, name = name))
        }
        (event, _) => {
            let (mark, title) = match event {
                HistoryEvent::Requested => (StepMark::Done, say!(locale, rooms.unknown.requested)),
                HistoryEvent::Took(E::StartAccepted) => {
                    (StepMark::Done, say!(locale, rooms.unknown.accepted))
                }
                HistoryEvent::Took(E::StartUnanswered) => {
                    (StepMark::Fault, say!(locale, rooms.unknown.no_start))
                }
                HistoryEvent::Took(E::StopRequested) => {
                    (StepMark::Done, say!(locale, rooms.unknown.stop_requested))
                }
                HistoryEvent::Took(E::StopUncertain) => {
                    (StepMark::Fault, say!(locale, rooms.unknown.no_stop))
                }
                HistoryEvent::LookedUp => (StepMark::Done, say!(locale, look.looked_up)),
                HistoryEvent::Took(E::PartArrived) => {
                    (StepMark::Done, say!(locale, rooms.unknown.arrived))
                }
                _ => return None,
            };
            (mark, title.to_owned())
        }
    };
    let more = match line.event {
        HistoryEvent::Checked(check) => Some(words::check(locale, &check)),
        _ => line.cause.as_ref().map(|cause| words::cause(locale, cause)),
    };
    Some(Step {
        mark,
        title: title.into_any(),
        note: seconds(line.at)(),
        more: more.map(IntoAny::into_any),
    })
}
