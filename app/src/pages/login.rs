//! `/login`: sign in, or set up the first administrator. No scripts.

mod lanes;
mod set_up_form;
mod sign_in_form;

use axum::response::Response;
use leptos::prelude::*;

use self::{lanes::Lanes, set_up_form::SetUpForm, sign_in_form::SignInForm};
use crate::{
    components::{Glyph, Icon, LanguageChoice},
    error::ApiError,
    this_page::locale,
    visit::{OpenVisit, Page},
};

/// The sign-in page.
pub async fn login(visit: OpenVisit) -> Response {
    let needs_set_up = visit.service.needs_set_up().await;
    let [name, next] = ["name", "next"].map(|key| visit.query.get(key).to_owned());
    visit.answer(needs_set_up.map_err(ApiError::from), |needs_set_up| {
        let locale = locale();
        let form = if needs_set_up {
            view! { <SetUpForm name=name /> }.into_any()
        } else {
            view! { <SignInForm name=name next=next /> }.into_any()
        };
        let version = say!(locale, login.version, version = env!("CARGO_PKG_VERSION"));
        let door = view! {
            <main class="door">
                <div class="pane">
                    <span class="brand">
                        <Icon glyph=Glyph::Brand />
                        {say!(locale, common.product)}
                    </span>
                    <div class="door-form">{form}</div>
                    <footer>
                        <span>{version}</span>
                        <LanguageChoice />
                    </footer>
                </div>
                <Lanes />
            </main>
        };
        Page::new(say!(locale, login.title), door)
    })
}
