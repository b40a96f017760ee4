//! The presentation of a watchdog alert, and the button that fixes it.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    room::RoomId,
    watch::{AlertKind, AlertView},
};

use crate::{
    components::{Glyph, Icon, Tone},
    current_app::CurrentApp,
    paths,
    server_fns::{StartNow, StopRecording},
    this_page::locale,
};

/// The severity.
pub const fn tone(kind: AlertKind) -> Tone {
    match kind {
        AlertKind::NotRecorded | AlertKind::NoSign | AlertKind::FilesGone => Tone::Fault,
        AlertKind::EmptyRoom | AlertKind::TooLong => Tone::Wait,
    }
}

/// The form that stops the recording that the alert is about, or starts the one that should run; a link to the
/// recording whose files are gone.
pub fn alert_action(alert: AlertView, room: &RoomId) -> AnyView {
    let locale = locale();
    let (action, class, glyph) = match alert.recording {
        Some(_) => (StopRecording::url(), "btn solid", Glyph::Stop),
        None => (StartNow::url(), "btn primary", Glyph::Recdot),
    };
    let word = match alert.kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.start),
        AlertKind::EmptyRoom | AlertKind::TooLong => say!(locale, rooms.now.stop),
        AlertKind::NoSign => say!(locale, rooms.unknown.stop),
        AlertKind::FilesGone => {
            let link = alert.recording.map(|id| {
                let word = say!(locale, watch.alert.show_recording);
                view! { <a class="btn" href=paths::recording(id)>{word}</a> }
            });
            return link.into_any();
        }
    };
    let id = alert.recording;
    view! {
        <form method="post" action=action>
            {CurrentApp::expect().field()}
            <input type="hidden" name="room" value=room.to_string() />
            {id.map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> })}
            <button class=class><Icon glyph=glyph />{word}</button>
        </form>
    }
    .into_any()
}
