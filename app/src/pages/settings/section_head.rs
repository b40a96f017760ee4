use leptos::prelude::*;

/// The head of a section, with the id of its title.
pub fn section_head(
    id: &'static str,
    title: &'static str,
    text: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <header>
            <h2 id=id>{title}</h2>
            <p>{text}</p>
        </header>
    }
}
