//! The keys of the inbox; they rest where [`Keys`] says so.

use leptos::leptos_dom::helpers::document;

use crate::whole::keys::{Keys, Walk, click, focus};

/// The id of the search field.
pub const FIND: &str = "find-call";
/// The id of the button that reads the open call again.
pub const REPLAY: &str = "replay-call";
/// The id of what opens the choice of a recording.
pub const ASSIGN: &str = "assign-call";
/// The id of the button that copies the open call as a command.
pub const CURL: &str = "copy-curl";

/// The calls, and the ways to other pages of them.
const CALLS: Walk = Walk(".msgs :is(.msg, .pager a)");

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Find,
    Press(&'static str),
}

/// The deed of a key, without regard to case.
fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "/" => Deed::Find,
        "a" | "A" => Deed::Press(ASSIGN),
        "p" | "P" => Deed::Press(REPLAY),
        "y" | "Y" => Deed::Press(CURL),
        _ => return None,
    })
}

/// Listens for the keys as long as the page is open.
pub fn listen() {
    Keys::expect().on_page(|event| {
        let key = event.key();
        if CALLS.take(&key) {
            return true;
        }
        match deed_of(&key).filter(|_| !event.repeat()) {
            None => false,
            Some(Deed::Find) => focus(document().get_element_by_id(FIND)),
            Some(Deed::Press(id)) => press(id),
        }
    });
}

/// Presses what has that id, and leaves the focus there.
fn press(id: &str) -> bool {
    let element = document().get_element_by_id(id);
    focus(element.clone());
    click(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of("/"), Some(Deed::Find));
        assert_eq!(deed_of("A"), Some(Deed::Press(ASSIGN)));
        assert_eq!(deed_of("p"), Some(Deed::Press(REPLAY)));
        assert_eq!(deed_of("y"), Some(Deed::Press(CURL)));
        assert_eq!(deed_of("x"), None);
    }
}
