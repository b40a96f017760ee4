//! A `<textarea>` that holds any text.

use leptos::prelude::*;

/// A `<textarea>`; other attributes are given as `attr:name`. Leptos writes the children of a raw one as
/// markup.
#[component]
pub fn TextArea(
    /// The text it holds at first, any text.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! { <textarea>{content(text)}</textarea> }
}

/// As markup. Parsers drop a line break at its beginning (HTML §13.2.6.4.7), so there is one to drop.
#[cfg(feature = "ssr")]
fn content(text: String) -> String {
    format!("\n{}", html_escape::encode_text(&text))
}

/// As a text node.
#[cfg(not(feature = "ssr"))]
fn content(text: String) -> String {
    text
}
