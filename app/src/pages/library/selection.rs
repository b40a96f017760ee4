//! The selection of recordings: a checkbox in each row, that of all rows, and the second step to all that match. What
//! is selected is what is ticked; `select.js` adds ranges and keys.

use leptos::prelude::*;
use reelroom_domain::{
    keep::{Keep, KeepFacts, may_trash},
    view::{Library, RecordingRow},
};

use super::{
    choosing::Choosing,
    filter::{Filter, address},
    selected::Mode,
};
use crate::{
    components::{Glyph, Icon, select_shown},
    paths,
    reader::Reader,
    this_page::locale,
    words,
};

/// The id of the form. The checkboxes name it, because it is not around the rows, which have forms of their own.
pub const FORM: &str = "selection";

/// Whether a recording can be selected: all can but failed starts.
pub fn is_selectable(row: &RecordingRow) -> bool {
    row.nothing_recorded().is_none()
}

/// How many recordings of the page can be selected.
pub fn shown(library: &Library) -> u32 {
    let rows = library.recordings.iter();
    let count = rows.filter(|row| is_selectable(row)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The address of this page with another selection.
pub fn here(filter: &Filter, mode: Mode) -> String {
    let page = address(&filter.find, filter.page);
    paths::with_query(&page, &[("all", mode.as_str())])
}

/// The checkbox of a recording. Where all that match are selected, it cannot be taken out.
pub fn choice(row: &RecordingRow) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let mode = Choosing::expect().mode;
    let (is_ticked, is_all) = (mode != Mode::Nothing, mode == Mode::All);
    let time = words::clock(zone.civil(row.began_at()));
    let label = say!(
        locale,
        selection.one,
        room = row.room_name().to_owned(),
        time
    );
    view! {
        <label class="check">
            <input
                type="checkbox"
                form=FORM
                name="id"
                value=row.id.to_string()
                aria-label=label
                checked=is_ticked
                disabled=is_all
                data-copies=copies(row)
                data-stays=stays(row).then_some("")
            />
            <span>
                <Icon glyph=Glyph::Check />
            </span>
        </label>
    }
}

/// Whether a recording can be downloaded, for the style sheet, which counts.
fn copies(row: &RecordingRow) -> &'static str {
    if !row.may_download {
        "denied"
    } else if row.archived == 0 {
        "bare"
    } else {
        "ready"
    }
}

/// Whether a recording cannot be moved to the trash, for the style sheet.
fn stays(row: &RecordingRow) -> bool {
    let facts = KeepFacts {
        keep: Keep::Kept,
        state: row.state,
        is_held: Choosing::expect().held.contains(&row.id),
        is_fetched: false,
    };
    may_trash(&facts).is_err()
}

/// The checkbox of all rows. Without scripts, the bar has a link in its place.
pub fn head(library: &Library) -> impl IntoView + use<> {
    let n = shown(library);
    let is_all = Choosing::expect().mode == Mode::All;
    (n > 0).then(|| select_shown(locale(), n, is_all))
}

/// The step from all rows to all that match, and back. The style sheet shows it once all rows are ticked.
pub fn all_bar(library: &Library, filter: &Filter) -> Option<AnyView> {
    let locale = locale();
    let (n, total) = (shown(library), library.total);
    if n == 0 || (total.n <= n && !total.more) {
        return None;
    }
    let n = words::number(n);
    let all = words::count(total);
    let is_all = Choosing::expect().mode == Mode::All;
    let (text, word, mode) = if is_all {
        (
            say!(locale, selection.all_selected, n = all),
            say!(locale, selection.only_shown, n),
            Mode::Shown,
        )
    } else {
        (
            say!(locale, selection.all_shown, n),
            say!(locale, selection.all, n = all),
            Mode::All,
        )
    };
    let bar = view! {
        <div class="allbar" role="status" data-all=is_all.then_some("")>
            <Icon glyph=Glyph::Check />
            <span>{text}</span>
            <a class="btn" href=here(filter, mode) data-turbo-action="replace">
                {word}
            </a>
        </div>
    };
    Some(bar.into_any())
}
