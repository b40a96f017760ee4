use leptos::prelude::*;

/// Soon.
#[component]
pub fn LibraryPage() -> impl IntoView {}
