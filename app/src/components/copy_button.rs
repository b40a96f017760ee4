use leptos::prelude::*;

use crate::icon::{Glyph, Icon};
use crate::this_page::locale;

/// A button that copies a text and confirms it (`copy.js`). Rendered for scripts only: the text itself is
/// shown next to it and can be selected.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// The accessible name, where the word "Copy" alone is ambiguous.
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
