//! `/recordings`: what was recorded, by day. Search, room and page live in the address.

mod days;
mod filters;
mod keys;
mod nothing;
mod row;
mod table;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use self::{filters::Filters, table::Results};
use crate::{
    components::{Load, PageTitle},
    i18n::use_i18n,
    in_app::InApp,
    live::Changes,
    server_fns::load_library,
};

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    /// The search, as typed.
    search: String,
    /// Only recordings of this room; empty for all.
    room: String,
    /// Where the page begins; empty for the newest.
    before: String,
}

/// The library.
#[component]
pub fn LibraryPage() -> impl IntoView {
    let i18n = use_i18n();
    let changes = Changes::expect();
    let in_app = InApp::expect();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let get = |key: &str| query.get(key).unwrap_or_default();
            Asked {
                search: get("q"),
                room: get("room"),
                before: get("before"),
            }
        })
    });
    let library = Resource::new(
        move || (asked.get(), in_app.get(), changes.all()),
        |(asked, app, _)| load_library(asked.search, asked.room, asked.before, app),
    );
    keys::listen();
    view! {
        <PageTitle text=say!(i18n, library.title) />
        <main class="sheet lib" id="content">
            <header class="lib-h">
                <h1>{say!(i18n, library.title)}</h1>
            </header>
            <div class="lib-b scroll" tabindex="-1">
                <Filters asked=asked />
                <Load from=library let:library>
                    <Results library=library asked=asked />
                </Load>
            </div>
        </main>
    }
    .into_any()
}
