//! The presentation of a watchdog alert, and the button that fixes it.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    room::RoomId,
    watch::{AlertKind, AlertView},
};

use crate::{
    components::{Glyph, Icon, Tone},
    current_app::CurrentApp,
    i18n::Locale,
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

fn word(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.start),
        AlertKind::EmptyRoom | AlertKind::TooLong => say!(locale, watch.alert.stop),
        AlertKind::NoSign => say!(locale, watch.alert.stop_safe),
    }
}

/// Stops the recording that the alert is about, or starts the one that should run.
#[component]
pub fn AlertAction(
    /// The alert.
    alert: AlertView,
    /// Its room.
    room: RoomId,
) -> impl IntoView {
    let (action, class, glyph) = match alert.recording {
        Some(_) => (StopRecording::url(), "btn solid", Glyph::Stop),
        None => (StartNow::url(), "btn primary", Glyph::Recdot),
    };
    let id = alert
        .recording
        .map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> });
    view! {
        <form method="post" action=action>
            {CurrentApp::expect().field()}
            <input type="hidden" name="room" value=room.to_string() />
            {id}
            <button class=class>
                <Icon glyph=glyph />
                {word(locale(), alert.kind)}
            </button>
        </form>
    }
}
