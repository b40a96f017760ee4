//! `/recordings`: the recordings by day. Search, room and cursor are in the address.

mod days;
mod filter;
mod filters;
mod nothing;
mod row;
mod table;

use axum::response::Response;
use leptos::prelude::*;

use self::{filter::Filter, filters::Filters, table::Results};
use crate::{
    error::ApiError,
    this_page::locale,
    visit::{Page, Visit},
};

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
