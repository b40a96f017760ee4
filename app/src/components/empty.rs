use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// An empty state: an icon, one sentence, and (as children) one action.
#[component]
pub fn Empty(
    glyph: Glyph,
    /// What is empty, in a few words.
    #[prop(into)]
    title: String,
    /// More about it.
    #[prop(into, optional)]
    text: Option<String>,
    /// The action, in a `div.btns`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <h2>{title}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
