//! The keys of the rooms page. They rest while a text field has the focus.

use std::time::Duration;

use leptos::{
    ev,
    leptos_dom::helpers::{document, set_timeout_with_handle, window_event_listener},
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys,
};

/// The id of the search field.
pub const FIND: &str = "find-room";
/// The id of the start button.
pub const START: &str = "start-recording";
/// The id of the stop button.
pub const STOP: &str = "stop-recording";

/// How long the second press of `S` is waited for.
const SECOND_PRESS: Duration = Duration::from_secs(3);

/// Whether `S` was pressed once and would stop at a second press.
#[derive(Debug, Clone, Copy)]
pub struct StopArmed(pub RwSignal<bool>);

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Find,
    Next,
    Previous,
    Start,
    Stop,
}

/// The deed of a key, without regard to case. With a modifier, keys are the browser's.
fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "/" => Deed::Find,
        "j" | "J" => Deed::Next,
        "k" | "K" => Deed::Previous,
        "r" | "R" => Deed::Start,
        "s" | "S" => Deed::Stop,
        _ => return None,
    })
}

/// Listens for the keys as long as the page is open, and provides [`StopArmed`].
pub fn listen() {
    let armed = StopArmed(RwSignal::new(false));
    provide_context(armed);
    let handle = window_event_listener(ev::keydown, move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified || event.repeat() && !matches!(event.key().as_str(), "j" | "k") || is_typing() {
            return;
        }
        let done = match deed_of(&event.key()) {
            None => false,
            Some(Deed::Find) => focus(element(FIND)),
            Some(Deed::Next) => focus(neighbour(web_sys::Element::next_element_sibling)),
            Some(Deed::Previous) => focus(neighbour(web_sys::Element::previous_element_sibling)),
            Some(Deed::Start) => click(START),
            Some(Deed::Stop) => stop(armed),
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// A stray key must end no recording: the first press only says what the second one does.
fn stop(StopArmed(armed): StopArmed) -> bool {
    if armed.get_untracked() {
        armed.set(false);
        return click(STOP);
    }
    if element(STOP).is_none() {
        return false;
    }
    armed.set(true);
    // Without a timer it stays armed until the next press; the hint on the button stays, too.
    let _ = set_timeout_with_handle(
        move || {
            armed.try_set(false);
        },
        SECOND_PRESS,
    );
    true
}

fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

fn element(id: &str) -> Option<web_sys::Element> {
    document().get_element_by_id(id)
}

/// The row beside the focused one; without one the open room's, or the first.
fn neighbour(
    beside: impl Fn(&web_sys::Element) -> Option<web_sys::Element>,
) -> Option<web_sys::Element> {
    let is_row = |element: &web_sys::Element| element.class_list().contains("row");
    match document().active_element().filter(is_row) {
        Some(row) => row
            .parent_element()
            .and_then(|box_of_row| beside(&box_of_row))
            .and_then(|other| other.query_selector(".row").ok().flatten()),
        None => [".rows .row[aria-current]", ".rows .row"]
            .into_iter()
            .find_map(|rows| document().query_selector(rows).ok().flatten()),
    }
}

fn focus(element: Option<web_sys::Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

fn click(id: &str) -> bool {
    element(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .map(|element| element.click())
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of("/"), Some(Deed::Find));
        assert_eq!(deed_of("R"), Some(Deed::Start));
        assert_eq!(deed_of("s"), Some(Deed::Stop));
        assert_eq!(deed_of("x"), None);
    }
}
