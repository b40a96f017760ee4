//! `/login`: sign in, or set up the first administrator. No scripts.

mod lanes;
mod set_up_form;

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};

use self::{lanes::Lanes, set_up_form::SetUpForm};
use crate::{
    components::{ErrorNote, Glyph, Icon, LanguageChoice},
    error::ApiError,
    form::failed,
    server_fns::SignIn,
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
                    <footer><span>{version}</span><LanguageChoice /></footer>
                </div>
                <Lanes />
            </main>
        };
        Page::new(say!(locale, login.title), door)
    })
}

/// The sign-in form. After an error it keeps the name, but not the password. `next` is the page to go to
/// afterwards.
#[component]
fn SignInForm(name: String, next: String) -> impl IntoView {
    let locale = locale();
    view! {
        <form method="post" action=SignIn::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.title)}</h1>
                <p class="lead">{say!(locale, login.lead)}</p>
            </div>
            {failed::<SignIn>().map(|error| view! { <ErrorNote error=error /> })}
            <input type="hidden" name="next" value=next />
            <label class="field">
                <span class="label">{say!(locale, login.name)}</span>
                <input
                    class="input"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=name
                    required
                    autofocus
                />
            </label>
            <label class="field">
                <span class="label">{say!(locale, login.password)}</span>
                <input
                    class="input"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                />
            </label>
            <button class="btn primary lg">{say!(locale, login.submit)}</button>
            <p class="hint">{say!(locale, login.no_account)}</p>
        </form>
    }
}
