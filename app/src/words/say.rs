use leptos::prelude::*;
use leptos_i18n::I18nContext;

use crate::i18n::Locale;

/// The text that `word` has in the language of the page; follows when that changes.
pub fn say(i18n: I18nContext<Locale>, word: fn(Locale) -> &'static str) -> Signal<&'static str> {
    Signal::derive(move || word(i18n.get_locale()))
}
