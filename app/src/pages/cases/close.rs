//! The dialog that closes a case.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{keep::MayRelease, visible::visible_line};

use super::{address::Address, buttons::buttons, list::LONGEST, opened::Opened};
use crate::{
    components::{Glyph, form_error, point, reason_field, recordings},
    form::failed,
    i18n::Locale,
    server_fns::CloseCase,
    this_page::locale,
    words,
};

/// The dialog.
pub fn close(of: &Opened, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let case = &of.view.case;
    let number = visible_line(&case.text.number, LONGEST);
    let name = visible_line(&case.text.name, LONGEST);
    let n = of.view.held;
    let text = match n {
        1 => say!(locale, cases.close.text_single).to_owned(),
        n => say!(locale, cases.close.text, n = words::number(n)),
    };
    let with_second = of.view.release == MayRelease::WithSecond;
    let submit = if with_second {
        say!(locale, cases.close.ask)
    } else {
        say!(locale, cases.close.submit)
    };
    let error = failed::<CloseCase>();
    view! {
        <div class="scrim">
            <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="close-h">
                <form method="post" action=CloseCase::url() autocomplete="off" data-edit="">
                    <input type="hidden" name="id" value=case.id.to_string() />
                    <h2 id="close-h">{say!(locale, cases.close.title, number, name)}</h2>
                    {form_error::<CloseCase>()}
                    <p class="soft">{text}</p>
                    {(n > 0).then(|| recordings(&of.rows, n as usize))}
                    {points(locale, with_second)}
                    <div class="fields">{reason_field("dialog-reason", None, error.as_ref())}</div>
                    {buttons(here.here(), say!(locale, cases.close.keep), Glyph::Unlock, submit)}
                </form>
            </div>
        </div>
    }
}

fn points(locale: Locale, with_second: bool) -> impl IntoView {
    let second = with_second.then(|| point(Glyph::Users, say!(locale, cases.close.second)));
    view! {
        <ul class="points">
            {point(Glyph::Lock, say!(locale, cases.close.others))}
            {point(Glyph::Hourglass, say!(locale, cases.close.rules))}
            {second}
        </ul>
    }
}
