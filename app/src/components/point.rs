use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// A line of the list in a dialog that says what happens, and what does not.
pub fn point(glyph: Glyph, text: &'static str) -> impl IntoView {
    view! {
        <li>
            <Icon glyph=glyph />
            <span>{text}</span>
        </li>
    }
}
