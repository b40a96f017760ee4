//! Renders islands into a page and hydrates them.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// A component that is hydrated in the browser: a function of its properties, which the server can update.
pub trait Island {
    /// The properties, sent to the browser as JSON.
    type Props: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The name of the function that the frontend exports.
    const NAME: &'static str;

    /// The content, which server and browser render alike.
    fn view(props: Signal<Self::Props>) -> impl IntoView + 'static;
}

/// The element of an island, with its content as the server makes it.
#[cfg(feature = "ssr")]
pub fn island<I: Island>(props: I::Props) -> impl IntoView + use<I> {
    let json = serde_json::to_string(&props).unwrap_or_default();
    view! {
        <rust-island name=I::NAME data-props=json>
            {I::view(Signal::stored(props)).into_any()}
        </rust-island>
    }
}

/// Hydrates the content of `element`. Adds two functions to the element: `props` sets new properties,
/// `end` drops the island.
#[cfg(not(feature = "ssr"))]
pub fn live_in<I: Island>(element: leptos::web_sys::HtmlElement) {
    use std::{cell::Cell, rc::Rc};

    use js_sys::Reflect;
    use leptos::wasm_bindgen::{JsValue, closure::Closure};

    let first = element.dataset().get("props");
    let Some(first) = first.and_then(|json| serde_json::from_str::<I::Props>(&json).ok()) else {
        // The server has another build, with other properties; the next visit loads the page anew.
        return;
    };
    let write = Rc::new(Cell::new(None));
    let written = Rc::clone(&write);
    let handle = leptos::mount::hydrate_from(element.clone(), move || {
        let (props, set_props) = signal(first);
        written.set(Some(set_props));
        I::view(props.into()).into_any()
    });
    let take = Closure::<dyn Fn(String)>::new(move |json: String| {
        if let (Some(set_props), Ok(new)) = (write.get(), serde_json::from_str(&json)) {
            set_props.set(new);
        }
    });
    let end = Closure::once_into_js(move || drop(handle));
    for (name, function) in [("props", take.into_js_value()), ("end", end)] {
        // Cannot fail: the element is ours.
        let _ = Reflect::set(&element, &JsValue::from_str(name), &function);
    }
}
