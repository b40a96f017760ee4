//! `/login`: sign in, or set up the first administrator. No scripts.

mod lanes;
mod set_up_form;
mod sign_in_form;

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};

use self::{lanes::Lanes, set_up_form::SetUpForm, sign_in_form::SignInForm};
use crate::{
    components::{Glyph, Icon},
    error::ApiError,
    i18n::Locale,
    server_fns::SetLanguage,
    start::language_tag,
    this_page::locale,
    visit::{OpenVisit, Page},
};

/// The door.
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

/// Both languages, each in its own words.
#[component]
fn LanguageChoice() -> impl IntoView {
    let locale = locale();
    let choice = |other: Locale, word: &'static str| {
        view! {
            <button
                name="language"
                value=language_tag(other)
                lang=language_tag(other)
                aria-pressed=(other == locale).to_string()
            >
                {word}
            </button>
        }
    };
    view! {
        <form
            method="post"
            action=SetLanguage::url()
            class="seg"
            aria-label=say!(locale, login.language)
        >
            {choice(Locale::en, "English")}
            {choice(Locale::zh_CN, "中文")}
        </form>
    }
}
