use leptos::prelude::*;
use reelroom_domain::{
    room::RoomId,
    watch::{AlertKind, AlertView},
};

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    pages::rooms::alert::{AlertAction, tone},
    this_page::locale,
};

/// The alert of a room, below its row.
#[component]
pub fn RowAlert(
    /// The alert.
    alert: AlertView,
    /// The room.
    room: RoomId,
    /// Whether the reader may act on it.
    may_record: bool,
) -> impl IntoView {
    let action = may_record.then(|| view! { <AlertAction alert=alert room=room /> });
    view! {
        <div class="row-alert" data-tone=tone(alert.kind).as_str()>
            <Icon glyph=Glyph::Alert />
            <span class="trunc">{word(locale(), alert.kind)}</span>
            {action}
        </div>
    }
}

fn word(locale: Locale, kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.not_recorded),
        AlertKind::EmptyRoom => say!(locale, watch.alert.empty_room),
        AlertKind::NoSign => say!(locale, watch.alert.no_sign),
        AlertKind::TooLong => say!(locale, watch.alert.too_long),
    }
}
