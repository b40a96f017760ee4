//! The list of rooms: search, filters, rows.

mod add;
mod filters;
mod query;
mod row;

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    room::RoomId,
    view::{RoomFilter, RoomList},
};

pub use self::query::ListQuery;
use self::{
    add::AddMenu,
    filters::{filters, search},
    row::row,
};
use crate::{
    components::{Empty, Glyph, Icon},
    current_app::CurrentApp,
    i18n::td,
    server_fns::AddRoom,
    this_page::locale,
};

/// The list with its heading, which is the page's main one unless there is a panel. Any change of a room
/// refreshes it.
pub fn list(list: &RoomList, query: &ListQuery, has_panel: bool) -> impl IntoView + use<> {
    let locale = locale();
    let may_record = list.role.may_record();
    let title = say!(locale, rooms.title);
    let heading = if has_panel {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        view! { <h1>{title}</h1> }.into_any()
    };
    view! {
        <section class="list" id="list" aria-label=title data-live="rooms">
            <div class="list-h">
                <div class="list-t">{heading} {may_record.then(|| view! { <AddMenu /> })}</div>
                {search(query)}
                {filters(query, list.counts)}
            </div>
            <nav class="rows scroll" aria-label=say!(locale, rooms.list.label)>
                <div class="rows-h">
                    <span>{say!(locale, rooms.list.urgent)}</span>
                    <span>{say!(locale, rooms.list.last)}</span>
                </div>
                {rows(list, query)}
            </nav>
            {keys()}
        </section>
    }
}

fn rows(list: &RoomList, query: &ListQuery) -> impl IntoView + use<> {
    let locale = locale();
    let may_record = list.role.may_record();
    let link = |id: &'static str, href: String, turbo: Option<&'static str>, word: &'static str| {
        view! {
            <a class="btn quiet older" id=id href=href data-turbo-action=turbo data-walk="">
                {word}
            </a>
        }
    };
    let top = say!(locale, rooms.list.top);
    let top = query.top().map(|href| link("top", href, None, top));
    // Replaces the page: scripts keep the scroll position, other browsers have the fragment.
    let (more, older) = (query.more(list), say!(locale, rooms.list.older));
    let more = more.map(|href| link("older", href, Some("replace"), older));
    let [.., hidden] = list.counts;
    let hidden = (hidden > 0 && query.filter != RoomFilter::Hidden).then(|| {
        view! { <a class="none" href=query.hidden()>{td!(locale, rooms.list.hidden, n = hidden)}</a> }
    });
    let nothing = (list.rooms.is_empty()).then(|| nothing(query, may_record));
    let rows = list.rooms.iter().map(|of| row(of, query, may_record));
    view! {
        {top}
        {rows.collect_view()}
        {nothing}
        {more}
        {hidden}
    }
}

/// The empty state: no rooms, or none that match. A searched name can be added as a room.
fn nothing(query: &ListQuery, may_record: bool) -> AnyView {
    let locale = locale();
    if !query.is_filtered() {
        return view! {
            <Empty
                glyph=Glyph::Room
                title=say!(locale, rooms.list.none)
                text=say!(locale, rooms.list.none_text)
            />
        }
        .into_any();
    }
    let title = match query.search.as_str() {
        "" => say!(locale, rooms.list.no_match).to_owned(),
        search => say!(locale, rooms.list.no_match_search, search),
    };
    let room = RoomId::new(query.search.as_str()).ok();
    let add = room.filter(|_| may_record).map(|room| {
        view! {
            <form method="post" action=AddRoom::url()>
                {CurrentApp::expect().field()}
                <input type="hidden" name="room" value=room.to_string() />
                <button class="btn">
                    <Icon glyph=Glyph::Plus />
                    <span class="trunc">
                        {say!(locale, rooms.add.searched, room = room.to_string())}
                    </span>
                </button>
            </form>
        }
    });
    let cleared = query.cleared();
    view! {
        <Empty glyph=Glyph::Search title=title>
            <div class="btns">
                <a class="btn" href=cleared>{say!(locale, rooms.list.clear)}</a>
                {add}
            </div>
        </Empty>
    }
    .into_any()
}

/// The keys of this page, for the help.
fn keys() -> impl IntoView {
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
