//! The presentation of a watchdog alert, and the button that fixes it.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    room::RoomId,
    watch::{AlertKind, AlertView},
};

use crate::{
    components::{Glyph, Icon, Tone},
    current_app::CurrentApp,
    server_fns::{StartNow, StopRecording},
    this_page::locale,
};

/// The severity.
pub const fn tone(kind: AlertKind) -> Tone {
    match kind {
        AlertKind::NotRecorded | AlertKind::NoSign => Tone::Fault,
        AlertKind::EmptyRoom | AlertKind::TooLong => Tone::Wait,
    }
}

/// The form that stops the recording that the alert is about, or starts the one that should run.
pub fn alert_action(alert: AlertView, room: &RoomId) -> impl IntoView + use<> {
    let locale = locale();
    let (action, class, glyph) = match alert.recording {
        Some(_) => (StopRecording::url(), "btn solid", Glyph::Stop),
        None => (StartNow::url(), "btn primary", Glyph::Recdot),
    };
    let word = match alert.kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.start),
        AlertKind::EmptyRoom | AlertKind::TooLong => say!(locale, watch.alert.stop),
        AlertKind::NoSign => say!(locale, watch.alert.stop_safe),
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
}
