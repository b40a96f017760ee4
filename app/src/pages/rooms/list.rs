//! The list of rooms: search, filters, rows.

mod add;
mod alert;
mod filters;
mod nothing;
mod query;
mod row;

use leptos::prelude::*;
use reelroom_domain::view::{RoomFilter, RoomList};

pub use self::query::ListQuery;
use self::{
    add::AddMenu,
    filters::{Filters, Search},
    nothing::Nothing,
    row::Row,
};
use crate::{i18n::td, this_page::locale};

/// The list with its heading. Any change of a room refreshes it.
#[component]
pub fn List(
    /// The results.
    list: RoomList,
    /// The query.
    query: ListQuery,
    /// Whether the panel has the page's main heading.
    #[prop(optional)]
    panel: bool,
) -> impl IntoView {
    let locale = locale();
    let may_record = list.role.may_record();
    let title = say!(locale, rooms.title);
    let heading = if panel {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        view! { <h1>{title}</h1> }.into_any()
    };
    view! {
        <section class="list" id="list" aria-label=title data-live="rooms">
            <div class="list-h">
                <div class="list-t">{heading} {may_record.then(|| view! { <AddMenu /> })}</div>
                <Search query=query.clone() />
                <Filters query=query.clone() counts=list.counts />
            </div>
            <nav class="rows scroll" aria-label=say!(locale, rooms.list.label)>
                <div class="rows-h">
                    <span>{say!(locale, rooms.list.urgent)}</span>
                    <span>{say!(locale, rooms.list.last)}</span>
                </div>
                <Rows list=list query=query />
            </nav>
            <Keys />
        </section>
    }
}

#[component]
fn Rows(list: RoomList, query: ListQuery) -> impl IntoView {
    let locale = locale();
    let may_record = list.role.may_record();
    let more = query.more(&list).map(|href| {
        view! {
            // Replaces the page: scripts keep the scroll position, other browsers have the fragment.
            <a
                class="btn quiet older"
                id="older"
                href=href
                data-turbo-action="replace"
                data-walk=""
            >
                {say!(locale, rooms.list.older)}
            </a>
        }
    });
    let top = query.top().map(|href| {
        view! {
            <a class="btn quiet older" id="top" href=href data-walk="">
                {say!(locale, rooms.list.top)}
            </a>
        }
    });
    let [.., hidden] = list.counts;
    let hidden = (hidden > 0 && query.filter != RoomFilter::Hidden).then(|| {
        view! {
            <a class="none" href=query.hidden()>
                {td!(locale, rooms.list.hidden, n = hidden)}
            </a>
        }
    });
    let nothing = (list.rooms.is_empty())
        .then(|| view! { <Nothing query=query.clone() may_record=may_record /> });
    let rows = list.rooms.into_iter();
    let rows = rows.map(|row| view! { <Row row=row query=query.clone() may_record=may_record /> });
    view! {
        {top}
        {rows.collect_view()}
        {nothing}
        {more}
        {hidden}
    }
}

/// The keys of this page, for the help.
#[component]
fn Keys() -> impl IntoView {
    let locale = locale();
    view! {
        <div class="list-f scripted" aria-hidden="true">
            <span>
                <kbd>"J"</kbd>
                <kbd>"K"</kbd>
                {say!(locale, rooms.list.key_move)}
            </span>
            <span>
                <kbd>"R"</kbd>
                {say!(locale, rooms.list.key_record)}
            </span>
            <span>
                <kbd>"S"</kbd>
                {say!(locale, rooms.list.key_stop)}
            </span>
            <span class="last">
                <kbd>"?"</kbd>
                {say!(locale, keys.all)}
            </span>
        </div>
    }
}
