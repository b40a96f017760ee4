use leptos::prelude::*;

/// Soon.
#[component]
pub fn RecordingPage() -> impl IntoView {}
