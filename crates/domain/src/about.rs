//! What people say about a recording: title, tags, notes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{search::fold, title::title};

title!(
    /// The title of a recording, shown in place of its room's; may be empty.
    RecordingTitle
);

/// A tag, not empty. Two that differ in case only are the same.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

impl Tag {
    /// The limit in characters.
    pub const LONGEST: usize = 40;

    /// Parses a typed tag, without white space around it; `None` if it is empty, too long, or has a comma or a
    /// control character.
    pub fn parse(typed: &str) -> Option<Self> {
        let tag = typed.trim();
        let is_tag = !tag.is_empty()
            && tag.chars().count() <= Self::LONGEST
            && !tag
                .chars()
                .any(|letter| letter.is_control() || matches!(letter, ',' | '，'));
        is_tag.then(|| Self(tag.to_owned()))
    }

    /// The text, as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text by which tags are compared.
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl std::hash::Hash for Tag {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl TryFrom<String> for Tag {
    type Error = crate::title::BadTitle;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or(crate::title::BadTitle)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

/// The tags of a recording, in the order of their keys; at most [`Tags::MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// The most tags of a recording.
    pub const MOST: usize = 20;

    /// Parses tags between commas; `None` if one is no tag or there are too many.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed
            .split([',', '，'])
            .filter(|tag| !tag.trim().is_empty());
        let tags: Option<Vec<Tag>> = typed.map(Tag::parse).collect();
        Self::of(tags?)
    }

    /// These tags, each once; `None` if there are too many.
    pub fn of(tags: impl IntoIterator<Item = Tag>) -> Option<Self> {
        let by_key: BTreeMap<String, Tag> = tags.into_iter().map(|tag| (tag.key(), tag)).collect();
        (by_key.len() <= Self::MOST).then(|| Self(by_key.into_values().collect()))
    }

    /// The tags.
    pub fn as_slice(&self) -> &[Tag] {
        &self.0
    }
}

/// Notes: plain text on any number of lines; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Notes(String);

impl Notes {
    /// The limit in characters.
    pub const LONGEST: usize = 10_000;

    /// Parses typed notes, without white space around them; `None` if they are too long or have a control
    /// character other than a line break or a tab.
    pub fn parse(typed: &str) -> Option<Self> {
        let notes = typed.trim().replace("\r\n", "\n");
        let is_text = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
        let fits = notes.chars().count() <= Self::LONGEST && notes.chars().all(is_text);
        fits.then_some(Self(notes))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Notes {
    type Error = crate::title::BadTitle;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or(crate::title::BadTitle)
    }
}

impl From<Notes> for String {
    fn from(notes: Notes) -> Self {
        notes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_between_commas_and_each_is_once() {
        let tags = Tags::parse(" lesson，Fractions, LESSON,, ").unwrap();
        let texts: Vec<&str> = tags.as_slice().iter().map(Tag::as_str).collect();
        assert_eq!(texts, ["Fractions", "LESSON"]);
        assert_eq!(Tags::parse(""), Some(Tags::default()));
        assert_eq!(Tags::parse(&"界".repeat(41)), None);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        assert_eq!(Tags::parse(&many.join(",")), None);
        assert_eq!(Tag::parse("a\nb"), None);
    }

    #[test]
    fn notes_are_plain_text() {
        let parse = |typed: &str| Notes::parse(typed).map(String::from);
        assert_eq!(parse(" a\r\nb\tc "), Some("a\nb\tc".to_owned()));
        assert_eq!(parse("a\u{7}b"), None);
        assert!(parse(&"界".repeat(10_001)).is_none());
    }
}
