use leptos::prelude::*;

use crate::{
    i18n::Locale,
    icon::{Glyph, Icon},
};

/// The checkbox that selects all `n` rows of a table, with the keys of its selection. Where all that match are
/// selected, it cannot be unticked.
pub fn select_shown(locale: Locale, n: u32, is_all: bool) -> impl IntoView {
    view! {
        <label class="check scripted">
            <input
                type="checkbox"
                autocomplete="off"
                aria-label=say!(locale, selection.shown, n)
                checked=is_all
                disabled=is_all
                data-all-shown=""
            />
            <span>
                <Icon glyph=Glyph::Check />
            </span>
        </label>
        <span hidden data-keys="x" data-does=say!(locale, selection.key)></span>
        <span hidden data-keys="Shift x" data-does=say!(locale, selection.key_range)></span>
        <span hidden data-keys="Ctrl a" data-does=say!(locale, selection.key_shown)></span>
    }
}
