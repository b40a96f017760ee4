use leptos::prelude::*;

/// Soon.
#[component]
pub fn LoginPage() -> impl IntoView {}
