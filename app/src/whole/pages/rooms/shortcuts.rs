//! The keys of the rooms page; they rest where [`Keys`] says so.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{TimeoutHandle, document, set_timeout_with_handle},
    prelude::*,
    web_sys,
};

use super::OpenRoom;
use crate::{
    whole::in_app::InApp,
    whole::keys::{Keys, Walk, click, focus},
};

/// The id of the search field.
pub const FIND: &str = "find-room";
/// The id of the start button.
pub const START: &str = "start-recording";
/// The id of the stop button.
pub const STOP: &str = "stop-recording";
/// The id of the button that looks for signs.
pub const CHECK: &str = "check-recording";

/// The rooms, and the ways to other pages of them.
const ROOMS: Walk = Walk(".rows :is(.row, .older)");

/// How long the second press of `S` is waited for.
const SECOND_PRESS: Duration = Duration::from_secs(3);

/// Whether `S` was pressed once and would stop at a second press.
#[derive(Debug, Clone, Copy)]
pub struct StopArmed {
    armed: RwSignal<bool>,
    /// What ends it.
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl StopArmed {
    fn new() -> Self {
        Self {
            armed: RwSignal::new(false),
            timer: StoredValue::new(None),
        }
    }

    /// Whether the next press stops.
    pub fn get(self) -> bool {
        self.armed.get()
    }

    fn arm(self) {
        self.disarm();
        self.armed.set(true);
        // Without a timer it stays armed until the next press; the hint on the button stays, too.
        let timer = set_timeout_with_handle(
            move || {
                self.armed.try_set(false);
            },
            SECOND_PRESS,
        );
        self.timer.set_value(timer.ok());
    }

    /// An earlier press counts no more, and its timer does not end a later one.
    fn disarm(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.armed.set(false);
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Find,
    Start,
    Stop,
    Check,
}

/// The deed of a key, without regard to case.
fn deed_of(key: &str) -> Option<Deed> {
    Some(match key {
        "/" => Deed::Find,
        "r" | "R" => Deed::Start,
        "s" | "S" => Deed::Stop,
        "c" | "C" => Deed::Check,
        _ => return None,
    })
}

/// Listens for the keys as long as the page is open, and provides [`StopArmed`].
pub fn listen() {
    let armed = StopArmed::new();
    provide_context(armed);
    let (OpenRoom(open), in_app) = (expect_context(), InApp::expect());
    // The second press is for the room that the first one was for.
    Effect::new(move || {
        open.track();
        in_app.get();
        armed.disarm();
    });
    Keys::expect().on_page(move |event| {
        let key = event.key();
        if ROOMS.take(&key) {
            return true;
        }
        match deed_of(&key).filter(|_| !event.repeat()) {
            None => false,
            Some(Deed::Find) => focus(element(FIND)),
            Some(Deed::Start) => click(element(START)),
            Some(Deed::Stop) => stop(armed),
            Some(Deed::Check) => click(element(CHECK)),
        }
    });
}

/// A stray key must end no recording: the first press only says what the second one does.
fn stop(stop: StopArmed) -> bool {
    if stop.armed.get_untracked() {
        stop.disarm();
        return click(element(STOP));
    }
    if element(STOP).is_none() {
        return false;
    }
    stop.arm();
    true
}

fn element(id: &str) -> Option<web_sys::Element> {
    document().get_element_by_id(id)
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
    }
}
