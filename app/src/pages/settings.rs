//! `/settings`: the callback's address, the apps, and the preferences of this browser. `/settings/apps`
//! is the same page.

mod app_card;
mod app_fields;
mod appearance;
mod apps;
mod callback;
mod connection;
mod field;
mod form;
mod outcome;
mod patience;
mod remove_app;
mod token_field;

use axum::response::Response;
use http::header;
use leptos::prelude::*;
use reelroom_domain::{ledger::Patience, user::Role, view::Settings};
use reelroom_service::ServiceError;

use self::{appearance::Appearance, apps::Apps, callback::Callback, patience::PatienceSection};
use crate::{
    server::HOLDS_SECRET,
    this_page::locale,
    visit::{Page, Visit},
};

/// The settings.
pub async fn settings(visit: Visit) -> Response {
    let loaded = load(&visit).await;
    let has_secret = matches!(loaded, Ok(Some(_)));
    let page = visit.answer(loaded, |of_server| {
        let locale = locale();
        let of_server = match of_server {
            Some((settings, patience)) => view! {
                <Callback settings=settings.clone() />
                <Apps apps=settings.apps />
                <PatienceSection patience=patience />
            }
            .into_any(),
            None => view! { <p class="muted">{say!(locale, settings.only_admin)}</p> }.into_any(),
        };
        let main = view! {
            <main class="sheet set" id="content" data-page="settings">
                <div class="set-b scroll" tabindex="-1">
                    <h1>{say!(locale, settings.title)}</h1>
                    {of_server}
                    <Appearance />
                </div>
            </main>
        };
        Page::new(say!(locale, settings.title), main)
    });
    let mut answer = page.await;
    if has_secret {
        answer
            .headers_mut()
            .insert(header::CACHE_CONTROL, HOLDS_SECRET);
    }
    answer
}

/// The settings for everybody; `None` unless the reader is an administrator.
async fn load(visit: &Visit) -> Result<Option<(Settings, Patience)>, ServiceError> {
    if visit.me.role != Role::Admin {
        return Ok(None);
    }
    let settings = visit.service.settings(&visit.me).await?;
    Ok(Some((settings, visit.service.patience().await?)))
}
