//! The terms of the search index.

use std::collections::BTreeSet;

use crate::{
    ids::{AppId, UserId},
    room::RoomId,
};

/// A term of the search index: a pair of letters, or a facet. Two may share a number, so the row of each hit is
/// checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u32);

impl Term {
    /// The bit that tells facets from letters.
    const FACET: u32 = 1 << 30;

    /// The term of a facet.
    pub(super) fn of_facet(key: &str, value: &str) -> Self {
        let text = key.bytes().chain([b'=']).chain(value.bytes());
        Self(hash(text) & (Self::FACET - 1) | Self::FACET)
    }

    /// The term of the recordings of an app.
    pub fn of_app(app: AppId) -> Self {
        Self::of_facet("app", &app.to_string())
    }

    /// The term of all but failed starts.
    pub fn recorded() -> Self {
        Self::of_facet("recorded", "yes")
    }

    /// The term of the recordings of a room.
    pub fn of_room(room: &RoomId) -> Self {
        Self::of_facet("room", room.as_str())
    }

    /// The term that no recording has.
    pub fn of_none() -> Self {
        Self::of_facet("none", "")
    }

    /// The term of what an account has opened.
    pub fn seen_by(user: UserId) -> Self {
        Self::of_facet("seen", &user.to_string())
    }

    fn of_letters(letters: &str) -> Self {
        Self(hash(letters.bytes()) & (Self::FACET - 1))
    }

    /// Its number, less than 2³¹.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// The hash FNV-1a of 32 bits: <https://datatracker.ietf.org/doc/html/rfc9923>. It is stored, so it never changes.
fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The terms of folded text: each pair of neighbours within a line, and each letter that is not ASCII, since one
/// letter of Chinese is a word.
pub fn pairs(folded: &str) -> BTreeSet<Term> {
    let mut terms = BTreeSet::new();
    for line in folded.lines() {
        let mut last = None;
        for (at, letter) in line.char_indices() {
            let end = at + letter.len_utf8();
            if !letter.is_ascii() {
                terms.insert(Term::of_letters(&line[at..end]));
            }
            if let Some(last) = last {
                terms.insert(Term::of_letters(&line[last..end]));
            }
            last = Some(at);
        }
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fold;

    #[test]
    fn a_piece_of_a_text_has_only_its_terms() {
        for (text, piece) in [
            ("ar_class-7B", "s-7"),
            ("产品评审", "评审"),
            ("产品评审", "审"),
            ("100%x1", "%x"),
        ] {
            assert!(
                pairs(&fold(text)).is_superset(&pairs(&fold(piece))),
                "{piece}"
            );
        }
        assert!(pairs("a").is_empty());
        assert_eq!(pairs("ab\nbc"), pairs("bc\nab"));
        assert!(!pairs("ab\ncd").is_superset(&pairs("bc")));
    }

    #[test]
    fn stored_terms_are_stable() {
        assert_eq!(Term::of_letters("评审").number(), 135_932_658);
        assert_eq!(Term::of_facet("kind", "composite").number(), 1_441_616_401);
    }
}
