use leptos::prelude::*;

/// A `<textarea>`; other attributes are given as `attr:name`. Leptos writes the children of a raw one
/// as markup, and a parser drops the first line break in it.
#[component]
pub fn TextArea(
    /// The text that it holds at first.
    text: String,
) -> impl IntoView {
    view! { <textarea>{format!("\n{}", html_escape::encode_text(&text))}</textarea> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_markup() {
        let text = "\n</textarea><b>&".to_owned();
        let area = view! { <TextArea text=text attr:name="x" /> };
        assert_eq!(
            area.to_html(),
            "<textarea name=\"x\">\n\n&lt;/textarea&gt;&lt;b&gt;&amp;</textarea>"
        );
    }
}
