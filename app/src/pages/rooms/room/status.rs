//! The status of the room: its recording, alerts and banners.

mod actions;
mod alerts;
mod banners;
mod now;
mod tracks;

use leptos::prelude::*;
use reelroom_domain::{
    cause::Cause,
    recording::RecordingEvent as E,
    view::{HistoryEvent as H, HistoryLine, RoomView},
};

pub use self::tracks::tracks;
use super::context::seconds;
use crate::{
    components::{Step, StepMark, Steps},
    this_page::locale,
    words,
};

/// The content above the columns: notes, banners, and the card of the recording.
pub fn status(view: &RoomView) -> impl IntoView + use<> {
    view! {
        {banners::taken_note(view)}
        {banners::banner(view)}
        {alerts::alerts(view)}
        {now::card(view)}
    }
}

/// The history of a recording whose outcome is unknown. Its last step: checks continue.
pub fn history(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let current = view.current.as_ref();
    let history = current.map_or(&[][..], |recording| &recording.history);
    let checks = current.and_then(|recording| recording.checks);
    let checks = checks.map_or(0, |checks| checks.count);
    let last = Step {
        mark: StepMark::Now,
        title: say!(locale, look.ourselves).into_any(),
        note: say!(locale, look.every).into_any(),
        more: Some(words::checks(locale, checks).into_any()),
    };
    let steps = history.iter().filter_map(step).chain([last]).collect();
    view! {
        <section aria-labelledby="history-h">
            <div class="today-h"><h2 id="history-h">{say!(locale, recording.session.title)}</h2></div>
            <Steps steps=steps vertical=true />
        </section>
    }
}

fn step(line: &HistoryLine) -> Option<Step> {
    let locale = locale();
    let mark = match line.event {
        H::Took(E::StartUnanswered | E::StopUncertain) => StepMark::Fault,
        _ => StepMark::Done,
    };
    let title = match (line.event, line.actor.as_deref()) {
        (H::Always, Some(name)) => say!(locale, watch.always.requested, name),
        (H::Requested, Some(who)) => say!(locale, rooms.unknown.pressed, who),
        (H::Took(E::StopRequested), Some(who)) => say!(locale, rooms.unknown.stop_pressed, who),
        (H::Checked(_), Some(name)) => say!(locale, look.checked_by, name),
        (event, _) => match event {
            H::Requested => say!(locale, rooms.unknown.requested),
            H::Took(E::StartAccepted) => say!(locale, rooms.unknown.accepted),
            H::Took(E::StartUnanswered) => say!(locale, rooms.unknown.no_start),
            H::Took(E::StopRequested) => say!(locale, recording.session.stop_requested),
            H::Took(E::StopUncertain) if matches!(line.cause, Some(Cause::Words(_))) => {
                say!(locale, recording.session.stop_refused)
            }
            H::Took(E::StopUncertain) => say!(locale, rooms.unknown.no_stop),
            H::LookedUp => say!(locale, look.looked_up),
            H::Took(E::PartArrived) => say!(locale, rooms.unknown.arrived),
            _ => return None,
        }
        .to_owned(),
    };
    let more = match line.event {
        H::Checked(check) => Some(words::check(locale, &check)),
        _ => line.cause.as_ref().map(|cause| words::cause(locale, cause)),
    };
    Some(Step {
        mark,
        title: title.into_any(),
        note: seconds(line.at)(),
        more: more.map(IntoAny::into_any),
    })
}
