//! The keys of the objects beside a copy.

/// How the keys of the objects beside a copy end: its pictures, and its description.
const ENDS: [&str; 3] = [".poster.jpg", ".strip.jpg", ".json"];

/// The keys of the objects beside a copy, its description last.
pub(crate) fn beside(copy: &str) -> [String; 3] {
    ENDS.map(|end| format!("{copy}{end}"))
}

/// The key of the copy that an object belongs to: its own, or that of the copy that it lies beside.
pub(crate) fn copy_of(key: &str) -> &str {
    let copy = ENDS.iter().find_map(|end| key.strip_suffix(end));
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
