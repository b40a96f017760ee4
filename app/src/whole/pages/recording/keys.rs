//! The keys of the player; they rest where [`Keys`] says so.

use leptos::{
    leptos_dom::helpers::document,
    wasm_bindgen::JsCast as _,
    web_sys::{HtmlMediaElement, KeyboardEvent},
};

use crate::{
    whole::keys::{Keys, click, query},
    whole::platform,
};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    /// Plays, or pauses.
    Play,
    /// So many seconds on, or back.
    Skip(f64),
    /// So many seconds on, or back, and stays there.
    Step(f64),
    Mute,
    FullScreen,
    /// Plays the track of that number, or the composite: 0.
    Choose(char),
}

/// How long a frame lasts, in seconds: at 25 a second. A browser does not tell how many a file has.
const FRAME: f64 = 0.04;

/// The deed of a key, without regard to case.
fn deed_of(key: &str, shift: bool) -> Option<Deed> {
    let seconds = if shift { 30.0 } else { 5.0 };
    Some(match key {
        " " => Deed::Play,
        "ArrowLeft" => Deed::Skip(-seconds),
        "ArrowRight" => Deed::Skip(seconds),
        "," => Deed::Step(-FRAME),
        "." => Deed::Step(FRAME),
        "m" | "M" => Deed::Mute,
        "f" | "F" => Deed::FullScreen,
        _ => match key.chars().next() {
            Some(digit @ '0'..='9') if key.len() == 1 => Deed::Choose(digit),
            _ => return None,
        },
    })
}

/// Listens for the keys as long as the player is there.
pub fn listen() {
    Keys::expect().on_page(|event| {
        let Some(deed) = deed_of(&event.key(), event.shift_key()) else {
            return false;
        };
        if let Deed::Choose(digit) = deed {
            return click(query(&format!(".player [data-key='{digit}']")));
        }
        let Some(media) = media() else {
            return false;
        };
        act(deed, &media, event)
    });
}

/// What plays now, if it is no row of pictures.
fn media() -> Option<HtmlMediaElement> {
    query(".player video")?.dyn_into().ok()
}

fn act(deed: Deed, media: &HtmlMediaElement, event: &KeyboardEvent) -> bool {
    match deed {
        Deed::Skip(seconds) => return go(media, seconds),
        Deed::Step(seconds) => {
            if !media.paused() {
                platform::play_or_pause(media);
            }
            return go(media, seconds);
        }
        _ if event.repeat() => return false,
        // It presses what has the focus.
        Deed::Play if is_on_a_button() => return false,
        Deed::Play => platform::play_or_pause(media),
        Deed::Mute => media.set_muted(!media.muted()),
        Deed::FullScreen if document().fullscreen_element().is_some() => {
            document().exit_fullscreen();
        }
        Deed::FullScreen => {
            // It fails where the browser shows no video that way.
            let _ = media.request_fullscreen();
        }
        Deed::Choose(_) => return false,
    }
    true
}

fn go(media: &HtmlMediaElement, seconds: f64) -> bool {
    media.set_current_time((media.current_time() + seconds).max(0.0));
    true
}

fn is_on_a_button() -> bool {
    document()
        .active_element()
        .is_some_and(|element| element.matches("button, summary, input").unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_what_the_design_says() {
        assert_eq!(deed_of(" ", false), Some(Deed::Play));
        assert_eq!(deed_of("ArrowLeft", false), Some(Deed::Skip(-5.0)));
        assert_eq!(deed_of("ArrowRight", true), Some(Deed::Skip(30.0)));
        assert_eq!(deed_of(",", false), Some(Deed::Step(-FRAME)));
        assert_eq!(deed_of(".", false), Some(Deed::Step(FRAME)));
        assert_eq!(deed_of("M", true), Some(Deed::Mute));
        assert_eq!(deed_of("f", false), Some(Deed::FullScreen));
        assert_eq!(deed_of("0", false), Some(Deed::Choose('0')));
        assert_eq!(deed_of("9", false), Some(Deed::Choose('9')));
        for key in ["F1", "x", "10", "ArrowUp"] {
            assert_eq!(deed_of(key, false), None, "{key}");
        }
    }
}
