//! The browser's half: the islands, under the names by which `islands.js` calls them.

use leptos::web_sys::HtmlElement;
use reelroom_app::islands::{StartForm, live_in};
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the fields of the start form to life.
#[wasm_bindgen]
pub fn start_form(element: HtmlElement) {
    live_in::<StartForm>(element);
}

/// Writes a panic to the console, with its place: the browser itself only says "unreachable".
#[wasm_bindgen(start)]
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
}
