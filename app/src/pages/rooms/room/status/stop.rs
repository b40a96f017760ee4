use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{ids::RecordingId, view::RoomView};

use crate::pages::rooms::room::context::room_fields;
use crate::{
    components::{ErrorNote, Glyph, Icon},
    form::failed,
    server_fns::StopRecording,
    this_page::locale,
};

/// The button that stops a recording at once, and the error of the last attempt. `safe`: for a recording in
/// an unknown state.
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
