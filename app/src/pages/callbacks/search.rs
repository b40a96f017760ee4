use leptos::prelude::*;
use reelroom_domain::inbox::InboxOnly;

use super::address::Address;
use crate::{
    components::{Glyph, Icon, SearchForm},
    i18n::Locale,
    this_page::locale,
};

/// The search field and the other filters. A search starts at the first page.
#[component]
pub fn Search(here: Address) -> impl IntoView {
    let locale = locale();
    let options = InboxOnly::ALL.iter().map(|only| {
        view! {
            <option value=only.as_str() selected=here.only == *only>
                {only_word(locale, *only)}
            </option>
        }
    });
    let options = options.collect_view();
    let hidden = here.fields_without(&["q", "only", "before"]);
    let chip = (!here.room.is_empty()).then(|| {
        let everywhere = Address {
            room: String::new(),
            ..here.clone()
        };
        view! {
            <span class="chip on">
                {say!(locale, callbacks.list.room)} " " <b>{here.room.clone()}</b>
                <a
                    class="chip-x"
                    href=everywhere.path()
                    aria-label=say!(locale, callbacks.list.remove_room)
                >
                    <Icon glyph=Glyph::X />
                </a>
            </span>
        }
    });
    view! {
        <SearchForm
            action="/callbacks"
            label=say!(locale, callbacks.list.find)
            search=here.search.clone()
        >
            <select class="input" name="only" aria-label=say!(locale, callbacks.only.title)>
                {options}
            </select>
            {hidden}
            {chip}
        </SearchForm>
    }
}

fn only_word(locale: Locale, only: InboxOnly) -> &'static str {
    match only {
        InboxOnly::Everything => say!(locale, callbacks.only.everything),
        InboxOnly::Files => say!(locale, callbacks.only.files),
        InboxOnly::Status => say!(locale, callbacks.only.status),
        InboxOnly::Tests => say!(locale, callbacks.only.tests),
        InboxOnly::Dealt => say!(locale, callbacks.only.dealt),
        InboxOnly::LookedUp => say!(locale, callbacks.only.looked_up),
    }
}
