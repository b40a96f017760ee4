//! A `<textarea>` that escapes its text.

use leptos::prelude::*;

/// A `<textarea>`; other attributes are passed as `attr:name`. Leptos writes the children of a raw one as
/// markup.
#[component]
pub fn TextArea(
    /// The initial text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    // As markup. Parsers drop a leading line break (HTML §13.2.6.4.7), so one is added.
    #[cfg(feature = "ssr")]
    let text = format!("\n{}", html_escape::encode_text(&text));
    view! { <textarea>{text}</textarea> }
}
