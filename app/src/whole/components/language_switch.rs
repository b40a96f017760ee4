use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use super::{Glyph, Icon};
use crate::{
    i18n::{Locale, use_i18n},
    server_fns::SetLanguage,
    start::{cookie, language_tag},
    whole::platform,
};

/// The other of our two languages.
const fn other(locale: Locale) -> Locale {
    match locale {
        Locale::en => Locale::zh_CN,
        Locale::zh_CN => Locale::en,
    }
}

/// Goes to the other language: at once where scripts run, else by a form. Labelled in the language
/// that it leads to.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let to = move || language_tag(other(i18n.get_locale()));
    let switch = move |event: SubmitEvent| {
        event.prevent_default();
        let locale = other(i18n.get_locale_untracked());
        platform::keep_choice(cookie::LANGUAGE, language_tag(locale));
        i18n.set_locale(locale);
    };
    view! {
        <form method="post" action=SetLanguage::url() on:submit=switch>
            <input type="hidden" name="language" value=to />
            <button class="btn quiet icon-word" lang=to>
                <Icon glyph=Glyph::Globe />
                <span>{told!(i18n, common.me.language)}</span>
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forth() {
        assert_eq!(other(other(Locale::en)), Locale::en);
        assert_ne!(other(Locale::en), Locale::en);
    }
}
