//! The buttons of a recording that stop it or check it, each with the error of the last attempt.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{ids::RecordingId, view::RoomView};

use crate::{
    components::{ErrorNote, Glyph, Icon},
    form::failed,
    pages::rooms::room::context::room_fields,
    server_fns::{CheckRecording, StopRecording},
    this_page::locale,
};

/// The button that stops a recording at once. `safe`: for a recording in an unknown state.
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
                data-busy=say!(locale, rooms.now.stop_pending)
            >
                <Icon glyph=Glyph::Stop />
                <span data-word="" aria-live="polite">
                    {word}
                </span>
                <kbd aria-hidden="true">"S"</kbd>
            </button>
        </form>
        {failed::<StopRecording>().map(|error| view! { <ErrorNote error=error /> })}
    }
}

/// The button that runs one check of a recording in an unknown state, which changes nothing.
pub fn check_form(view: &RoomView, id: RecordingId) -> impl IntoView + use<> {
    let locale = locale();
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
                <span data-word="">{say!(locale, look.check)}</span>
                <kbd aria-hidden="true">"C"</kbd>
            </button>
        </form>
        {failed::<CheckRecording>().map(|error| view! { <ErrorNote error=error /> })}
    }
}
