use leptos::prelude::*;

/// The submit button of a form that follows what is typed, for browsers without scripts.
#[component]
pub fn SubmitFallback(
    /// The label: a word of ours, since it is written as markup.
    label: Signal<&'static str>,
) -> impl IntoView {
    view! {
        // Markup: `label` is a word of the locales. Not as children: a browser with scripts reads
        // them as text, and would not find them.
        <noscript inner_html=move || {
            format!("<button class=btn>{}</button>", label.get())
        }></noscript>
    }
}
