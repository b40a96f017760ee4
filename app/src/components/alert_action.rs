use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::watch::{AlertKind, AlertView};

use super::{Glyph, Icon, Tone};
use crate::{
    i18n::Locale,
    server_fns::{StartNow, StopRecording},
    this_page::locale,
};

/// The form with one button that resolves an alert: by a start, or by a stop of the recording that the
/// alert is about.
#[component]
pub fn AlertAction(
    /// The alert.
    alert: AlertView,
    /// The id of its room.
    #[prop(into)]
    room: String,
    /// The app of the room; empty for the default one.
    #[prop(into)]
    app: String,
) -> impl IntoView {
    let (url, class, glyph) = match alert.recording {
        Some(_) => (StopRecording::url(), "btn solid", Glyph::Stop),
        None => (StartNow::url(), "btn primary", Glyph::Recdot),
    };
    let id = alert
        .recording
        .map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> });
    view! {
        <form method="post" action=url>
            {id}
            <input type="hidden" name="room" value=room />
            <input type="hidden" name="app" value=app />
            <button class=class>
                <Icon glyph=glyph />
                {word(locale(), alert.kind)}
            </button>
        </form>
    }
}

/// How an alert sounds.
pub const fn alert_tone(kind: AlertKind) -> Tone {
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
