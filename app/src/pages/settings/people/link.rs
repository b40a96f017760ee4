//! A one-time link, shown once.

use leptos::prelude::*;
use reelroom_domain::people::{NewLink, PersonView};

use super::address::Address;
use crate::{
    components::{CopyButton, Glyph, Icon, time_as},
    i18n::{Locale, td},
    words::TimeStyle,
};

/// The link that was just made for an account; else an empty place, so that a page that refreshes keeps the
/// link that it shows (see `morph.js`).
pub fn once(locale: Locale, of: &PersonView, here: &Address) -> impl IntoView + use<> {
    let link = of.link.as_ref();
    let is_shown = link.is_some();
    let done = here.opening(&of.row.id.to_string());
    let link = link.map(|link| shown(locale, link, of, done));
    view! {
        <div
            id="new-link"
            class="new-link"
            data-kept=is_shown.then_some("")
            tabindex=is_shown.then_some("-1")
            autofocus=is_shown
        >
            {link}
        </div>
    }
}

fn shown(locale: Locale, link: &NewLink, of: &PersonView, done: String) -> impl IntoView + use<> {
    let time = time_as(link.until, TimeStyle::Full);
    let id = of.row.name.clone();
    let name = move || view! { <span class="mono">{id.clone()}</span> };
    let no_site = (!link.has_site).then(|| {
        view! { <p class="hint">{say!(locale, people.link.no_site)}</p> }
    });
    view! {
        <section aria-labelledby="link-h">
            <h2 id="link-h">{say!(locale, people.link.title, name = of.row.called())}</h2>
            <p class="soft">{say!(locale, people.link.once)}</p>
            <div class="once">
                <code>{link.address.clone()}</code>
            </div>
            {no_site}
            <ul class="points">
                <li>
                    <Icon glyph=Glyph::Hourglass />
                    <span>{td!(locale, people.link.until, time)}</span>
                </li>
                <li>
                    <Icon glyph=Glyph::Key />
                    <span>{td!(locale, people.link.whoever, name)}</span>
                </li>
            </ul>
            <div class="btns">
                // Without Turbo, which would keep the link on the page.
                <a class="btn" href=done data-turbo="false">{say!(locale, people.link.done)}</a>
                <CopyButton text=link.address.clone() label=say!(locale, people.link.copy) />
            </div>
        </section>
    }
}
