//! What keys, clicks and the menu do to the text of a rule while it is shown as chips.
//!
//! A chip is a token that the platform knows. The caret stands beside it and never in it. Places in
//! the text are counted as the browser counts them, in UTF-16 units, and may come from anywhere:
//! one that is no place of this text is taken as the nearest that is.

use super::{rule::Token, scan::pieces_of};

/// A stretch of the text, or a place in it where both ends are the same. In UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stretch {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub until: u32,
}

impl Stretch {
    /// A place, with nothing in it.
    pub const fn at(place: u32) -> Self {
        Self {
            from: place,
            until: place,
        }
    }

    /// Whether it is a place only.
    pub const fn is_empty(self) -> bool {
        self.from == self.until
    }
}

/// Where a caret goes.
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
    /// What it is.
    pub token: Token,
    /// How many chips of that token come before it: the part of a name that it becomes has as many
    /// of that token before it.
    pub nth: usize,
    /// Where it stands.
    pub place: Stretch,
}

/// A text and where the caret stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// The caret.
    pub caret: u32,
}

/// The beginning of a token that is being typed: what the menu is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What a chosen token takes the place of.
    pub place: Stretch,
    /// What stands behind the brace, for example `ra`.
    pub typed: String,
}

/// Opening braces: as the platform wants it, and as Chinese input methods type it.
const OPENING: [char; 2] = ['{', '｛'];
/// Closing ones.
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

/// Every place where a caret may stand, in order, the start and the end among them.
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

/// The place for a caret that came to `at`: that one or, in a chip or within a character, the edge
/// that lies that way; without a way, the nearer one.
pub fn snap(text: &str, at: u32, way: Option<Way>) -> u32 {
    let stops = stops(text);
    let next = stops.partition_point(|stop| *stop < at);
    let Some(&on) = stops.get(next) else {
        return stops.last().copied().unwrap_or_default();
    };
    let back = next
        .checked_sub(1)
        .and_then(|before| stops.get(before))
        .filter(|_| on != at)
        .copied()
        .unwrap_or(on);
    let nearer_back = at - back.min(at) < on - at;
    match way {
        Some(Way::Back) => back,
        None if nearer_back => back,
        Some(Way::On) | None => on,
    }
}

/// The chip that the caret would go over next, or that a key would erase: the one right beside it.
pub fn beside(text: &str, caret: u32, way: Way) -> Option<Chip> {
    chips(text).into_iter().find(|chip| match way {
        Way::Back => chip.place.until == caret,
        Way::On => chip.place.from == caret,
    })
}

/// The chip that has the caret: the one before it, else the one after it.
pub fn touched(text: &str, caret: u32) -> Option<Chip> {
    beside(text, caret, Way::Back).or_else(|| beside(text, caret, Way::On))
}

/// Puts `with` in place of a stretch, which takes whole chips and characters along. Where that makes
/// a chip of what stood around it, the caret goes behind that.
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

/// The stretch with the whole of each chip and character that it touches; a place goes beside it.
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

/// The token that is being typed just before the caret: a brace and nothing but letters behind it.
/// A closing brace right behind the caret is part of it.
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

/// The tokens that `typed` may become: those that begin with it, then those that contain it, each
/// in the order of the platform's document.
pub fn offered(typed: &str) -> Vec<Token> {
    let typed = typed.to_ascii_lowercase();
    let mut found: Vec<Token> = Token::ALL
        .into_iter()
        .filter(|token| token.name().contains(&typed))
        .collect();
    found.sort_by_key(|token| !token.name().starts_with(&typed));
    found
}

/// The text up to a place.
pub fn before(text: &str, at: u32) -> &str {
    text.split_at(byte_of(text, at)).0
}

/// The byte of the place `at`; within a character, that of its start.
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

/// Characters beyond the basic plane count twice.
const fn width(letter: char) -> u32 {
    if letter as u32 > 0xFFFF { 2 } else { 1 }
}

#[cfg(test)]
mod tests;
