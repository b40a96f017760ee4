//! Checks of a recording in an unknown state: the button, and the result of the last check.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{check::Checks, ids::RecordingId, view::RoomView};

use crate::pages::rooms::room::context::{room_fields, seconds};
use crate::{
    components::{ErrorNote, Glyph, Icon, Step, StepMark},
    form::failed,
    server_fns::CheckRecording,
    this_page::locale,
    words,
};

/// The button that runs one check, which changes nothing.
pub fn check_form(view: &RoomView, id: RecordingId) -> impl IntoView + use<> {
    let locale = locale();
    let word = say!(locale, look.check);
    view! {
        <form method="post" action=CheckRecording::url()>
            <input type="hidden" name="id" value=id.to_string() />
            {room_fields(view)}
            <button
                class="btn"
                id="check-recording"
                title=say!(locale, look.check_means)
                data-key="c"
                data-does=say!(locale, keys.check)
                data-busy=say!(locale, look.checking)
            >
                <Icon glyph=Glyph::Search />
                <span data-word="">{word}</span>
                <kbd aria-hidden="true">"C"</kbd>
            </button>
        </form>
        {failed::<CheckRecording>().map(|error| view! { <ErrorNote error=error /> })}
    }
}

/// The result of the last check, automatic or by a person. Screen readers announce it when the result
/// changes, not when only the time does.
pub fn last_check(checks: Option<Checks>) -> impl IntoView {
    let last = checks.map(|checks| {
        view! {
            <span class="muted num" aria-live="off">
                {seconds(checks.last_at)()}
            </span>
            " "
            {words::check(locale(), &checks.last)}
        }
    });
    view! {
        <p class="look" aria-live="polite">
            {last}
        </p>
    }
}

/// The last step of the history: checks continue.
pub fn looking_step(checks: Option<Checks>) -> Step {
    let locale = locale();
    let count = checks.map_or(0, |checks| checks.count);
    Step {
        mark: StepMark::Now,
        title: say!(locale, look.ourselves).into_any(),
        note: say!(locale, look.every).into_any(),
        more: Some(words::checks(locale, count).into_any()),
    }
}
