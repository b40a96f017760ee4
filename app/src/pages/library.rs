//! `/recordings`: what was recorded, by day. Search, room and page live in the address.

mod days;
mod filters;
mod nothing;
mod row;
mod table;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{room::RoomId, search::SearchText};
use reelroom_service::LibraryQuery;

use self::{filters::Filters, table::Results};
use crate::{
    current_app::CurrentApp,
    error::ApiError,
    paths,
    query::Query,
    this_page::locale,
    visit::{Page, Visit},
};

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Filter {
    /// The search, as typed.
    search: String,
    /// Only recordings of this room; empty for all.
    room: String,
    /// Where the page begins; empty for the newest.
    before: String,
}

impl Filter {
    fn of(query: &Query) -> Self {
        let [search, room, before] = ["q", "room", "before"].map(|key| query.get(key).to_owned());
        Self {
            search,
            room,
            before,
        }
    }

    fn query(&self, app: &CurrentApp) -> Result<LibraryQuery, ApiError> {
        let room = Some(self.room.clone()).filter(|room| !room.is_empty());
        let room = room.map(RoomId::new).transpose();
        Ok(LibraryQuery {
            app: app.id(),
            search: SearchText::parse(&self.search),
            room: room.map_err(|_| ApiError::invalid("room", "not_a_room"))?,
            before: Some(self.before.clone()).filter(|before| !before.is_empty()),
        })
    }

    /// The address of the same with another beginning.
    fn starting(&self, before: &str) -> String {
        let app = CurrentApp::expect();
        paths::library(app.as_str(), &self.search, &self.room, before)
    }
}

/// The library.
pub async fn library(visit: Visit) -> Response {
    let filter = Filter::of(&visit.query);
    let library = match filter.query(&visit.app) {
        Ok(query) => visit.service.library(query).await.map_err(ApiError::from),
        Err(error) => Err(error),
    };
    visit
        .answer(library, |library| {
            let locale = locale();
            let main = view! {
                <main class="sheet lib" id="content" data-page="library">
                    <header class="lib-h">
                        <h1>{say!(locale, library.title)}</h1>
                    </header>
                    <div class="lib-b scroll" tabindex="-1">
                        <Filters filter=filter.clone() />
                        <Results library=library filter=filter />
                    </div>
                </main>
            };
            Page::new(say!(locale, library.title), main)
        })
        .await
}
