//! The keys that work on every page. Single keys rest while a text field has the focus or a dialog is
//! open, and where a person switched them off.

mod walk;

use leptos::{
    ev,
    leptos_dom::helpers::{document, window_event_listener},
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys,
};
use reelroom_domain::time::Timestamp;

pub use self::walk::Walk;
use crate::whole::platform;

/// The name under which the device keeps whether single keys are on.
const KEPT: &str = "single-keys";

/// After `G`, the second key is waited for so many milliseconds.
const SECOND_KEY_MILLIS: i64 = 1500;

/// What the keys open, and whether they work.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// Whether the place to jump from is open.
    pub jump: RwSignal<bool>,
    /// Whether the list of all keys is open.
    pub help: RwSignal<bool>,
    /// Whether single keys do something.
    single: RwSignal<bool>,
    /// When `G` was pressed.
    going: StoredValue<Option<Timestamp>>,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Jump,
    Help,
    Going,
    Close,
}

/// The deed of a key. With `ctrl` (or ⌘) only `K` is ours; the others are the browser's.
fn deed_of(key: &str, ctrl: bool) -> Option<Deed> {
    Some(match (ctrl, key) {
        (true, "k" | "K") => Deed::Jump,
        (false, "?") => Deed::Help,
        (false, "g" | "G") => Deed::Going,
        (false, "Escape") => Deed::Close,
        _ => return None,
    })
}

/// Where the key after `G` goes.
fn page_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "r" | "R" => "/",
        "l" | "L" => "/recordings",
        "c" | "C" => "/callbacks",
        "s" | "S" => "/settings",
        _ => return None,
    })
}

impl Keys {
    /// Listens as long as the owner lives. Before any page listens to its own keys: what this one
    /// takes is theirs no more ([`Keys::on_page`]).
    pub fn listen() -> Self {
        let keys = Self {
            jump: RwSignal::new(false),
            help: RwSignal::new(false),
            single: RwSignal::new(true),
            going: StoredValue::new(None),
        };
        Effect::new(move || {
            if platform::kept(KEPT).as_deref() == Some("off") {
                keys.single.set(false);
            }
        });
        let handle = window_event_listener(ev::keydown, move |event| {
            if keys.take(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
        keys
    }

    /// Those of this page.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Whether single keys are on.
    pub fn are_on(self) -> bool {
        self.single.get()
    }

    /// Listens to the keys of a page as long as its owner lives. `take` does what a key does, and says
    /// whether it did something; it is not asked while single keys rest.
    pub fn on_page(self, take: impl Fn(&web_sys::KeyboardEvent) -> bool + 'static) {
        let handle = window_event_listener(ev::keydown, move |event| {
            if self.may_act(&event) && take(&event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Whether a single key may do what it does on its page.
    fn may_act(self, event: &web_sys::KeyboardEvent) -> bool {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        self.single.get_untracked()
            && !modified
            && !event.default_prevented()
            && !is_typing()
            && query("dialog[open]").is_none()
    }

    /// Does what the key does; whether it did something.
    fn take(self, event: &web_sys::KeyboardEvent) -> bool {
        let key = event.key();
        let ctrl = event.ctrl_key() || event.meta_key();
        let deed = deed_of(&key, ctrl);
        if deed == Some(Deed::Jump) && !event.alt_key() {
            self.help.set(false);
            self.jump.update(|open| *open = !*open);
            return true;
        }
        if deed == Some(Deed::Close) {
            return query("dialog[open]").is_none() && close_menu();
        }
        if event.repeat() || !self.may_act(event) {
            return false;
        }
        let going = self.going.try_update_value(Option::take).flatten();
        if let Some((then, now)) = going.zip(platform::browser_now())
            && now.since(then) < SECOND_KEY_MILLIS
            && let Some(page) = page_of(&key)
        {
            // The link in the side bar: a page that is not there has none.
            // The address may name an app.
            click(query(&format!(
                ".nav a[href='{page}'], .nav a[href^='{page}?']"
            )));
            return true;
        }
        match deed {
            Some(Deed::Help) => self.help.set(true),
            Some(Deed::Going) => self.going.set_value(platform::browser_now()),
            _ => return false,
        }
        true
    }
}

/// Closes the menu that is open, and goes back to what opened it.
fn close_menu() -> bool {
    let Some(menu) = query("details.drop[open]") else {
        return false;
    };
    // It is there, or there is nothing to remove.
    let _ = menu.remove_attribute("open");
    focus(menu.query_selector("summary").ok().flatten());
    true
}

/// Whether a person types text now.
fn is_typing() -> bool {
    document().active_element().is_some_and(|element| {
        let kind = element.get_attribute("type").unwrap_or_default();
        match element.tag_name().as_str() {
            "INPUT" => !matches!(kind.as_str(), "checkbox" | "radio" | "button" | "submit"),
            "TEXTAREA" | "SELECT" => true,
            _ => element.has_attribute("contenteditable"),
        }
    })
}

/// The first element that the selector finds.
pub fn query(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

/// Gives an element the focus; whether it could.
pub fn focus(element: Option<web_sys::Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

/// Presses a button or follows a link; whether there is one.
pub fn click(element: Option<web_sys::Element>) -> bool {
    element
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        .map(|element| element.click())
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of("k", true), Some(Deed::Jump));
        assert_eq!(deed_of("K", true), Some(Deed::Jump));
        assert_eq!(deed_of("?", false), Some(Deed::Help));
        assert_eq!(deed_of("g", false), Some(Deed::Going));
        assert_eq!(deed_of("Escape", false), Some(Deed::Close));
        assert_eq!(deed_of("k", false), None);
        assert_eq!(deed_of("r", true), None);
    }

    #[test]
    fn g_goes_to_the_pages() {
        let pages = ["r", "L", "c", "S", "x"].map(page_of);
        let expected = ["/", "/recordings", "/callbacks", "/settings"].map(Some);
        assert_eq!(pages[..4], expected);
        assert_eq!(pages[4], None);
    }
}
