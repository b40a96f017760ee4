//! The buttons of a recording that stop it or check it, each with the error of the last attempt.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    ids::RecordingId,
    recording::RecordingState,
    view::{RecordingView, RoomView},
};

use crate::{
    components::{ErrorNote, Glyph, Icon},
    form::failed,
    pages::rooms::room::context::room_fields,
    server_fns::{CheckRecording, StopRecording},
    this_page::locale,
};

/// The button that stops a recording at once. `safe`: for a recording in an unknown state, whose banner says
/// how the last attempt ended.
pub fn stop_form(view: &RoomView, id: RecordingId, safe: bool) -> impl IntoView + use<> {
    let locale = locale();
    let (class, word) = if safe {
        ("btn solid", say!(locale, rooms.unknown.stop))
    } else {
        ("btn solid lg", say!(locale, rooms.now.stop))
    };
    view! {
        <form method="post" action=StopRecording::url()>
            <input type="hidden" name="id" value=id.to_string() />
            {room_fields(view)}
            <button
                class=class
                id="stop-recording"
                title=say!(locale, rooms.now.stop_final)
                data-key="s"
                data-does=say!(locale, keys.stop)
                data-twice=say!(locale, rooms.now.stop_again)
                data-busy=say!(locale, common.state.stopping)
            >
                <Icon glyph=Glyph::Stop />
                <span data-word="" aria-live="polite">{word}</span>
                <kbd aria-hidden="true">"S"</kbd>
            </button>
        </form>
        {failed::<StopRecording>().filter(|_| !safe).map(|error| view! { <ErrorNote error=error /> })}
    }
}

/// The button that runs one check of a recording in an unknown state, or of an overdue one.
pub fn check_form(view: &RoomView, recording: &RecordingView) -> impl IntoView + use<> {
    let (locale, id) = (locale(), recording.row.id);
    let (word, means) = if recording.row.state == RecordingState::Overdue {
        (
            say!(locale, rooms.overdue.check),
            say!(locale, rooms.overdue.check_means),
        )
    } else {
        (say!(locale, look.check), say!(locale, look.check_means))
    };
    view! {
        <form method="post" action=CheckRecording::url()>
            <input type="hidden" name="id" value=id.to_string() />
            {room_fields(view)}
            <button
                class="btn"
                id="check-recording"
                title=means
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
