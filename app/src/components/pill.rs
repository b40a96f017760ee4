use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// A state as an icon and a word. `tone` is its colour in CSS; may be empty.
pub fn pill(tone: &'static str, glyph: Glyph, word: impl IntoView + 'static) -> impl IntoView {
    let class = if glyph == Glyph::Spinner { "spin" } else { "" };
    view! {
        <span class="pill" data-tone=tone>
            <Icon glyph=glyph class=class />
            <span>{word}</span>
        </span>
    }
}
