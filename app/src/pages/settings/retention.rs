//! `/settings/retention`: the rules, what they would delete, and the open rule beside them. What is open, and the
//! page of the dry run, are in the address.

mod dry_run;
mod editor;
mod field;
mod rules;
mod schedule;
mod text;
mod what_if;

use axum::response::Response;
use http::StatusCode;
use leptos::prelude::*;
use reelroom_domain::retention::RetentionView;
use reelroom_service::Principal;

use self::{
    dry_run::dry_run,
    editor::editor,
    rules::rules,
    schedule::{errors, figures, switch, time},
    what_if::what_if,
};
use super::nav::{SettingsPage, nav};
use crate::{
    components::{ErrorNote, Glyph, icon_link},
    error::ApiError,
    paths::{self, with_query},
    server::status_of,
    this_page::locale,
    visit::{Page, Visit},
};

/// The page of retention. Administrators change the rules, auditors read them.
pub async fn retention(visit: Visit) -> Response {
    let me = visit.me.clone();
    let [open, after] = ["open", "after"].map(|name| visit.query.get(name).to_owned());
    let loaded = visit.service.retention(&visit.me, &after).await;
    visit
        .answer(loaded, |of| page(&of, &me, &open, after.is_empty()))
        .await
}

fn page(of: &RetentionView, me: &Principal, open: &str, is_first: bool) -> Page {
    let locale = locale();
    let title = say!(locale, retention.title);
    let mut status = StatusCode::OK;
    let panel = match open {
        "" => ().into_any(),
        "new" if of.may_change => editor(of, None).into_any(),
        id => {
            if let Some(rule) = of.rules.iter().find(|rule| rule.id.to_string() == id) {
                editor(of, Some(rule)).into_any()
            } else {
                let error = if id == "new" {
                    ApiError::Forbidden
                } else {
                    ApiError::NotFound
                };
                status = status_of(&error);
                view! {
                    <section class="inspector scroll" id="detail" tabindex="-1">
                        <section>
                            <ErrorNote error=error />
                        </section>
                    </section>
                }
                .into_any()
            }
        }
    };
    let add = of.may_change.then(|| {
        let to = with_query(paths::RETENTION, &[("open", "new")]);
        icon_link("btn primary", to, Glyph::Plus, say!(locale, retention.add))
    });
    let read_only = (!of.may_change).then(|| {
        view! { <p class="hint">{say!(locale, retention.read_only)}</p> }
    });
    let main = view! {
        <main
            class="sheet set persons"
            id="content"
            data-page=format!("retention:{open}")
            data-list="retention"
        >
            {nav(me, SettingsPage::Retention)}
            <div class="set-p">
                <header class="page-h">
                    <h1 tabindex="-1" data-focus=open.is_empty().then_some("")>
                        {title}
                    </h1>
                    <span class="grow muted">{say!(locale, retention.lead)}</span>
                    {add}
                </header>
                <div class="people-h">{errors()}</div>
                <div class="scroll ret" tabindex="-1">
                    {switch(of)}
                    {figures(of)}
                    {rules(of, open)}
                    {dry_run(of, open, is_first)}
                    {what_if(of)}
                    {time(of)}
                    {read_only}
                </div>
            </div>
            {panel}
        </main>
    };
    Page::new(title, main).status(status)
}
