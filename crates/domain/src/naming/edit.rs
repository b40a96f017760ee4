//! Edits the text of a rule that is shown as chips.
//!
//! A chip is a token of the platform; the caret is never inside it. Positions are in UTF-16 units, as in
//! the browser; an invalid one is taken as the nearest valid one.

use super::{rule::Token, scan::pieces_of};

/// A range of the text in UTF-16 units; an empty one is a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stretch {
    /// Its start.
    pub from: u32,
    /// Its end.
    pub until: u32,
}

impl Stretch {
    /// An empty range at a position.
    pub const fn at(place: u32) -> Self {
        Self {
            from: place,
            until: place,
        }
    }

    /// Whether it is empty.
    pub const fn is_empty(self) -> bool {
        self.from == self.until
    }
}

/// The direction of a caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the start of the text.
    Back,
    /// Towards its end.
    On,
}

/// A chip in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chip {
    /// Its token.
    pub token: Token,
    /// The number of chips of that token before it.
    pub nth: usize,
    /// Its range.
    pub place: Stretch,
}

/// A text and its caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// The caret.
    pub caret: u32,
}

/// The beginning of a token that is being typed, for which the menu offers completions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The range that a chosen token replaces.
    pub place: Stretch,
    /// The text after the brace, for example `ra`.
    pub typed: String,
}

/// Opening braces: the platform's, and that of Chinese input methods.
const OPENING: [char; 2] = ['{', '｛'];
/// Closing braces.
const CLOSING: [char; 2] = ['}', '｝'];

/// The chips of the text, in its order.
pub fn chips(text: &str) -> Vec<Chip> {
    let mut chips: Vec<Chip> = Vec::new();
    let mut seen = [0; Token::ALL.len()];
    let mut at = 0;
    for (span, token) in pieces_of(text) {
        let until = at + units(span.of(text));
        if let Some(token) = token {
            let nth = seen[token as usize];
            seen[token as usize] += 1;
            let place = Stretch { from: at, until };
            chips.push(Chip { token, nth, place });
        }
        at = until;
    }
    chips
}

/// The valid positions of the caret in order, including start and end.
pub fn stops(text: &str) -> Vec<u32> {
    let mut stops = vec![0];
    let mut at = 0;
    for (span, token) in pieces_of(text) {
        let piece = span.of(text);
        if token.is_some() {
            at += units(piece);
            stops.push(at);
        } else {
            for letter in piece.chars() {
                at += width(letter);
                stops.push(at);
            }
        }
    }
    stops
}

/// The valid position for a caret at `at`: the same one or, inside a chip or a character, the edge in
/// that direction; without a direction, the nearer edge.
pub fn snap(text: &str, at: u32, way: Option<Way>) -> u32 {
    let stops = stops(text);
    let end = stops.last().copied().unwrap_or_default();
    let at = at.min(end);
    let on = stops.iter().find(|stop| **stop >= at).copied();
    let back = stops.iter().rfind(|stop| **stop <= at).copied();
    let (back, on) = (back.unwrap_or_default(), on.unwrap_or(end));
    match way {
        Some(Way::Back) => back,
        None if at - back < on - at => back,
        Some(Way::On) | None => on,
    }
}

/// The chip next to the caret in a direction.
pub fn beside(text: &str, caret: u32, way: Way) -> Option<Chip> {
    chips(text).into_iter().find(|chip| match way {
        Way::Back => chip.place.until == caret,
        Way::On => chip.place.from == caret,
    })
}

/// The chip next to the caret: the one before it, else the one after it.
pub fn touched(text: &str, caret: u32) -> Option<Chip> {
    beside(text, caret, Way::Back).or_else(|| beside(text, caret, Way::On))
}

/// Replaces a range, extended to whole chips and characters, by `with`. If that makes a chip with the
/// text around it, the caret is after that chip.
pub fn replace(text: &str, place: Stretch, with: &str) -> Edited {
    let Stretch { from, until } = whole(text, place);
    let (before, rest) = text.split_at(byte_of(text, from));
    let after = &rest[byte_of(rest, until - from)..];
    let edited = format!("{before}{with}{after}");
    let caret = snap(&edited, from + units(with), Some(Way::On));
    Edited {
        text: edited,
        caret,
    }
}

/// The range extended to whole chips and characters; a position moves beside them.
pub fn whole(text: &str, place: Stretch) -> Stretch {
    let (from, until) = (place.from.min(place.until), place.from.max(place.until));
    if from == until {
        return Stretch::at(snap(text, from, None));
    }
    Stretch {
        from: snap(text, from, Some(Way::Back)),
        until: snap(text, until, Some(Way::On)),
    }
}

/// The token that is being typed before the caret: a brace and letters. A closing brace after the caret
/// is part of it.
pub fn begun(text: &str, caret: u32) -> Option<Begun> {
    let (before, after) = text.split_at(byte_of(text, caret));
    let typed = before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric());
    let brace = typed.chars().next_back()?;
    if !OPENING.contains(&brace) {
        return None;
    }
    let from = units(typed) - width(brace);
    let closing = after.starts_with(CLOSING);
    Some(Begun {
        place: Stretch {
            from,
            until: units(before) + u32::from(closing),
        },
        typed: before[typed.len()..].to_owned(),
    })
}

/// The completions of `typed`: tokens that begin with it, then those that contain it, in the order of
/// the platform's document.
pub fn offered(typed: &str) -> Vec<Token> {
    let typed = typed.to_ascii_lowercase();
    let mut found: Vec<Token> = Token::ALL
        .iter()
        .copied()
        .filter(|token| token.name().contains(&typed))
        .collect();
    found.sort_by_key(|token| !token.name().starts_with(&typed));
    found
}

/// The text up to a position.
pub fn before(text: &str, at: u32) -> &str {
    text.split_at(byte_of(text, at)).0
}

/// The byte index of the position `at`; inside a character, of its start.
fn byte_of(text: &str, at: u32) -> usize {
    let mut passed = 0;
    for (byte, letter) in text.char_indices() {
        passed += width(letter);
        if passed > at {
            return byte;
        }
    }
    text.len()
}

fn units(text: &str) -> u32 {
    text.chars().map(width).sum()
}

/// The UTF-16 units of a character.
const fn width(letter: char) -> u32 {
    if letter as u32 > 0xFFFF { 2 } else { 1 }
}

#[cfg(test)]
mod tests;
