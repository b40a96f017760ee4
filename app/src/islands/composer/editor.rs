//! Handles keys, clicks and the menu's choices in the field. The domain (`naming::edit`) computes how
//! the text changes; this module reads the input and writes it back.

use std::{cmp::Ordering, mem};

use leptos::{
    html,
    leptos_dom::helpers::request_animation_frame,
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent},
};
use reelroom_domain::naming::{
    Token,
    edit::{self, Chip, Stretch, Way},
};

use super::{highlight::Highlight, menu::Menu};
use crate::islands::dom;

/// The input with the state of its caret, selection and input method.
#[derive(Clone, Copy)]
pub struct Editor {
    /// The input.
    pub input: NodeRef<html::Input>,
    /// The mirror: the same text, drawn with chips.
    pub mirror: NodeRef<html::Div>,
    /// The menu below the caret.
    pub menu: Menu,
    /// The highlighted chip.
    pub highlight: Highlight,
    rule: RwSignal<String>,
    plain: RwSignal<bool>,
    /// The previous caret or selection, which tells the direction of a move.
    last: StoredValue<Stretch>,
    /// Whether the field had the focus yet. Until then the browser reports the caret at the start.
    visited: StoredValue<bool>,
    /// Whether an input method is composing text.
    composing: StoredValue<bool>,
    /// Whether the pointer is down and may be selecting text.
    drawing: StoredValue<bool>,
}

impl Editor {
    /// Creates the editor of `rule`; it shows no chips while `plain` is set.
    pub fn new(rule: RwSignal<String>, plain: RwSignal<bool>, highlight: Highlight) -> Self {
        Self {
            input: NodeRef::new(),
            mirror: NodeRef::new(),
            menu: Menu::new(),
            highlight,
            rule,
            plain,
            last: StoredValue::new(Stretch::default()),
            visited: StoredValue::new(false),
            composing: StoredValue::new(false),
            drawing: StoredValue::new(false),
        }
    }

    /// The input; `None` once the form is removed: a removed field still loses the focus.
    fn field(self) -> Option<HtmlInputElement> {
        self.input.try_get_untracked().flatten()
    }

    /// Handles an `input` event.
    pub fn typed(self) {
        let Some(input) = self.field() else {
            return;
        };
        let text = input.value();
        self.rule.set(text.clone());
        if !self.composing.get_value() {
            self.snap(false);
            let caret = selection(&input);
            self.menu.look(&text, caret, self.mirror.get_untracked());
        }
        request_animation_frame(move || self.scroll());
    }

    /// Handles the start or the end of a composition.
    pub fn compose(self, at_work: bool) {
        self.composing.try_set_value(at_work);
        if !at_work {
            self.typed();
        }
    }

    /// Handles the pointer going down or up.
    pub fn draw(self, down: bool) {
        let replace = |drawing: &mut bool| mem::replace(drawing, down);
        let was_down = self.drawing.try_update_value(replace);
        if was_down == Some(true) && !down {
            self.snap(true);
        }
    }

    /// Handles the field receiving or losing the focus.
    pub fn visit(self, here: bool) {
        if here {
            self.visited.try_set_value(true);
            self.snap(false);
        } else {
            self.menu.close();
            self.highlight.touch(None);
        }
    }

    /// Moves caret and selection out of chips: in the direction of the move or, when a pointer placed
    /// them, to the nearer edge.
    pub fn snap(self, nearest: bool) {
        let Some(input) = self.field() else {
            return;
        };
        if !dom::has_focus(&input) || self.composing.get_value() || self.drawing.get_value() {
            return;
        }
        let (text, now, last) = (input.value(), selection(&input), self.last.get_value());
        let mut settled = now;
        if !self.plain.get_untracked() {
            let from = edit::snap(&text, now.from, way(nearest, last.from, now.from));
            settled = if now.is_empty() {
                Stretch::at(from)
            } else {
                let until = edit::snap(&text, now.until, way(nearest, last.until, now.until));
                Stretch { from, until }
            };
            if settled != now {
                let direction = input.selection_direction().ok().flatten();
                // Cannot fail: the field exists and has the type `text`.
                let _ = input.set_selection_range_with_direction(
                    settled.from,
                    settled.until,
                    direction.as_deref().unwrap_or("none"),
                );
            }
        }
        self.last.set_value(settled);
        self.highlight.touch(edit::touched(&text, settled.until));
        self.menu.keep(&text, settled);
    }

    /// Handles a key press. Keys that concern neither chips nor the menu are left to the browser.
    pub fn key(self, event: &KeyboardEvent) {
        // 229: an input method takes the key.
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        let key = event.key();
        if self.menu.is_open() && !modified && self.menu_key(&key, event.shift_key()) {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        let Some(input) = self.field() else {
            return;
        };
        let at = selection(&input);
        if self.plain.get_untracked() || !at.is_empty() || event.meta_key() {
            return;
        }
        let (way, erases) = match key.as_str() {
            "Backspace" => (Way::Back, true),
            "Delete" => (Way::On, true),
            "ArrowLeft" if !modified && !event.shift_key() => (Way::Back, false),
            "ArrowRight" if !modified && !event.shift_key() => (Way::On, false),
            _ => return,
        };
        let Some(chip) = edit::beside(&input.value(), at.from, way) else {
            return;
        };
        let place = if erases {
            // The browser deletes the selected chip as a whole, and can undo that.
            chip.place
        } else {
            event.prevent_default();
            Stretch::at(match way {
                Way::Back => chip.place.from,
                Way::On => chip.place.until,
            })
        };
        let _ = input.set_selection_range(place.from, place.until);
        self.snap(false);
        self.scroll();
    }

    /// Handles a key of the open menu and returns whether it did.
    fn menu_key(self, key: &str, shift: bool) -> bool {
        match key {
            "ArrowDown" => self.menu.go(1),
            "ArrowUp" => self.menu.go(-1),
            "Enter" => self.choose(self.menu.active()),
            "Tab" if !shift => self.choose(self.menu.active()),
            "Escape" => self.menu.dismiss(),
            _ => return false,
        }
        true
    }

    /// Inserts the token chosen in the menu.
    pub fn choose(self, token: Option<Token>) {
        if let (Some(token), Some(place)) = (token, self.menu.place()) {
            self.menu.close();
            self.put(place, token);
        }
    }

    /// Inserts a token at the caret, or at the end before the first visit. Replaces a brace that was just
    /// typed.
    pub fn insert(self, token: Token) {
        let Some(input) = self.field() else {
            return;
        };
        let text = input.value();
        let at = if self.visited.get_value() {
            selection(&input)
        } else {
            Stretch::at(u32::MAX)
        };
        let begun = edit::begun(&text, at.from).filter(|_| at.is_empty());
        self.put(begun.map_or(at, |begun| begun.place), token);
    }

    fn put(self, place: Stretch, token: Token) {
        let Some(input) = self.field() else {
            return;
        };
        let text = input.value();
        let edited = edit::replace(&text, place, token.as_str());
        let place = edit::whole(&text, place);
        // Cannot fail: the field exists and has the type `text`.
        let _ = input.focus();
        let _ = input.set_selection_range(place.from, place.until);
        if !dom::type_text(token.as_str()) || input.value() != edited.text {
            input.set_value(&edited.text);
        }
        let _ = input.set_selection_range(edited.caret, edited.caret);
        self.rule.set(edited.text);
        self.menu.close();
        self.snap(false);
        request_animation_frame(move || self.scroll());
    }

    /// Scrolls the mirror to the position of the input.
    pub fn scroll(self) {
        if let (Some(input), Some(mirror)) =
            (self.field(), self.mirror.try_get_untracked().flatten())
        {
            mirror.set_scroll_left(input.scroll_left());
        }
    }

    /// Highlights the chip under a pointer that is `x` pixels right of the left edge of the input.
    pub fn point(self, x: Option<i32>) {
        self.highlight.point(x.and_then(|x| self.chip_at(x)));
    }

    fn chip_at(self, x: i32) -> Option<Chip> {
        let (input, mirror) = (self.field()?, self.mirror.get_untracked()?);
        if self.plain.get_untracked() {
            return None;
        }
        let x = x + input.scroll_left();
        let pieces = mirror.children();
        let drawn = (0..pieces.length())
            .filter_map(|index| pieces.item(index)?.dyn_into::<HtmlElement>().ok())
            .filter(|piece| piece.class_list().contains("tok"));
        edit::chips(&input.value())
            .into_iter()
            .zip(drawn)
            .find(|(_, drawn)| (0..drawn.offset_width()).contains(&(x - drawn.offset_left())))
            .map(|(chip, _)| chip)
    }
}

fn way(nearest: bool, last: u32, now: u32) -> Option<Way> {
    match now.cmp(&last) {
        Ordering::Less if !nearest => Some(Way::Back),
        Ordering::Greater if !nearest => Some(Way::On),
        _ => None,
    }
}

/// The selection; the end of the text where the browser reports none.
fn selection(input: &HtmlInputElement) -> Stretch {
    let end = || u32::try_from(input.value().encode_utf16().count()).unwrap_or(u32::MAX);
    let read = |mark: Result<Option<u32>, _>| mark.ok().flatten().unwrap_or_else(end);
    Stretch {
        from: read(input.selection_start()),
        until: read(input.selection_end()),
    }
}
