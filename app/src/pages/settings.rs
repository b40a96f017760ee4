use leptos::prelude::*;

/// Soon.
#[component]
pub fn SettingsPage() -> impl IntoView {}
