//! The list of rooms: search, filter, rows.

use std::time::Duration;

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use reelroom_domain::{search::SearchText, view::RoomFilter};

use super::{
    add::AddMenu,
    address::{FILTERS, filter_word, with_list},
    loaded::{Asked, Loaded},
    row::Row,
    shortcuts,
    window::Window,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    whole::components::{Arrived, Each, Empty, ErrorNote, Glyph, Icon, Skeleton, search_field},
    whole::platform,
};

/// The list with its heading.
#[component]
pub fn RoomListPane() -> impl IntoView {
    let i18n = use_i18n();
    let loaded = Loaded::new();
    let asked = loaded.asked;
    loaded.follow();
    view! {
        <section class="list" aria-label=told!(i18n, rooms.title)>
            <div class="list-h">
                <div class="list-t">
                    <h1>{told!(i18n, rooms.title)}</h1>
                    <Arrived of=loaded.answer>
                        <AddMenu loaded=loaded />
                    </Arrived>
                </div>
                <Search asked=asked />
                <Arrived of=loaded.answer>
                    <Filters loaded=loaded />
                </Arrived>
            </div>
            <nav class="rows scroll" aria-label=told!(i18n, rooms.list.label)>
                <div class="rows-h">
                    <span>{told!(i18n, rooms.list.urgent)}</span>
                    <span>{told!(i18n, rooms.list.last)}</span>
                </div>
                <Arrived of=loaded.answer fallback=|| view! { <Skeleton /> }>
                    <Rows loaded=loaded />
                </Arrived>
            </nav>
            <Keys />
        </section>
    }
}

/// Finds while one types; a plain browser sends the form.
#[component]
fn Search(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let pathname = use_location().pathname;
    let mut go = platform::debounced(Duration::from_millis(200), move |search: String| {
        let filter = asked.filter.get_untracked();
        navigate(
            &with_list(
                &pathname.get_untracked(),
                filter,
                search.trim(),
                &asked.app.get_untracked(),
            ),
            NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            },
        );
    });
    let field = search_field(asked.search.into());
    view! {
        <form class="search" method="get" role="search" on:submit=|event| event.prevent_default()>
            <label class="sr" for=shortcuts::FIND>
                {told!(i18n, rooms.list.find)}
            </label>
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                maxlength=SearchText::MAX_BYTES.to_string()
                name="q"
                id=shortcuts::FIND
                node_ref=field
                value=asked.search.get_untracked()
                placeholder=told!(i18n, rooms.list.find)
                autocomplete="off"
                on:input:target=move |event| go(event.target().value())
            />
            <kbd aria-hidden="true">"/"</kbd>
            {move || {
                let word = filter_word(asked.filter.get());
                (!word.is_empty()).then(|| view! { <input type="hidden" name="show" value=word /> })
            }}
            {asked.app.field()}
        </form>
    }
}

/// All, live, recording, and what needs attention, each with its number.
#[component]
fn Filters(loaded: Loaded) -> impl IntoView {
    let i18n = use_i18n();
    let asked = loaded.asked;
    let pathname = use_location().pathname;
    let counts = Memo::new(move |_| loaded.window().map(|window| window.counts));
    let count = move |index: usize| counts.get().and_then(|counts| counts.get(index).copied());
    let link = move |(index, filter): (usize, RoomFilter)| {
        let word = move || match filter {
            RoomFilter::Live => t_string!(i18n, rooms.list.live),
            RoomFilter::Recording => t_string!(i18n, rooms.list.recording),
            RoomFilter::Attention => t_string!(i18n, common.state.attention),
            _ => t_string!(i18n, rooms.list.all),
        };
        // Four words do not fit side by side; this one has the icon that its rooms have.
        let shown = if filter == RoomFilter::Attention {
            view! {
                <Icon glyph=Glyph::Alert />
                <span class="sr">{word}</span>
            }
            .into_any()
        } else {
            word.into_any()
        };
        let calls = filter == RoomFilter::Attention;
        view! {
            <a
                href=move || asked.address(&pathname.get(), filter)
                aria-current=move || (asked.filter.get() == filter).then_some("true")
                class:calls=move || calls && count(index).is_some_and(|count| count > 0)
                title=calls.then_some(word)
                data-noscroll
            >
                {shown}
                <span class="count">{move || count(index)}</span>
            </a>
        }
    };
    view! {
        <div class="seg" role="group" aria-label=told!(i18n, rooms.list.show)>
            {FILTERS.into_iter().enumerate().take(4).map(link).collect_view()}
        </div>
    }
}

#[component]
fn Rows(loaded: Loaded) -> impl IntoView {
    let asked = loaded.asked;
    let window = Memo::new(move |_| loaded.window());
    let there = Memo::new(move |_| window.with(Option::is_some));
    // Where there is nothing: whether that is because of the filter.
    let empty = Memo::new(move |_| {
        let rows = |window: &Window| window.rows.is_empty();
        let filtered =
            asked.filter.get() != RoomFilter::All || !asked.search.with(String::is_empty);
        let empty = window.with(|window| window.as_ref().is_some_and(rows));
        empty.then_some(filtered)
    });
    let error = Memo::new(move |_| {
        loaded.answer.with(|answer| match answer {
            Some(Err(error)) => Some(error.clone()),
            _ => None,
        })
    });
    view! {
        {move || (!asked.after.with(String::is_empty)).then(|| view! { <ToTop asked=asked /> })}
        // Only with its rows: what stands in a list that is not on the page yet could not be found.
        {move || there.get().then(|| view! { <TheRows asked=asked window=window /> })}
        {move || error.get().map(|error| view! { <ErrorNote error=error /> })}
        {move || empty.get().map(|filtered| view! { <NoRows asked=asked filtered=filtered /> })}
        <Older loaded=loaded window=window />
        {move || hidden_link(asked, window)}
    }
}

#[component]
fn TheRows(asked: Asked, window: Memo<Option<Window>>) -> impl IntoView {
    let may_record = Memo::new(move |_| {
        window.with(|window| {
            window
                .as_ref()
                .is_some_and(|window| window.role.may_record())
        })
    });
    let rows = Memo::new(move |_| {
        window.with(|window| {
            window
                .as_ref()
                .map(|window| window.rows.clone())
                .unwrap_or_default()
        })
    });
    let query = Signal::derive(move || {
        let after = asked.after.get();
        asked.page("", &after)
    });
    view! {
        <Each of=rows key=|row| row.room.clone() let:row>
            <Row row=row query=query may_record=may_record.into() />
        </Each>
    }
}

/// The next page: added to the list, or without scripts a page of its own.
#[component]
fn Older(loaded: Loaded, window: Memo<Option<Window>>) -> impl IntoView {
    let i18n = use_i18n();
    let asked = loaded.asked;
    let pathname = use_location().pathname;
    let older = Memo::new(move |_| {
        window.with(|window| {
            let older = window.as_ref().and_then(|window| window.older.as_ref());
            older.map(ToString::to_string)
        })
    });
    let there = Memo::new(move |_| older.with(Option::is_some));
    let href = move || {
        let after = older.get().unwrap_or_default();
        asked.page(&pathname.get(), &after)
    };
    let grow = move |event: MouseEvent| {
        // With a modifier it is a link, to another tab.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            loaded.grow();
        }
    };
    move || {
        there.get().then(|| {
            view! {
                <a
                    class="btn quiet older"
                    href=href
                    rel="external"
                    on:click=grow
                    aria-busy=move || loaded.growing.get().then_some("true")
                >
                    {told!(i18n, rooms.list.older)}
                </a>
            }
        })
    }
}

/// From a page further down back to the first.
#[component]
fn ToTop(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let pathname = use_location().pathname;
    let href = move || asked.address(&pathname.get(), asked.filter.get());
    view! {
        <a class="btn quiet older" href=href>
            {told!(i18n, rooms.list.top)}
        </a>
    }
}

/// The way to the rooms that are left out here.
fn hidden_link(asked: Asked, window: Memo<Option<Window>>) -> Option<impl IntoView> {
    let i18n = use_i18n();
    let hidden = window.with(|window| window.as_ref()?.counts.last().copied())?;
    (hidden > 0 && asked.filter.get() != RoomFilter::Hidden).then(|| {
        let href = asked.address("/", RoomFilter::Hidden);
        view! {
            <a class="none" href=href>
                {t!(i18n, rooms.list.hidden, n = hidden)}
            </a>
        }
    })
}

/// Nothing to list: because there is nothing, or because of the filter.
#[component]
fn NoRows(asked: Asked, filtered: bool) -> impl IntoView {
    let i18n = use_i18n();
    let pathname = use_location().pathname;
    if !filtered {
        return view! {
            <Empty
                glyph=Glyph::Room
                title=told!(i18n, rooms.list.none)
                text=told!(i18n, rooms.list.none_text)
            />
        }
        .into_any();
    }
    let title = Signal::derive(move || {
        let search = asked.search.get();
        if search.is_empty() {
            t_string!(i18n, rooms.list.no_match).to_owned()
        } else {
            t_string!(i18n, rooms.list.no_match_search, search)
        }
    });
    view! {
        <Empty glyph=Glyph::Search title=title>
            <a class="btn" href=move || asked.app.to(&pathname.get())>
                {told!(i18n, rooms.list.clear)}
            </a>
        </Empty>
    }
    .into_any()
}

/// Which keys do something here.
#[component]
fn Keys() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="list-f" aria-hidden="true">
            <span>
                <kbd>"J"</kbd>
                <kbd>"K"</kbd>
                {told!(i18n, rooms.list.key_move)}
            </span>
            <span>
                <kbd>"R"</kbd>
                {told!(i18n, rooms.list.key_record)}
            </span>
            <span>
                <kbd>"S"</kbd>
                {told!(i18n, rooms.list.key_stop)}
            </span>
            <span class="last">
                <kbd>"?"</kbd>
                {told!(i18n, keys.all)}
            </span>
        </div>
    }
}
