use leptos::prelude::*;
use reelroom_domain::view::RoomFilter;

use super::query::{FILTERS, ListQuery, filter_word};
use crate::{
    components::{Glyph, Icon, SearchForm},
    this_page::locale,
};

/// The search field. Keeps the panel next to the list open.
pub fn search(query: &ListQuery) -> impl IntoView + use<> {
    let path = query.path();
    // A GET form replaces the query of its address.
    let (action, id) = path.split_once("?id=").unwrap_or((path.as_str(), ""));
    let field = |name: &'static str, value: &str| {
        let value = Some(value.to_owned()).filter(|value| !value.is_empty());
        value.map(|value| view! { <input type="hidden" name=name value=value /> })
    };
    let fields = (field("id", id), field("show", filter_word(query.filter)));
    view! {
        <SearchForm action=action label=say!(locale(), rooms.list.find) search=query.search.clone()>
            {fields}
        </SearchForm>
    }
}

/// All, live, recording, and what needs attention, each with its number of rooms.
pub fn filters(query: &ListQuery, counts: [u32; 5]) -> impl IntoView + use<> {
    let locale = locale();
    let link = |(filter, count): (RoomFilter, u32)| {
        let word = match filter {
            RoomFilter::Live => say!(locale, rooms.list.live),
            RoomFilter::Recording => say!(locale, rooms.list.recording),
            RoomFilter::Attention => say!(locale, common.state.attention),
            RoomFilter::All | RoomFilter::Hidden => say!(locale, rooms.list.all),
        };
        let needs_a_person = filter == RoomFilter::Attention;
        // Four labels are too wide; this one shows the icon of its rooms instead.
        let shown = if needs_a_person {
            view! {
                <Icon glyph=Glyph::Alert />
                <span class="sr">{word}</span>
            }
            .into_any()
        } else {
            word.into_any()
        };
        view! {
            <a
                href=query.filtered(filter)
                aria-current=(query.filter == filter).then_some("true")
                class=(needs_a_person && count > 0).then_some("calls")
                title=needs_a_person.then_some(word)
            >
                {shown}
                <span class="count">{count}</span>
            </a>
        }
    };
    let shown = FILTERS.into_iter().zip(counts).take(4);
    view! {
        <div class="seg" role="group" aria-label=say!(locale, rooms.list.show)>
            {shown.map(link).collect_view()}
        </div>
    }
}
