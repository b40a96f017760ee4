use leptos::prelude::*;
use reelroom_domain::{
    find::{FacetKey, Find},
    search::SearchText,
};

use super::{
    choices::{Choice, Narrowing},
    panel::{PATH, Panel},
};
use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    pages::library::filter::{address, fields},
    paths,
    this_page::locale,
    words,
};

/// The values as checkboxes. It is sent while a person types and ticks (`follow.js`), which counts anew.
pub fn form(find: &Find, narrowing: &Narrowing) -> impl IntoView + use<> {
    let locale = locale();
    let panel = narrowing.panel;
    let keys: Vec<&str> = panel.keys().iter().map(|key| key.as_str()).collect();
    let without = panel.keys().iter();
    let without = without.fold(find.clone(), |find, key| find.without(*key));
    let search = panel.is_searched().then(|| search(panel, &narrowing.typed));
    let groups = narrowing.groups.iter();
    let groups = groups.filter(|(_, choices)| !choices.is_empty());
    let groups: Vec<AnyView> = groups
        .map(|(key, choices)| group(*key, choices, panel))
        .collect();
    let none = groups.is_empty().then(|| {
        view! { <p class="muted">{say!(locale, library.narrow.none)}</p> }
    });
    let show = say!(
        locale,
        library.narrow.show,
        n = words::count(narrowing.total)
    );
    view! {
        <turbo-frame id=panel.frame()>
            <form class="menu-form narrow" action=PATH data-follow="">
                {CurrentApp::expect().field()}
                {fields(find, &keys)}
                <input type="hidden" name="key" value=panel.as_str() />
                {search}
                <div class="choices">{groups} {none}</div>
                <footer>
                    <a
                        class="btn quiet"
                        href=address(&without, None)
                        data-turbo-frame="_top"
                        data-closes=""
                    >
                        {say!(locale, library.narrow.clear)}
                    </a>
                    <button
                        class="btn primary"
                        name="show"
                        value="yes"
                        data-turbo-frame="_top"
                        data-closes=""
                    >
                        {show}
                    </button>
                </footer>
            </form>
        </turbo-frame>
    }
}

/// The search among the values. Its button comes first in the form, so Enter presses it.
fn search(panel: Panel, typed: &str) -> impl IntoView + use<> {
    let locale = locale();
    let label = say!(locale, library.narrow.find);
    view! {
        <label class="search">
            <span class="sr">{label} " " {panel.word(locale)}</span>
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                name="typed"
                maxlength=SearchText::MAX_BYTES.to_string()
                autocomplete="off"
                value=typed.to_owned()
            />
        </label>
        <button class="btn unscripted">{say!(locale, common.action.search)}</button>
    }
}

/// The values of one facet.
fn group(key: FacetKey, choices: &[Choice], panel: Panel) -> AnyView {
    let locale = locale();
    let class = if panel == Panel::More { "label" } else { "sr" };
    let choices = choices.iter().map(|choice| {
        let value = choice.facet.value();
        let title = (key == FacetKey::Room).then(|| value.clone());
        // A morph keeps the tick of the choice and not of its place in the list.
        let id = format!("narrow-{}-{}", key.as_str(), paths::escape(&value));
        let word = match key {
            FacetKey::Prefix => {
                say!(locale, library.narrow.prefix, prefix = choice.word.clone())
            }
            _ => choice.word.clone(),
        };
        view! {
            <label class="option" title=title>
                <input
                    type="checkbox"
                    id=id
                    name=key.as_str()
                    value=value
                    checked=choice.is_on
                />
                <span class="trunc">{word}</span>
                <span class="num">{choice.count.map(words::count)}</span>
            </label>
        }
    });
    view! {
        <fieldset>
            <legend class=class>{words::facet_key(locale, key)}</legend>
            {choices.collect_view()}
        </fieldset>
    }
    .into_any()
}
