//! The list of rooms: search, filter, rows.

use std::{collections::HashMap, time::Duration};

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use reelroom_domain::{
    room::RoomId,
    view::{RoomFilter, RoomList, RoomRow},
};

use super::{
    add::AddRoom,
    address::{FILTERS, filter_of, filter_word, with_list},
    row::Row,
    shortcuts,
};
use crate::{
    components::{Empty, ErrorNote, Glyph, Icon, Skeleton},
    error::ApiError,
    i18n::{t, t_string, use_i18n},
    in_app::InApp,
    live::Changes,
    platform,
    server_fns::list_rooms,
};

/// What the address says of the list.
#[derive(Clone, Copy)]
struct Asked {
    filter: Memo<RoomFilter>,
    search: Memo<String>,
    app: InApp,
}

impl Asked {
    fn here() -> Self {
        let query = use_query_map();
        let get = move |name| query.with(|query| query.get(name).unwrap_or_default());
        Self {
            filter: Memo::new(move |_| filter_of(&get("show"))),
            search: Memo::new(move |_| get("q")),
            app: InApp::expect(),
        }
    }

    /// `path` with the same search in another filter.
    fn address(self, path: &str, filter: RoomFilter) -> String {
        with_list(path, filter, &self.search.get(), &self.app.get())
    }
}

/// The list with its heading.
#[component]
pub fn RoomListPane() -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::here();
    let changes = Changes::expect();
    let answer = Resource::new(
        move || {
            let app = asked.app.get();
            (asked.filter.get(), asked.search.get(), app, changes.all())
        },
        |(filter, search, app, _)| list_rooms(filter_word(filter).to_owned(), search, app),
    );
    view! {
        <section class="list" aria-label=say!(i18n, rooms.title)>
            <div class="list-h">
                <div class="list-t">
                    <h1>{say!(i18n, rooms.title)}</h1>
                    <AddRoom />
                </div>
                <Search asked=asked />
                <Transition>
                    <Filters asked=asked answer=answer />
                </Transition>
            </div>
            <nav class="rows scroll" aria-label=say!(i18n, rooms.list.label)>
                <div class="rows-h">
                    <span>{say!(i18n, rooms.list.urgent)}</span>
                    <span>{say!(i18n, rooms.list.last)}</span>
                </div>
                <Transition fallback=|| view! { <Skeleton /> }>
                    <Rows asked=asked answer=answer />
                </Transition>
            </nav>
            <Keys />
        </section>
    }
}

type Answer = Resource<Result<RoomList, ApiError>>;

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
    view! {
        <form class="search" method="get" role="search" on:submit=|event| event.prevent_default()>
            <label class="sr" for=shortcuts::FIND>
                {say!(i18n, rooms.list.find)}
            </label>
            <Icon glyph=Glyph::Search />
            <input
                class="input"
                type="search"
                name="q"
                id=shortcuts::FIND
                value=asked.search.get_untracked()
                placeholder=say!(i18n, rooms.list.find)
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

/// All, live, recording, each with its number.
#[component]
fn Filters(asked: Asked, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let pathname = use_location().pathname;
    let count = move |index: usize| {
        answer.with(|answer| match answer {
            Some(Ok(list)) => list.counts.get(index).copied(),
            _ => None,
        })
    };
    let link = move |(index, filter): (usize, RoomFilter)| {
        let word = move || match filter {
            RoomFilter::Live => t_string!(i18n, rooms.list.live),
            RoomFilter::Recording => t_string!(i18n, rooms.list.recording),
            _ => t_string!(i18n, rooms.list.all),
        };
        view! {
            <a
                href=move || asked.address(&pathname.get(), filter)
                aria-current=move || (asked.filter.get() == filter).then_some("true")
                data-noscroll
            >
                {word}
                <span class="count">{move || count(index)}</span>
            </a>
        }
    };
    view! {
        <div class="seg" role="group" aria-label=say!(i18n, rooms.list.show)>
            // "Needs attention" has no place here: such rooms come first in every list.
            {FILTERS.into_iter().enumerate().take(3).map(link).collect_view()}
        </div>
    }
}

#[component]
fn Rows(asked: Asked, answer: Answer) -> impl IntoView {
    let by_room = Memo::new(move |_| {
        answer.with(|answer| match answer {
            Some(Ok(list)) => by_room(&list.rooms),
            _ => HashMap::new(),
        })
    });
    let order = move || {
        answer.with(|answer| match answer {
            Some(Ok(list)) => list.rooms.iter().map(|row| row.room.clone()).collect(),
            _ => Vec::new(),
        })
    };
    view! {
        <For each=order key=RoomId::clone let:room>
            {
                let first = by_room.with_untracked(|rows| rows.get(&room).cloned());
                first.map(|first| {
                    let row = Memo::new(move |last: Option<&RoomRow>| {
                        by_room.with(|rows| rows.get(&room).cloned()).unwrap_or_else(|| {
                            last.unwrap_or(&first).clone()
                        })
                    });
                    let query = move || asked.address("", asked.filter.get());
                    view! { <Row row=row query=Signal::derive(query) /> }
                })
            }
        </For>
        {move || {
            answer.with(|answer| match answer {
                Some(Err(error)) => view! { <ErrorNote error=error.clone() /> }.into_any(),
                Some(Ok(list)) if list.rooms.is_empty() => view! { <NoRows asked=asked /> }.into_any(),
                _ => ().into_any(),
            })
        }}
        {move || hidden_link(asked, answer)}
    }
}

/// The way to the rooms that are left out here.
fn hidden_link(asked: Asked, answer: Answer) -> Option<impl IntoView> {
    let i18n = use_i18n();
    let hidden = answer.with(|answer| match answer {
        Some(Ok(list)) => list.counts.last().copied(),
        _ => None,
    })?;
    (hidden > 0 && asked.filter.get() != RoomFilter::Hidden).then(|| {
        let href = asked.address("/", RoomFilter::Hidden);
        view! {
            <a class="none" href=href>
                {t!(i18n, rooms.list.hidden, n = hidden)}
            </a>
        }
    })
}

fn by_room(rows: &[RoomRow]) -> HashMap<RoomId, RoomRow> {
    rows.iter()
        .map(|row| (row.room.clone(), row.clone()))
        .collect()
}

/// Nothing to list: because there is nothing, or because of the filter.
#[component]
fn NoRows(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let pathname = use_location().pathname;
    let filtered = asked.filter.get() != RoomFilter::All || !asked.search.get().is_empty();
    if !filtered {
        return view! {
            <Empty
                glyph=Glyph::Room
                title=say!(i18n, rooms.list.none)
                text=say!(i18n, rooms.list.none_text)
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
                {say!(i18n, rooms.list.clear)}
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
                {say!(i18n, rooms.list.key_move)}
            </span>
            <span>
                <kbd>"R"</kbd>
                {say!(i18n, rooms.list.key_record)}
            </span>
            <span>
                <kbd>"S"</kbd>
                {say!(i18n, rooms.list.key_stop)}
            </span>
        </div>
    }
}
