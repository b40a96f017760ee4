//! `/recordings`: the recordings by day. Search, room and cursor are in the address.

mod filter;
mod row;
mod table;

use axum::response::Response;
use leptos::prelude::*;

use self::{
    filter::{Filter, form},
    table::results,
};
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
                    <header class="lib-h"><h1>{say!(locale, library.title)}</h1></header>
                    <div class="lib-b scroll" tabindex="-1">
                        {form(&filter, library.tries)} {results(&library, &filter)}
                    </div>
                </main>
            };
            Page::new(say!(locale, library.title), main)
        })
        .await
}
