//! The browser's half: takes over the page that the server made.

use leptos::mount::hydrate_body;
use reelroom_app::App;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page. The boot script in the page's head calls it.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    hydrate_body(App);
}
