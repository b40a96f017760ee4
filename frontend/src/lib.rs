//! The browser's half: the islands, under the names by which `islands.js` calls them. And, as long as there
//! are some, the pages that it takes over as a whole.

// The whole page is one type, which the compiler has to walk.
#![recursion_limit = "512"]

use leptos::{
    mount::hydrate_from_async, prelude::document, tachys::dom::body, web_sys::HtmlElement,
};
use reelroom_app::{
    App,
    islands::{StartForm, live_in},
    whole::platform::load_moved_pages_anew,
};
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the fields of the start form to life.
#[wasm_bindgen]
pub fn start_form(element: HtmlElement) {
    live_in::<StartForm>(element);
}

/// Takes over the page, once the modules that it needs are there, and says so on `<html>`: tests and
/// benches wait for it. The boot script in the page's head calls it.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_from_async(body(), App).await.forget();
    load_moved_pages_anew();
    if let Some(html) = document().document_element() {
        // An attribute of this name cannot be refused.
        let _ = html.set_attribute("data-ready", "");
    }
}
