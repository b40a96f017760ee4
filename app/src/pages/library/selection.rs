//! The choice of several recordings for one download.

use leptos::prelude::*;
use reelroom_domain::view::{Library, RecordingRow};

use crate::{
    components::{Glyph, Icon},
    i18n::td,
    paths,
    reader::Reader,
    this_page::locale,
    words,
};

/// The id of the form. The checkboxes name it, because it is not around the rows, which have forms of their own.
const FORM: &str = "selection";

/// Whether some of the recordings may be chosen for a download.
pub fn may_select(library: &Library) -> bool {
    library.recordings.iter().any(|row| row.may_download)
}

/// The checkbox of a recording.
pub fn choice(row: &RecordingRow) -> impl IntoView + use<> {
    let Reader { locale, zone, .. } = Reader::expect();
    let time = words::clock(zone.civil(row.began_at()));
    let label = say!(
        locale,
        library.selection.one,
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
                data-partial=lacks_copies(row).then_some("")
            />
            <span>
                <Icon glyph=Glyph::Check />
            </span>
        </label>
    }
}

/// Whether an archive of the recording lacks files that are announced, or all of them.
fn lacks_copies(row: &RecordingRow) -> bool {
    row.archived == 0 || row.archived < row.ledger.arrived()
}

/// The downloads of the chosen recordings. The style sheet shows the bar once there are any, and counts them, so
/// it stands after the table.
pub fn bar() -> impl IntoView {
    let locale = locale();
    let chosen = || view! { <span class="n-chosen"></span> };
    let partial = || view! { <span class="n-partial"></span> };
    let clear = say!(locale, library.selection.clear);
    view! {
        <form
            class="bulk"
            id=FORM
            action=paths::SELECTED_ZIP
            autocomplete="off"
            data-turbo="false"
            aria-label=say!(locale, library.selection.title)
        >
            <div>
                <span class="strong num">{td!(locale, library.selection.chosen, n = chosen)}</span>
                <span class="hint">{td!(locale, library.selection.partial, n = partial)}</span>
            </div>
            <button class="btn primary">
                <Icon glyph=Glyph::Download />
                {say!(locale, library.selection.zip)}
            </button>
            <button class="btn" formaction=paths::SELECTED_ADDRESSES>
                {say!(locale, library.selection.addresses)}
            </button>
            <button type="reset" class="btn quiet icon" aria-label=clear title=clear>
                <Icon glyph=Glyph::X />
            </button>
        </form>
    }
}
