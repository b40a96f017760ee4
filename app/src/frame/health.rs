use leptos::prelude::*;
use reelroom_domain::{time::Timestamp, view::Shell};

use crate::{
    components::{Glyph, Icon},
    reader::Reader,
    this_page::locale,
    words,
};

/// The connection to the server, the last callback, and the time zone.
#[component]
pub fn Health(shell: Shell) -> impl IntoView {
    let locale = locale();
    let reader = Reader::expect();
    let zone = reader.zone.name().to_owned();
    let offset = words::offset_name(reader.zone.offset(reader.now));
    let note = say!(
        locale,
        common.time.zone_note,
        zone = zone.clone(),
        offset = offset.clone()
    );
    view! {
        <ul class="health" aria-label=say!(locale, common.health.title)>
            <li data-silence="none" class="scripted" aria-live="polite">
                <Icon glyph=Glyph::Pulse class="i-s" />
                <span>{say!(locale, common.health.connected)}</span>
                <span>{say!(locale, common.health.on)}</span>
            </li>
            <li data-silence="shown" class="stale" aria-live="polite" hidden>
                <Icon glyph=Glyph::Pulse class="i-s" />
                <span>{say!(locale, common.health.silent)}</span>
                <span data-silent-since=""></span>
            </li>
            <li>
                <Icon glyph=Glyph::Inbox class="i-s" />
                <span>{say!(locale, common.health.last_callback)}</span>
                <span>{ago(&reader, shell.last_callback_at)}</span>
            </li>
            <li title=note>
                <Icon glyph=Glyph::Clock class="i-s" />
                <span class="trunc">{zone}</span>
                <span>{offset}</span>
            </li>
        </ul>
    }
}

fn ago(reader: &Reader, at: Option<Timestamp>) -> String {
    let locale = reader.locale;
    let Some(at) = at else {
        return say!(locale, common.health.never).to_owned();
    };
    match reader.now.since(at) / 60_000 {
        ..1 => say!(locale, common.time.just_now).to_owned(),
        minutes @ 1..60 => say!(locale, common.time.minutes_ago, count = minutes.to_string()),
        _ => words::near(locale, reader.zone.civil(at), reader.today()),
    }
}
