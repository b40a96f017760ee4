use leptos::prelude::*;

use crate::components::{Glyph, Icon, back_link};

/// The buttons of a dialog: the link that closes it, and the button that submits its form.
pub fn buttons(
    back: String,
    keep: &'static str,
    glyph: Glyph,
    submit: impl IntoView + 'static,
) -> impl IntoView {
    view! {
        <div class="btns">
            {back_link(back, keep)}
            <button class="btn primary">
                <Icon glyph=glyph />
                {submit}
            </button>
        </div>
    }
}
