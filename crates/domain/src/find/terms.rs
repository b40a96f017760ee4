//! The terms of the search index.

use std::collections::BTreeSet;

use super::facet::Facet;
use crate::{
    ids::{AppId, UserId},
    room::RoomId,
};

/// A term of the search index: some letters, or a facet. Two may share a number, which is rare: the words and the room
/// of each hit are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u32);

impl Term {
    /// The term with this number, which was stored.
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Its number, less than 2³¹.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Whether it is the term of a facet; others are of letters.
    pub const fn is_of_facet(self) -> bool {
        self.0 & Shelf::FACET != 0
    }
}

/// The recordings that terms are about: those of an app, and of these the failed starts or all others. A list is of one
/// shelf, so no search passes over the recordings of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// The app.
    pub app: AppId,
    /// Failed starts, and not the others.
    pub tries: bool,
}

impl Shelf {
    /// The bit that tells facets from letters.
    const FACET: u32 = 1 << 30;

    /// The hash of what precedes the values of a key.
    fn before(self, key: &str) -> u32 {
        let kind = if self.tries { "tries" } else { "" };
        let app = self.app.to_string();
        let parts = [app.as_str(), kind, key];
        parts.into_iter().fold(START, add)
    }

    fn of_facet(self, key: &str, value: &str) -> Term {
        let hash = add(self.before(key), value);
        Term(hash & (Self::FACET - 1) | Self::FACET)
    }

    /// The term of all of its recordings.
    pub fn all(self) -> Term {
        self.of_facet("all", "")
    }

    /// The term that no recording has.
    pub fn none(self) -> Term {
        self.of_facet("none", "")
    }

    /// The term of a room.
    pub fn room(self, room: &RoomId) -> Term {
        self.of_facet("room", room.as_str())
    }

    /// The term of what an account has opened.
    pub fn seen_by(self, user: UserId) -> Term {
        self.of_facet("seen", &user.to_string())
    }

    /// The term of a facet; `None` of one that the index does not have.
    pub fn facet(self, facet: &Facet) -> Option<Term> {
        let key = facet.key().as_str();
        match facet {
            Facet::Prefix(_) | Facet::Unseen => None,
            Facet::Room(room) => Some(self.room(room)),
            Facet::Tag(tag) => Some(self.of_facet(key, &tag.key())),
            facet => Some(self.of_facet(key, &facet.value())),
        }
    }

    /// The terms of folded text: each pair of neighbours within a line, each three of ASCII, since their pairs are
    /// frequent, each letter that is not ASCII, since one letter of Chinese is a word, and each sign, since most are rare.
    pub fn letters(self, folded: &str) -> BTreeSet<Term> {
        let before = self.before("");
        let mut terms = Vec::new();
        for line in folded.lines() {
            let letters: Vec<char> = line.chars().collect();
            for at in 0..letters.len() {
                let pieces = (1..=3).filter_map(|length| letters.get(at..at + length));
                let pieces = pieces.filter(|piece| is_term(piece));
                terms.extend(pieces.map(|piece| Self::piece(before, piece)));
            }
        }
        // Sorts them once, in place of a search for each.
        terms.into_iter().collect()
    }

    /// The fewest terms that find each text with this folded word.
    pub fn wanted(self, word: &str) -> BTreeSet<Term> {
        let before = self.before("");
        let letters: Vec<char> = word.chars().collect();
        let longest = |at: usize| {
            let pieces = (1..=3)
                .rev()
                .filter_map(|length| letters.get(at..at + length));
            pieces.into_iter().find(|piece| is_term(piece))
        };
        let mut end = 0;
        let mut terms = BTreeSet::new();
        for at in 0..letters.len() {
            if let Some(piece) = longest(at)
                && at + piece.len() > end
            {
                end = at + piece.len();
                terms.insert(Self::piece(before, piece));
            }
        }
        terms
    }

    /// Whether the term of a folded word says all: exactly the texts that contain it have the term.
    pub fn is_one_term(word: &str) -> bool {
        let letters: Vec<char> = word.chars().take(4).collect();
        letters.len() <= 3 && is_term(&letters)
    }

    /// The term of some letters, after the hash of what precedes them.
    fn piece(before: u32, letters: &[char]) -> Term {
        let hash = letters.iter().fold(before, |hash, letter| {
            letter.encode_utf8(&mut [0; 4]).bytes().fold(hash, step)
        });
        Term(step(hash, END) & (Self::FACET - 1))
    }
}

/// Whether a piece of a line is a term.
fn is_term(piece: &[char]) -> bool {
    match piece {
        [letter] => !letter.is_ascii() || letter.is_ascii_punctuation(),
        [] => false,
        [_, _] => true,
        more => more.iter().all(char::is_ascii),
    }
}

/// The hash FNV-1a of 32 bits: <https://datatracker.ietf.org/doc/html/rfc9923>. It is stored, so it never changes.
const START: u32 = 0x811c_9dc5;
/// Ends each part of what is hashed: a byte that is in no text.
const END: u8 = 0xff;

/// The hash of a further part.
fn add(hash: u32, part: &str) -> u32 {
    part.bytes().chain([END]).fold(hash, step)
}

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{file::FileKind, search::fold};

    fn shelf(tries: bool) -> Shelf {
        Shelf {
            app: "00000000000000000000000000000010".parse().unwrap(),
            tries,
        }
    }

    #[test]
    fn a_piece_of_a_text_has_only_its_terms() {
        for (text, piece, least) in [
            ("ar_class-7B", "s-7", 1),
            ("ar_class-7B", "class-7b", 6),
            ("ar_class-7B", "-7", 1),
            ("产品评审", "评审", 1),
            ("产品评审", "审", 1),
            ("产品评审7B", "评审7b", 3),
            ("分数 第216课", "第216课", 3),
            ("分数 第216课", "216课", 2),
            ("100%x1", "%x", 1),
            ("100%x1", "%", 1),
            ("ar_1", "_", 1),
        ] {
            let (all, piece) = (shelf(false).letters(&fold(text)), fold(piece));
            assert!(all.is_superset(&shelf(false).letters(&piece)), "{piece}");
            let wanted = shelf(false).wanted(&piece);
            assert!(all.is_superset(&wanted), "{piece}");
            assert_eq!(wanted.len(), least, "{piece}");
            assert_eq!(Shelf::is_one_term(&piece), least == 1, "{piece}");
        }
        // One term, twice.
        assert_eq!(shelf(false).wanted("aaaa").len(), 1);
        assert!(!Shelf::is_one_term("aaaa") && !Shelf::is_one_term("a") && !Shelf::is_one_term(""));
        assert!(shelf(false).letters("a").is_empty());
        assert_eq!(
            shelf(false).letters("ab\nbc"),
            shelf(false).letters("bc\nab")
        );
        assert!(
            !shelf(false)
                .letters("ab\ncd")
                .is_superset(&shelf(false).wanted("bc"))
        );
    }

    #[test]
    fn shelves_share_no_terms() {
        let [others, tries] = [false, true].map(|tries| shelf(tries).letters("class-7b"));
        assert!(others.is_disjoint(&tries));
        assert_ne!(shelf(false).all(), shelf(true).all());
        assert!(others.iter().all(|term| !term.is_of_facet()));
        assert!(shelf(false).all().is_of_facet());
    }

    #[test]
    fn stored_terms_are_stable() {
        let numbers: Vec<u32> = shelf(false)
            .wanted("评审")
            .iter()
            .map(|term| term.number())
            .collect();
        assert_eq!(numbers, [128_234_297]);
        let kind = shelf(false)
            .facet(&Facet::Kind(FileKind::Composite))
            .unwrap();
        assert_eq!(kind.number(), 1_249_700_813);
    }
}
