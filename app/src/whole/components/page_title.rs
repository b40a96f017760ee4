use leptos::prelude::*;
use leptos_meta::Title;

use crate::whole::platform;

/// The title of the page, in the browser's tab. `leptos_meta` writes a title as markup: no other
/// component uses it.
#[component]
pub fn PageTitle(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    view! { <Title text=platform::title(text) /> }
}

/// Closes the title of every page with the product's name.
#[component]
pub fn ProductTitle() -> impl IntoView {
    view! { <Title formatter=with_product /> }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the form that leptos_meta asks for"
)]
fn with_product(title: String) -> String {
    if title.is_empty() {
        "Reelroom".to_owned()
    } else {
        format!("{title} · Reelroom")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_closes_each_title() {
        assert_eq!(with_product("Library".to_owned()), "Library · Reelroom");
        assert_eq!(with_product(String::new()), "Reelroom");
    }
}
