use leptos::prelude::*;
use leptos_meta::Title;

use crate::platform;

/// What the browser's tab says of the page.
#[component]
pub fn PageTitle(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <Title text=platform::title(text) /> }
}
