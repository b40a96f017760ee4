//! The keys of the inbox. They rest while a text field has the focus.

use leptos::{
    ev,
    leptos_dom::helpers::{document, window_event_listener},
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys,
};

/// The id of the search field.
pub const FIND: &str = "find-call";
/// The id of the button that reads the open call again.
pub const REPLAY: &str = "replay-call";
/// The id of what opens the choice of a recording.
pub const ASSIGN: &str = "assign-call";
/// The id of the button that copies the open call as a command.
pub const CURL: &str = "copy-curl";

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Find,
    Next,
    Previous,
    Press(&'static str),
}

/// The deed of a key, without regard to case. With a modifier, keys are the browser's.
fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "/" => Deed::Find,
        "j" | "J" => Deed::Next,
        "k" | "K" => Deed::Previous,
        "a" | "A" => Deed::Press(ASSIGN),
        "p" | "P" => Deed::Press(REPLAY),
        "y" | "Y" => Deed::Press(CURL),
        _ => return None,
    })
}

/// Listens for the keys as long as the page is open.
pub fn listen() {
    let handle = window_event_listener(ev::keydown, move |event| {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified || event.repeat() && !matches!(event.key().as_str(), "j" | "k") || is_typing() {
            return;
        }
        let done = match deed_of(&event.key()) {
            None => false,
            Some(Deed::Find) => focus(document().get_element_by_id(FIND)),
            Some(Deed::Next) => focus(neighbour(web_sys::Element::next_element_sibling)),
            Some(Deed::Previous) => focus(neighbour(web_sys::Element::previous_element_sibling)),
            Some(Deed::Press(id)) => press(id),
        };
        if done {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

/// The call beside the focused one; without one the open call, or the first.
fn neighbour(
    beside: impl Fn(&web_sys::Element) -> Option<web_sys::Element>,
) -> Option<web_sys::Element> {
    let is_call = |element: &web_sys::Element| element.class_list().contains("msg");
    match document().active_element().filter(is_call) {
        Some(call) => beside(&call).filter(is_call),
        None => [".msgs .msg[aria-current]", ".msgs .msg"]
            .into_iter()
            .find_map(|calls| document().query_selector(calls).ok().flatten()),
    }
}

fn focus(element: Option<web_sys::Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

/// Presses what has that id, and leaves the focus there.
fn press(id: &str) -> bool {
    let element = document().get_element_by_id(id);
    let Some(element) = element.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
    else {
        return false;
    };
    let _ = element.focus();
    element.click();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of("A"), Some(Deed::Press(ASSIGN)));
        assert_eq!(deed_of("p"), Some(Deed::Press(REPLAY)));
        assert_eq!(deed_of("y"), Some(Deed::Press(CURL)));
        assert_eq!(deed_of("J"), Some(Deed::Next));
        assert_eq!(deed_of("x"), None);
    }
}
