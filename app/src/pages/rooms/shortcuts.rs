//! The keys of the rooms page; they rest where [`Keys`] says so.

use std::time::Duration;

use leptos::{
    ev,
    leptos_dom::helpers::{document, set_timeout_with_handle, window_event_listener},
    prelude::*,
    web_sys,
};

use crate::keys::{Keys, click, focus, query};

/// The id of the search field.
pub const FIND: &str = "find-room";
/// The id of the start button.
pub const START: &str = "start-recording";
/// The id of the stop button.
pub const STOP: &str = "stop-recording";
/// The id of the button that looks for signs.
pub const CHECK: &str = "check-recording";

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
    Check,
}

/// The deed of a key, without regard to case. With a modifier, keys are the browser's.
fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "/" => Deed::Find,
        "j" | "J" | "ArrowDown" => Deed::Next,
        "k" | "K" | "ArrowUp" => Deed::Previous,
        "r" | "R" => Deed::Start,
        "s" | "S" => Deed::Stop,
        "c" | "C" => Deed::Check,
        _ => return None,
    })
}

/// Listens for the keys as long as the page is open, and provides [`StopArmed`].
pub fn listen() {
    let armed = StopArmed(RwSignal::new(false));
    provide_context(armed);
    let keys = Keys::expect();
    let handle = window_event_listener(ev::keydown, move |event| {
        let key = event.key();
        if !keys.may_act(&event) || event.repeat() && !moves(&key) {
            return;
        }
        let done = match deed_of(&key) {
            None => false,
            // Arrows scroll what has the focus; the list has it only while one of its rows does.
            Some(_) if key.starts_with("Arrow") && !is_in_list() => false,
            Some(Deed::Find) => focus(element(FIND)),
            Some(Deed::Next) => focus(neighbour(web_sys::Element::next_element_sibling)),
            Some(Deed::Previous) => focus(neighbour(web_sys::Element::previous_element_sibling)),
            Some(Deed::Start) => click(element(START)),
            Some(Deed::Stop) => stop(armed),
            Some(Deed::Check) => click(element(CHECK)),
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
        return click(element(STOP));
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

fn element(id: &str) -> Option<web_sys::Element> {
    document().get_element_by_id(id)
}

/// Whether a key that is held down goes on and on.
fn moves(key: &str) -> bool {
    matches!(deed_of(key), Some(Deed::Next | Deed::Previous))
}

/// A room of the list, or the way to the next page.
fn is_row(element: &web_sys::Element) -> bool {
    let classes = element.class_list();
    classes.contains("row") || classes.contains("older")
}

fn is_in_list() -> bool {
    document()
        .active_element()
        .is_none_or(|element| is_row(&element) || element.tag_name() == "BODY")
}

/// The row beside the focused one; without one the open room's, or the first.
fn neighbour(
    beside: impl Fn(&web_sys::Element) -> Option<web_sys::Element>,
) -> Option<web_sys::Element> {
    match document().active_element().filter(is_row) {
        Some(row) => row
            .parent_element()
            .and_then(|box_of_row| beside(&box_of_row))
            .and_then(|other| other.query_selector(".row").ok().flatten()),
        None => [".rows .row[aria-current]", ".rows .row"]
            .into_iter()
            .find_map(query),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of("/"), Some(Deed::Find));
        assert_eq!(deed_of("R"), Some(Deed::Start));
        assert_eq!(deed_of("s"), Some(Deed::Stop));
        assert_eq!(deed_of("c"), Some(Deed::Check));
        assert_eq!(deed_of("x"), None);
        assert!(moves("ArrowDown") && moves("k") && !moves("s"));
    }
}
