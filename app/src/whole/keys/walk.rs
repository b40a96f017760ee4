//! Walking through a list by key.

use leptos::{
    leptos_dom::helpers::document,
    wasm_bindgen::JsCast as _,
    web_sys::{Element, HtmlElement},
};

use super::focus;

/// A list that keys walk through: what the selector finds, in the order of the page.
#[derive(Debug, Clone, Copy)]
pub struct Walk(pub &'static str);

impl Walk {
    /// Moves the focus, if the key is one that moves it; whether it moved.
    pub fn take(self, key: &str) -> bool {
        let Some(forth) = direction(key) else {
            return false;
        };
        // Arrows scroll what has the focus; the list has it only while something of it does.
        (!key.starts_with("Arrow") || self.has_focus()) && self.step(forth)
    }

    fn has_focus(self) -> bool {
        document().active_element().is_none_or(|element| {
            element.tag_name() == "BODY" || element.matches(self.0).unwrap_or(false)
        })
    }

    fn step(self, forth: bool) -> bool {
        let Ok(found) = document().query_selector_all(self.0) else {
            return false;
        };
        let all: Vec<HtmlElement> = (0..found.length())
            .filter_map(|index| found.item(index)?.dyn_into().ok())
            .collect();
        let place = |is: &dyn Fn(&Element) -> bool| all.iter().position(|element| is(element));
        let active = document().active_element();
        let here = place(&|element| active.as_ref() == Some(element));
        let open = place(&|element| element.has_attribute("aria-current"));
        let to = next(all.len(), here, open, forth);
        focus(to.and_then(|index| all.get(index).cloned().map(Into::into)))
    }
}

/// Whether the key goes forth or back, without regard to case.
fn direction(key: &str) -> Option<bool> {
    match key {
        "j" | "J" | "ArrowDown" => Some(true),
        "k" | "K" | "ArrowUp" => Some(false),
        _ => None,
    }
}

/// The one beside the focused one; without one the open one, or the first.
fn next(count: usize, here: Option<usize>, open: Option<usize>, forth: bool) -> Option<usize> {
    let place = match here {
        Some(here) if forth => here + 1,
        Some(here) => here.checked_sub(1)?,
        None => open.unwrap_or(0),
    };
    (place < count).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        for key in ["j", "J", "ArrowDown"] {
            assert_eq!(direction(key), Some(true), "{key}");
        }
        for key in ["k", "K", "ArrowUp"] {
            assert_eq!(direction(key), Some(false), "{key}");
        }
        assert_eq!(direction("l"), None);
    }

    #[test]
    fn the_walk_begins_at_what_is_open_and_ends_at_the_ends() {
        assert_eq!(next(3, None, None, true), Some(0));
        assert_eq!(next(3, None, Some(2), false), Some(2));
        assert_eq!(next(0, None, None, true), None);
        assert_eq!(next(3, Some(1), Some(0), true), Some(2));
        assert_eq!(next(3, Some(2), None, true), None);
        assert_eq!(next(3, Some(0), None, false), None);
    }
}
