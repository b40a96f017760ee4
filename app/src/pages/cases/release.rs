//! The dialog that releases a recording from a case.

use std::slice;

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{keep::MayRelease, view::RecordingRow, visible::visible_line};

use super::{address::Address, buttons::buttons, list::LONGEST, opened::Opened};
use crate::{
    components::{Glyph, form_error, reason_field, recordings},
    form::failed,
    server_fns::ReleaseRecording,
    this_page::locale,
};

/// The recording of that id, if the case holds it and the reader may release it.
pub fn released<'a>(of: &'a Opened, id: &str) -> Option<&'a RecordingRow> {
    let may = of.is_open() && of.view.release != MayRelease::No;
    let mut held = of.view.recordings.iter().map(|(_, held)| *held);
    let held = held.find(|held| may && held.to_string() == id)?;
    of.rows.iter().find(|row| row.id == held)
}

/// The dialog.
pub fn release(of: &Opened, row: &RecordingRow, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let name = visible_line(row.name(), LONGEST);
    let number = visible_line(&of.view.case.text.number, LONGEST);
    let with_second = of.view.release == MayRelease::WithSecond;
    let text = if with_second {
        say!(locale, cases.release_second)
    } else {
        say!(locale, cases.close.others)
    };
    let submit = if with_second {
        say!(locale, keep.hold.release_ask)
    } else {
        say!(locale, keep.hold.release)
    };
    let error = failed::<ReleaseRecording>();
    view! {
        <div class="scrim">
            <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="release-h">
                <form
                    method="post"
                    action=ReleaseRecording::url()
                    autocomplete="off"
                    data-edit=""
                >
                    <input type="hidden" name="id" value=row.id.to_string() />
                    <input type="hidden" name="case" value=of.view.case.id.to_string() />
                    <h2 id="release-h">{say!(locale, cases.release_title, name, number)}</h2>
                    {form_error::<ReleaseRecording>()}
                    {recordings(slice::from_ref(row), 1)}
                    <p class="soft">{text}</p>
                    <div class="fields">{reason_field("dialog-reason", None, error.as_ref())}</div>
                    {buttons(here.here(), say!(locale, cases.keep_held), Glyph::Unlock, submit)}
                </form>
            </div>
        </div>
    }
}
