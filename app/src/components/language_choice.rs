use leptos::{prelude::*, server_fn::ServerFn};

use crate::{i18n::Locale, server_fns::SetLanguage, start::language_tag, this_page::locale};

/// A choice between both languages, each named in itself.
#[component]
pub fn LanguageChoice() -> impl IntoView {
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
