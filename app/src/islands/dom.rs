//! What the islands need of the browser.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::document,
    prelude::*,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
    web_sys::{Event, HtmlDocument, HtmlElement, HtmlInputElement},
};

/// Whether a person types into it now.
pub fn has_focus(field: &HtmlInputElement) -> bool {
    document().active_element().as_ref() == Some(field)
}

/// Gives the element of that id the focus.
pub fn focus(id: &str) {
    let field = document().get_element_by_id(id);
    if let Some(field) = field.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // It fails only where the element is gone.
        let _ = field.focus();
    }
}

/// Calls `then` before the form of that id is sent, as long as its owner lives; `then` may prevent it.
pub fn on_submit(id: &'static str, then: impl Fn(&Event) + 'static) {
    let then = StoredValue::new_local(then);
    Effect::new(move || {
        let Some(form) = document().get_element_by_id(id) else {
            return;
        };
        let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            then.try_with_value(|then| then(&event));
        });
        let listener = listener.into_js_value();
        // It fails only for arguments that are not callable.
        let _ = form.add_event_listener_with_callback("submit", listener.unchecked_ref());
        let kept = StoredValue::new_local((form, listener));
        on_cleanup(move || {
            kept.try_with_value(|(form, listener)| {
                form.remove_event_listener_with_callback("submit", listener.unchecked_ref())
            });
        });
    });
}

/// What this device keeps under `name`; a browser that keeps nothing has none.
pub fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps `value` on this device, for as long as it likes.
pub fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that refuses forgets it; that is what it was told to do.
        let _ = storage.set_item(name, value);
    }
}

/// Types a text in place of what is selected in the field that has the focus, so that the browser's
/// Undo knows of it. `false`: the browser does not do that for pages.
pub fn type_text(text: &str) -> bool {
    let page = document().unchecked_into::<HtmlDocument>();
    page.exec_command_with_show_ui_and_value("insertText", false, text)
        .unwrap_or(false)
}

/// Calls `then` with the last value once nothing has come for `pause`. Never on the server, where what
/// waits for a browser's timer must not be made.
pub fn debounced<T: 'static>(pause: Duration, then: impl FnMut(T) + 'static) -> impl FnMut(T) {
    #[cfg(feature = "ssr")]
    {
        let _ = (pause, then);
        |_| ()
    }
    #[cfg(not(feature = "ssr"))]
    leptos::leptos_dom::helpers::debounce(pause, then)
}

/// Binds the field of that id to a signal: what was typed, or put back by the browser, before the
/// island came to life is taken over; what the signal is given from then on, the field shows.
pub fn bind(id: &'static str, text: RwSignal<String>) {
    bind_property(id, "value", text, JsValue::as_string);
}

/// The same for a box that is ticked or not.
pub fn bind_ticked(id: &'static str, ticked: RwSignal<bool>) {
    bind_property(id, "checked", ticked, JsValue::as_bool);
}

fn bind_property<T>(
    id: &'static str,
    name: &'static str,
    signal: RwSignal<T>,
    read: fn(&JsValue) -> Option<T>,
) where
    T: Clone + PartialEq + Into<JsValue> + Send + Sync + 'static,
{
    Effect::new(move |begun: Option<()>| {
        let wanted = signal.get();
        let Some(field) = document().get_element_by_id(id) else {
            return;
        };
        let shown = js_sys::Reflect::get(&field, &name.into());
        let shown = shown.ok().and_then(|value| read(&value));
        let Some(shown) = shown.filter(|shown| *shown != wanted) else {
            return;
        };
        if begun.is_some() {
            // The fields of a form can be written.
            let _ = js_sys::Reflect::set(&field, &name.into(), &wanted.into());
        } else {
            signal.set(shown);
        }
    });
}
