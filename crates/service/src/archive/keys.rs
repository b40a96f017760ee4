//! The keys of the objects beside a copy.

use super::{description, pictures::Picture};

/// The ends of the keys of the objects beside a copy, after its key and a dot: its pictures, and its description.
const ENDS: [&str; 3] = [
    Picture::Poster.name(),
    Picture::Strip.name(),
    description::END,
];

/// The keys of the objects beside a copy, its description last.
pub(crate) fn beside(copy: &str) -> [String; 3] {
    ENDS.map(|end| format!("{copy}.{end}"))
}

/// The key of the copy that an object is, or lies beside.
pub(crate) fn copy_of(key: &str) -> &str {
    let copy = ENDS
        .iter()
        .find_map(|end| key.strip_suffix(end)?.strip_suffix('.'));
    copy.unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_a_copy_belongs_to_it() {
        for key in beside("a/b-c") {
            assert_eq!(copy_of(&key), "a/b-c");
        }
        assert_eq!(copy_of("a/b-c"), "a/b-c");
    }
}
