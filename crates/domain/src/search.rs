//! The search text of a list.

/// A search for text in a name, not blank and without white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(String);

impl SearchText {
    /// The limit in bytes of UTF-8. SQLite refuses patterns over 50,000.
    pub const MAX_BYTES: usize = 200;

    /// Parses a typed search, cut at [`Self::MAX_BYTES`]; `None` if it is blank.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let search = typed[..typed.floor_char_boundary(Self::MAX_BYTES)].trim_end();
        (!search.is_empty()).then(|| Self(search.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_short_and_not_blank() {
        let parse = |typed: &str| SearchText::parse(typed).map(|search| search.as_str().len());
        assert_eq!(parse(" \n"), None);
        assert_eq!(parse(" a b "), Some(3));
        assert_eq!(parse(&"x".repeat(60_000)), Some(200));
        assert_eq!(parse(&"界".repeat(100)), Some(198));
    }
}
