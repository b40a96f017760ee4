use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};

use crate::{
    i18n::{Locale, use_i18n},
    server_fns::SetLanguage,
    start::{cookie, language_tag},
    whole::platform,
};

/// Both languages, each in its own words. At once where scripts run, else by a form.
#[component]
pub fn LanguageChoice() -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |locale: Locale, word: &'static str| {
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            platform::keep_choice(cookie::LANGUAGE, language_tag(locale));
            i18n.set_locale(locale);
        };
        view! {
            <button
                name="language"
                value=language_tag(locale)
                lang=language_tag(locale)
                aria-pressed=move || (i18n.get_locale() == locale).to_string()
                on:click=choose
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
            aria-label=told!(i18n, login.language)
        >
            {choice(Locale::en, "English")}
            {choice(Locale::zh_CN, "中文")}
        </form>
    }
}
