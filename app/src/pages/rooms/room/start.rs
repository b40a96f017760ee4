//! The card with the form that starts a recording, and the presets that fill it in.

mod change;
mod presets;

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    order::FormField, recording::RecordingEvent, time::Timestamp, view::RoomView,
};

use self::presets::preset_menu;
use super::{context::room_fields, progress::last_line};
use crate::{
    components::ErrorNote,
    error::ApiError,
    form::failed,
    islands::{START_FORM, StartForm, StartProps, island},
    server_fns::{SavePreset, StartRecording},
    this_page::locale,
    words,
};

/// The card. Its fields are an island; the surrounding form works without it.
pub fn start(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<StartRecording>();
    view! {
        <section class="card start" aria-labelledby="start-h">
            // Enter presses the first button of a form, which must not be one that fills it in.
            <button form=START_FORM hidden></button>
            <div class="card-h">
                <h2 id="start-h">{say!(locale, rooms.form.submit)}</h2>
                {preset_menu(view)}
            </div>
            <form method="post" action=StartRecording::url() id=START_FORM>
                {room_fields(view)}
                {error.clone().and_then(note)}
                {island::<StartForm>(props(view, error))}
            </form>
        </section>
    }
}

fn props(view: &RoomView, error: Option<ApiError>) -> StartProps {
    const MINUTE: i64 = 60_000;
    let refused = match error.or_else(failed::<SavePreset>) {
        Some(ApiError::Invalid { problems }) => problems,
        _ => Vec::new(),
    };
    let refused = refused.into_iter().map(|problem| problem.field);
    let kind = (view.refused_kind).then(|| FormField::Kind.as_str().to_owned());
    let people = view.participants.iter();
    let people = people.filter(|person| person.left_at.is_none());
    StartProps {
        room: view.room.clone(),
        first: view.form.clone(),
        kinds: view.app.kinds.clone(),
        public_cloud: view.app.public_cloud,
        people: people.map(|person| person.who.clone()).collect(),
        presence: view.presence,
        day: view.day.on(view.now.day(view.app.zone_offset)),
        // Rounded to the minute, so that the island's properties change once a minute.
        now: Timestamp::from_millis(view.now.as_millis().div_euclid(MINUTE) * MINUTE),
        time_form: view.time_form,
        zone_offset: view.app.zone_offset,
        refused: refused.chain(kind).collect(),
        refusal: refusal(view),
    }
}

/// Why the last start was refused, for the place beside the button.
fn refusal(view: &RoomView) -> Option<String> {
    let history = &view.current.as_ref()?.history;
    let refused = last_line(history, RecordingEvent::StartRefused)?;
    let cause = words::cause(locale(), refused.cause.as_ref()?);
    Some(say!(locale(), rooms.failed.words, words = cause))
}

/// The error of the last start. A refusal by the platform or a lost race is shown by a banner above, because
/// it concerns the room; an invalid value is shown at its field.
fn note(error: ApiError) -> Option<impl IntoView> {
    let elsewhere = matches!(
        error,
        ApiError::Refused { .. }
            | ApiError::NotSent { .. }
            | ApiError::Invalid { .. }
            | ApiError::RoomTaken { .. }
    );
    (!elsewhere).then(|| view! { <div class="start-e"><ErrorNote error=error /></div> })
}
