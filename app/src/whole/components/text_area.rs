use leptos::prelude::*;

use crate::whole::platform;

/// A `<textarea>`; other attributes are given as `attr:name`. Leptos writes the children of a raw one
/// as markup.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the properties of a component are its own"
)]
#[component]
pub fn TextArea(
    /// The text it holds at first, any text.
    text: String,
) -> impl IntoView {
    view! { <textarea>{platform::textarea_content(&text)}</textarea> }
}
