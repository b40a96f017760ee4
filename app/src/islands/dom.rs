//! Browser helpers for the islands.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::document,
    prelude::*,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
    web_sys::{HtmlDocument, HtmlElement, HtmlInputElement, SubmitEvent},
};

/// Whether the element has the focus.
pub fn has_focus(field: &HtmlInputElement) -> bool {
    document().active_element().as_ref() == Some(field)
}

/// Focuses the element with an id.
pub fn focus(id: &str) {
    let field = document().get_element_by_id(id);
    if let Some(field) = field.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only if the element was removed.
        let _ = field.focus();
    }
}

/// Calls `then` before the form with an id is sent, until the owner is dropped; `then` may prevent it.
pub fn on_submit(id: &'static str, then: impl Fn(&SubmitEvent) + 'static) {
    let then = StoredValue::new_local(then);
    Effect::new(move || {
        let Some(form) = document().get_element_by_id(id) else {
            return;
        };
        let listener = Closure::<dyn Fn(SubmitEvent)>::new(move |event: SubmitEvent| {
            // A button with an address of its own sends the form to something else.
            let button = event.submitter();
            if !button.is_some_and(|button| button.has_attribute("formaction")) {
                then.try_with_value(|then| then(&event));
            }
        });
        let listener = listener.into_js_value();
        // Fails only for arguments that are not callable.
        let _ = form.add_event_listener_with_callback("submit", listener.unchecked_ref());
        let kept = StoredValue::new_local((form, listener));
        on_cleanup(move || {
            kept.try_with_value(|(form, listener)| {
                form.remove_event_listener_with_callback("submit", listener.unchecked_ref())
            });
        });
    });
}

/// The value of `name` in local storage; `None` where the browser denies access.
pub fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Stores `value` in local storage.
pub fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // Ignores a browser that denies storage: the value is only a preference.
        let _ = storage.set_item(name, value);
    }
}

/// Replaces the selection of the focused field so that the browser can undo it. Returns `false` where
/// the browser does not support this.
pub fn type_text(text: &str) -> bool {
    let page = document().unchecked_into::<HtmlDocument>();
    page.exec_command_with_show_ui_and_value("insertText", false, text)
        .unwrap_or(false)
}

/// Debounces `then`: calls it with the last value after `pause` without another. Does nothing on the
/// server, which has no browser timers.
pub fn debounced<T: 'static>(pause: Duration, then: impl FnMut(T) + 'static) -> impl FnMut(T) {
    #[cfg(feature = "ssr")]
    {
        let _ = (pause, then);
        |_| ()
    }
    #[cfg(not(feature = "ssr"))]
    leptos::leptos_dom::helpers::debounce(pause, then)
}

/// Binds the field with an id to a signal in both directions. A value typed or restored before hydration
/// is copied to the signal first.
pub fn bind(id: &'static str, text: RwSignal<String>) {
    bind_property(id, "value", text, JsValue::as_string);
}

/// Binds a checkbox with an id to a signal, like [`bind`].
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
            // Cannot fail: form fields are writable.
            let _ = js_sys::Reflect::set(&field, &name.into(), &wanted.into());
        } else {
            signal.set(shown);
        }
    });
}
