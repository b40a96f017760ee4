use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::{
    i18n::{t_string, use_i18n},
    whole::platform,
};

/// Copies a text to the clipboard and says so for two seconds. Shown only where scripts run: the text
/// itself stands beside it, to be selected.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is, for a screen reader, where the word "Copy" alone would not tell.
    #[prop(optional, into)]
    label: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let copied = RwSignal::new(false);
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let copy = move |_| {
        platform::copy_text(&text.get_untracked());
        copied.set(true);
        set_timeout(
            move || {
                // The button may have gone meanwhile.
                copied.try_set(false);
            },
            Duration::from_secs(2),
        );
    };
    let word = move || {
        if copied.get() {
            t_string!(i18n, common.action.copied)
        } else {
            t_string!(i18n, common.action.copy)
        }
    };
    view! {
        <button
            type="button"
            class="btn quiet"
            hidden=move || !alive.get()
            aria-label=move || label.map(|label| label.get())
            on:click=copy
        >
            {move || {
                view! { <Icon glyph=if copied.get() { Glyph::Check } else { Glyph::Copy } /> }
            }}
            <span aria-live="polite">{word}</span>
        </button>
    }
}
