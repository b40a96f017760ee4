//! The highlighted chip, under the pointer or next to the caret: its value is highlighted in each name.

use leptos::prelude::*;
use reelroom_domain::naming::{Token, edit::Chip};

/// The highlighted chip.
#[derive(Clone, Copy)]
pub struct Highlight {
    pointed: RwSignal<Option<Chip>>,
    touched: RwSignal<Option<Chip>>,
}

impl Highlight {
    /// Creates a state without a highlight.
    pub fn new() -> Self {
        Self {
            pointed: RwSignal::new(None),
            touched: RwSignal::new(None),
        }
    }

    /// Sets the chip under the pointer.
    pub fn point(self, chip: Option<Chip>) {
        set(self.pointed, chip);
    }

    /// Sets the chip next to the caret.
    pub fn touch(self, chip: Option<Chip>) {
        set(self.touched, chip);
    }

    /// Whether the highlighted chip is the `nth` (from 0) of this token.
    pub fn is(self, token: Token, nth: usize) -> bool {
        let highlight = self.pointed.get().or_else(|| self.touched.get());
        highlight.is_some_and(|chip| chip.token == token && chip.nth == nth)
    }
}

/// Sets a signal only if the value changes, because a moving pointer reports the same chip repeatedly.
/// Does nothing once the form is removed.
fn set(signal: RwSignal<Option<Chip>>, chip: Option<Chip>) {
    if signal.try_with_untracked(|now| *now != chip) == Some(true) {
        signal.set(chip);
    }
}
