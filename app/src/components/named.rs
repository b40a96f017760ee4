//! Recordings by name and time: a room alone has many.

use leptos::prelude::*;
use reelroom_domain::{view::RecordingRow, visible::visible_line};

use super::{file::FileName, time::time_as};
use crate::{
    i18n::td,
    paths,
    reader::Reader,
    words::{self, TimeStyle},
};

/// How many recordings a dialog names.
const NAMED: usize = 10;
/// The longest name that is shown, in characters.
const LONGEST: usize = 80;

/// The name of a recording with its day and time: `Call about order 375, 12 Nov 09:18`.
pub fn named(row: &RecordingRow) -> String {
    let reader = Reader::expect();
    let (locale, at) = (reader.locale, reader.zone.civil(row.began_at()));
    let name = visible_line(row.name(), LONGEST);
    let time = words::day_clock(locale, at, reader.today());
    say!(locale, recording.in_room, room = name, when = time)
}

/// The first of the `n` recordings that a dialog is about, of which the reader sees `rows`: with their times, files and
/// sizes, and how many others there are.
pub fn recordings(rows: &[RecordingRow], n: usize) -> impl IntoView + use<> {
    let locale = Reader::expect().locale;
    let lines = rows.iter().take(NAMED).map(|row| {
        let time = time_as(row.began_at(), TimeStyle::Full);
        let files = words::files(locale, row.ledger.arrived());
        let size = words::bytes(locale, row.bytes);
        view! {
            <li>
                <a href=paths::recording(row.id)>{visible_line(row.name(), LONGEST)}</a>
                <span class="what">{td!(locale, trash.recording, time, files, size)}</span>
                {row.file_name.clone().map(|name| view! { <FileName name=name /> })}
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    let others = n.saturating_sub(lines.len());
    let others = (others > 0).then(|| {
        view! { <li class="muted">{say!(locale, common.others, n = others)}</li> }
    });
    view! { <ul class="named">{lines} {others}</ul> }
}
