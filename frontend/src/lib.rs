//! The browser's half: the islands, under the names by which `islands.js` calls them.

use leptos::web_sys::HtmlElement;
use reelroom_app::islands::{StartForm, live_in};
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the fields of the start form to life.
#[wasm_bindgen]
pub fn start_form(element: HtmlElement) {
    live_in::<StartForm>(element);
}
