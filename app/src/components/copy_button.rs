use leptos::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::this_page::locale;

/// Copies a text to the clipboard and says so (`copy.js`). Only where scripts run: the text itself
/// stands beside it, to be selected.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What it is, for a screen reader, where the word "Copy" alone would not tell.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let locale = locale();
    view! {
        <copy-button class="scripted" text=text done=say!(locale, common.action.copied)>
            <button type="button" class="btn quiet" aria-label=label>
                <Icon glyph=Glyph::Copy />
                <span aria-live="polite">{say!(locale, common.action.copy)}</span>
            </button>
        </copy-button>
    }
}
