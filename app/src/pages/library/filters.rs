use leptos::prelude::*;

use super::filter::Filter;
use crate::{
    components::{Glyph, Icon, SearchForm},
    current_app::CurrentApp,
    paths,
    this_page::locale,
};

/// The search field and the room filter.
#[component]
pub fn Filters(
    /// The filter in the address.
    filter: Filter,
) -> impl IntoView {
    let locale = locale();
    let Filter { search, room, .. } = filter;
    let chip = (!room.is_empty()).then(|| {
        let without = paths::library(CurrentApp::expect().as_str(), &search, "", "");
        view! {
            <input type="hidden" name="room" value=room.clone() />
            <span class="chip on">
                {say!(locale, library.room)} " " <b>{room}</b>
                <a class="chip-x" href=without aria-label=say!(locale, library.remove_room)>
                    <Icon glyph=Glyph::X />
                </a>
            </span>
        }
    });
    view! {
        <SearchForm action="/recordings" label=say!(locale, library.find) search=search>
            {chip}
        </SearchForm>
    }
}
