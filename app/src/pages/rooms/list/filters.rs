use leptos::prelude::*;
use reelroom_domain::view::RoomFilter;

use super::query::{FILTERS, ListQuery, filter_word};
use crate::{
    components::{Glyph, Icon, SearchForm},
    this_page::locale,
};

/// The search field. Keeps the panel next to the list open.
#[component]
pub fn Search(
    /// What the address asks for.
    query: ListQuery,
) -> impl IntoView {
    let path = query.path();
    // A GET form replaces the query of its address.
    let id = path.split_once("?id=").map(|(_, id)| id.to_owned());
    let action = path.split('?').next().unwrap_or_default().to_owned();
    let field = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value /> })
    };
    view! {
        <SearchForm action=action label=say!(locale(), rooms.list.find) search=query.search.clone()>
            {field("id", id.unwrap_or_default())}
            {field("show", filter_word(query.filter).to_owned())}
        </SearchForm>
    }
}

/// All, live, recording, and what needs attention, each with its number.
#[component]
pub fn Filters(
    /// What the address asks for.
    query: ListQuery,
    /// How many rooms each filter has.
    counts: [u32; 5],
) -> impl IntoView {
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
