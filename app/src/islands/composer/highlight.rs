//! The chip that a person points at or has the caret beside: its part of each name is highlighted.

use leptos::prelude::*;
use reelroom_domain::naming::{Token, edit::Chip};

/// Which chip is highlighted.
#[derive(Clone, Copy)]
pub struct Highlight {
    pointed: RwSignal<Option<Chip>>,
    touched: RwSignal<Option<Chip>>,
}

impl Highlight {
    /// None yet.
    pub fn new() -> Self {
        Self {
            pointed: RwSignal::new(None),
            touched: RwSignal::new(None),
        }
    }

    /// The pointer is on that chip.
    pub fn point(self, chip: Option<Chip>) {
        set(self.pointed, chip);
    }

    /// The caret is beside that chip.
    pub fn touch(self, chip: Option<Chip>) {
        set(self.touched, chip);
    }

    /// Whether it is the chip of that token which so many of the same token come before.
    pub fn is(self, token: Token, nth: usize) -> bool {
        let highlight = self.pointed.get().or_else(|| self.touched.get());
        highlight.is_some_and(|chip| chip.token == token && chip.nth == nth)
    }
}

/// A signal that is told the same again and again, while a pointer moves, stays quiet; so does one
/// whose form has gone.
fn set(signal: RwSignal<Option<Chip>>, chip: Option<Chip>) {
    if signal.try_with_untracked(|now| *now != chip) == Some(true) {
        signal.set(chip);
    }
}
