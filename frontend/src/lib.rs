//! The browser's half: takes over the page that the server made.

// The whole page is one type, which the compiler has to walk.
#![recursion_limit = "512"]

use leptos::{mount::hydrate_from_async, prelude::document, tachys::dom::body};
use reelroom_app::{App, whole::platform::load_moved_pages_anew};
use wasm_bindgen::prelude::wasm_bindgen;

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
