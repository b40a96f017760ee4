use leptos::prelude::*;

use crate::platform;

/// A `<textarea>`; other attributes are given as `attr:name`. Leptos writes the children of a raw one
/// as markup.
#[component]
pub fn TextArea(
    /// The text it holds at first, any text.
    text: String,
) -> impl IntoView {
    view! { <textarea>{platform::textarea_content(&text)}</textarea> }
}
