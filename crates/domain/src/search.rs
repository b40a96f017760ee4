//! The search text of a list, and how texts are compared.

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::words::as_str;

/// A search for text in a name, not blank and without white space around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(String);

as_str!(SearchText);

impl SearchText {
    /// The limit in bytes of UTF-8. SQLite refuses patterns over 50,000.
    pub const MAX_BYTES: usize = 200;

    /// Parses a typed search, cut at [`Self::MAX_BYTES`]; `None` if it is blank.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let search = typed[..typed.floor_char_boundary(Self::MAX_BYTES)].trim_end();
        (!search.is_empty()).then(|| Self(search.to_owned()))
    }

    /// The same text with blanks between Chinese and Latin letters or digits, as many people write; `None` if none are
    /// missing.
    pub fn spaced(&self) -> Option<Self> {
        let is_chinese = |letter| matches!(letter, '\u{3400}'..='\u{9fff}');
        let is_latin = |letter: char| letter.is_ascii_alphanumeric();
        let mut spaced = String::new();
        let mut before = ' ';
        for letter in self.0.chars() {
            let is_edge = (is_chinese(before) && is_latin(letter))
                || (is_latin(before) && is_chinese(letter));
            spaced.extend(is_edge.then_some(' '));
            spaced.push(letter);
            before = letter;
        }
        Self::parse(&spaced).filter(|spaced| spaced != self)
    }

    /// Its words, folded. A text matches if it contains each.
    pub fn words(&self) -> Vec<String> {
        fold(&self.0)
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    }
}

/// Folds a text for a search: letters that a person would call the same become the same (NFKC, lower case).
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    // The lower case of a composed letter may be decomposed: İ.
    nfkc.normalize(&nfkc.normalize(text).to_lowercase())
        .into_owned()
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

    #[test]
    fn blanks_stand_between_chinese_and_other_letters() {
        let spaced = |typed: &str| SearchText::parse(typed)?.spaced().map(|text| text.0);
        assert_eq!(spaced("第216课"), Some("第 216 课".to_owned()));
        assert_eq!(spaced("a课b"), Some("a 课 b".to_owned()));
        for typed in ["第 216 课", "产品评审", "class-7B", "课-7"] {
            assert_eq!(spaced(typed), None, "{typed}");
        }
    }

    #[test]
    fn either_form_of_a_letter_is_the_same() {
        assert_eq!(fold("Caf\u{e9}"), fold("cafe\u{301}"));
        assert_eq!(fold("ＡＢＣ１２"), "abc12");
        assert_eq!(fold("\u{130}"), fold("i\u{307}"));
        assert_eq!(fold("100%X1_"), "100%x1_");
        assert_eq!(fold("产品评审"), "产品评审");
    }
}
