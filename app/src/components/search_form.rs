use leptos::prelude::*;
use reelroom_domain::search::SearchText;

use crate::icon::{Glyph, Icon};
use crate::{current_app::CurrentApp, this_page::locale};

/// A search form with its query in the address. It searches while a person types (`follow.js`); without
/// scripts it has a button.
#[component]
pub fn SearchForm(
    /// The path of the page.
    #[prop(into)]
    action: String,
    label: &'static str,
    /// The current search text.
    #[prop(into)]
    search: String,
    /// Other fields of the form: hidden fields and filters.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = locale();
    view! {
        <form
            class="filters"
            role="search"
            action=action
            data-follow=""
            data-turbo-action="replace"
        >
            {CurrentApp::expect().field()}
            <label class="search">
                <span class="sr">{label}</span>
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    type="search"
                    name="q"
                    id="find"
                    maxlength=SearchText::MAX_BYTES.to_string()
                    placeholder=label
                    value=search
                    data-key="/"
                    data-does=say!(locale, keys.search)
                />
                <kbd class="scripted" aria-hidden="true">"/"</kbd>
            </label>
            <button class="btn unscripted">{say!(locale, common.action.search)}</button>
            {children.map(|children| children())}
        </form>
    }
}
