//! The list of rooms: search, filters, rows.

mod query;
mod row;
mod trouble;

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    room::RoomId,
    view::{RoomFilter, RoomList},
};
use strum::VariantArray;

pub use self::query::ListQuery;
use self::{row::row, trouble::trouble};
use crate::{
    components::{Empty, ErrorNote, FetchingPauses, Glyph, Icon, Menu, SearchForm, hidden, way_on},
    current_app::CurrentApp,
    error::ApiError,
    form::{failed, typed},
    i18n::td,
    server_fns::AddRoom,
    this_page::locale,
};

/// The list with its heading, which is the page's main one unless there is a panel. Any change of a room
/// refreshes it.
pub fn list(list: &RoomList, query: &ListQuery, has_panel: bool) -> impl IntoView + use<> {
    let locale = locale();
    let may_record = list.role.may_record();
    let title = say!(locale, common.nav.rooms);
    let heading = if has_panel {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        // Receives the focus when the focused element is removed (see `morph.js`).
        view! { <h1 tabindex="-1" data-focus="">{title}</h1> }.into_any()
    };
    view! {
        <section class="list" id="list" aria-label=title data-live="rooms">
            <div class="list-h">
                <div class="list-t">{heading} {may_record.then(add_menu)}</div>
                {search(query)}
                {filters(query, list.counts)}
                {list.fetching_pauses.then(fetching_pauses)}
            </div>
            <nav class="rows scroll" aria-label=say!(locale, rooms.list.label)>
                {trouble(&list.trouble, may_record)}
                <div class="rows-h">
                    <span>{say!(locale, rooms.list.urgent)}</span>
                    <span>{say!(locale, rooms.list.last)}</span>
                </div>
                {rows(list, query)}
            </nav>
            {keys(may_record)}
        </section>
    }
}

/// The alert for administrators, which links to the storage.
fn fetching_pauses() -> impl IntoView {
    let storage = CurrentApp::expect().to("/settings/storage");
    let way = way_on("btn", storage, say!(locale(), storage.show));
    view! { <FetchingPauses>{way}</FetchingPauses> }
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
    let (more, older) = (query.more(list), say!(locale, common.action.load_more));
    let more = more.map(|href| link("older", href, Some("replace"), older));
    let [.., hidden] = list.counts;
    let hidden = (hidden > 0 && query.filter != RoomFilter::Hidden).then(|| {
        view! { <a class="none" href=query.hidden()>{td!(locale, rooms.list.hidden, n = hidden)}</a> }
    });
    let nothing = list
        .rooms
        .is_empty()
        .then(|| nothing(query, list.may_add_searched));
    let rows = list.rooms.iter().map(|of| row(of, query, may_record));
    view! {
        {top}
        {rows.collect_view()}
        {nothing}
        {more}
        {hidden}
    }
}

/// The empty state: no rooms, or none that match. A searched name within reach can be added as a room.
fn nothing(query: &ListQuery, may_add: bool) -> AnyView {
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
    let add = room.filter(|_| may_add).map(|room| {
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
                <a class="btn" href=cleared>{say!(locale, common.action.clear_filters)}</a>
                {add}
            </div>
        </Empty>
    }
    .into_any()
}

/// The keys of this page, for the help.
fn keys(may_record: bool) -> impl IntoView {
    let locale = locale();
    let of_recording = may_record.then(|| {
        view! {
            <span><kbd>"S"</kbd> {say!(locale, rooms.list.key_stop)}</span>
            <span><kbd>"R"</kbd> {say!(locale, rooms.list.key_record)}</span>
        }
    });
    view! {
        <div class="list-f scripted" aria-hidden="true">
            // From right to left: where the list is narrow, the last ones are left out.
            <span class="last"><kbd>"?"</kbd> {say!(locale, keys.all)}</span>
            {of_recording}
            <span><kbd>"J"</kbd> <kbd>"K"</kbd> {say!(locale, rooms.list.key_move)}</span>
        </div>
    }
}

/// The button with a small form that adds a room by its id.
fn add_menu() -> impl IntoView {
    let locale = locale();
    let error = failed::<AddRoom>();
    let is_wrong = matches!(error, Some(ApiError::Invalid { .. }));
    let is_open = error.is_some();
    let typed = typed::<AddRoom>("room");
    let hint = if is_wrong {
        say!(locale, rooms.panel.bad_text)
    } else {
        say!(locale, rooms.add.hint)
    };
    view! {
        <Menu
            id="add-menu"
            class="drop addroom"
            button_class="btn quiet icon"
            button=view! { <Icon glyph=Glyph::Plus /> }.into_any()
            label=say!(locale, rooms.add.open)
            open=is_open
        >
            <form method="post" action=AddRoom::url() class="label-form" data-closes="">
                {CurrentApp::expect().field()}
                <label class="label" for="add-room">{say!(locale, rooms.add.label)}</label>
                <div class="go">
                    <input
                        class="input mono"
                        id="add-room"
                        name="room"
                        maxlength=RoomId::MAX_BYTES.to_string()
                        required
                        autocomplete="off"
                        value=typed
                        aria-describedby="add-room-hint"
                        aria-invalid=is_wrong.then_some("true")
                    />
                    <button class="btn primary">{say!(locale, rooms.add.go)}</button>
                </div>
                <p class="hint" id="add-room-hint" aria-live="polite">{hint}</p>
                {error
                    .filter(|_| !is_wrong)
                    .map(|error| view! { <ErrorNote error=error /> })}
            </form>
        </Menu>
    }
}

/// The search field. Keeps the panel next to the list open.
fn search(query: &ListQuery) -> impl IntoView + use<> {
    let path = query.path();
    // A GET form replaces the query of its address.
    let (action, id) = path.split_once("?id=").unwrap_or((path.as_str(), ""));
    let fields = hidden([("id", id), ("show", query.filter.as_str())]);
    view! {
        <SearchForm action=action label=say!(locale(), rooms.list.find) search=query.search.clone()>
            {fields}
        </SearchForm>
    }
}

/// All, live, recording, and what needs attention, each with its number of rooms.
fn filters(query: &ListQuery, counts: [u32; 5]) -> impl IntoView + use<> {
    let locale = locale();
    let link = |(filter, count): (RoomFilter, u32)| {
        let word = match filter {
            RoomFilter::Live => say!(locale, common.state.live),
            RoomFilter::Recording => say!(locale, common.state.recording),
            RoomFilter::Attention => say!(locale, common.state.attention),
            RoomFilter::All | RoomFilter::Hidden => say!(locale, common.word.all),
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
    let shown = RoomFilter::VARIANTS.iter().copied().zip(counts).take(4);
    view! {
        <div class="seg" role="group" aria-label=say!(locale, rooms.list.show)>
            {shown.map(link).collect_view()}
        </div>
    }
}
