use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// A mistake, at its field.
#[component]
pub fn Wrong(children: Children) -> impl IntoView {
    view! {
        <p class="lint" data-level="error">
            <Icon glyph=Glyph::Error />
            <span>{children()}</span>
        </p>
    }
}
