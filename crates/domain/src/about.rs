//! The title, the tags and the notes that people give a recording.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::{
    search::fold,
    time::Timestamp,
    title::{BadTitle, title},
    typed::{all_of, line},
    words::as_text,
};

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
        let tag = line(typed, 1..=Self::LONGEST)?;
        (!tag.contains([',', '，'])).then_some(Self(tag))
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

as_text!(Tag, BadTitle, |text| Self::parse(&text).ok_or(BadTitle));

/// The tags of a recording, in the order of their keys; at most [`Tags::MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tags(Vec<Tag>);

impl Tags {
    /// The most tags of a recording.
    pub const MOST: usize = 20;

    /// Parses tags between commas; `None` if one is no tag or there are too many.
    pub fn parse(typed: &str) -> Option<Self> {
        Self::of(Self::each(typed)?)
    }

    /// The tags between commas; `None` if one is no tag.
    fn each(typed: &str) -> Option<Vec<Tag>> {
        let typed = typed
            .split([',', '，'])
            .filter(|tag| !tag.trim().is_empty());
        typed.map(Tag::parse).collect()
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

    /// These tags with `add` and without `remove`; `None` if there are too many. What is in both is added, and a
    /// tag that is there keeps its spelling.
    pub fn changed(&self, add: &Self, remove: &Self) -> Option<Self> {
        let kept = self.without(remove);
        Self::of(add.0.iter().cloned().chain(kept))
    }

    /// These tags without others.
    fn without(&self, others: &Self) -> Vec<Tag> {
        let tags = self.0.iter().filter(|tag| !others.0.contains(tag));
        tags.cloned().collect()
    }
}

impl std::fmt::Display for Tags {
    /// As they are typed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tags: Vec<&str> = self.0.iter().map(Tag::as_str).collect();
        f.write_str(&tags.join(", "))
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
}

as_text!(Notes, BadTitle, |text| Self::parse(&text).ok_or(BadTitle));

/// The title, the tags and the notes that people give a recording.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// Its title.
    pub title: RecordingTitle,
    /// Its tags.
    pub tags: Tags,
    /// Its notes.
    pub notes: Notes,
}

impl About {
    /// The changes from this to `to`.
    pub fn changes(&self, to: &Self) -> Vec<AboutChange> {
        let title = (self.title != to.title).then(|| AboutChange::Title {
            from: self.title.clone(),
            to: to.title.clone(),
        });
        let tags = (self.tags != to.tags).then(|| AboutChange::Tags {
            added: to.tags.without(&self.tags),
            removed: self.tags.without(&to.tags),
        });
        let notes = (self.notes != to.notes).then_some(AboutChange::Notes);
        [title, tags, notes].into_iter().flatten().collect()
    }
}

/// A change of the title, the tags or the notes of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AboutChange {
    /// Another title.
    Title {
        /// The title before; may be empty.
        from: RecordingTitle,
        /// The title since then; may be empty.
        to: RecordingTitle,
    },
    /// Other tags.
    Tags {
        /// The new ones.
        added: Vec<Tag>,
        /// Those that are gone.
        removed: Vec<Tag>,
    },
    /// Other notes. The words that are gone are not kept.
    Notes,
}

impl AboutChange {
    /// The name of what changed.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// The form of the title, the tags and the notes, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AboutForm {
    /// The title.
    pub title: String,
    /// The tags, between commas.
    pub tags: String,
    /// The notes.
    pub notes: String,
}

/// A problem of a field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AboutProblem {
    /// The title is too long or not on one line.
    Title,
    /// A tag is too long, or has a control character.
    Tag,
    /// There are too many tags.
    TooManyTags,
    /// The notes are too long, or have a control character.
    Notes,
}

impl AboutForm {
    /// Parses the form, or returns a problem of each wrong field.
    pub fn parse(&self) -> Result<About, Vec<AboutProblem>> {
        let title = RecordingTitle::parse(&self.title).map_err(|_| AboutProblem::Title);
        let tags = Tags::each(&self.tags).ok_or(AboutProblem::Tag);
        let tags = tags.and_then(|tags| Tags::of(tags).ok_or(AboutProblem::TooManyTags));
        let notes = Notes::parse(&self.notes).ok_or(AboutProblem::Notes);
        all_of!(About: title, tags, notes)
    }
}

impl From<&About> for AboutForm {
    fn from(about: &About) -> Self {
        Self {
            title: about.title.as_str().to_owned(),
            tags: about.tags.to_string(),
            notes: about.notes.as_str().to_owned(),
        }
    }
}

/// The title, the tags and the notes of a recording, for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutView {
    /// The title, the tags and the notes.
    pub about: About,
    /// When the notes were last changed, and the name of the account.
    pub noted: Option<(Timestamp, String)>,
    /// When the account opened it first.
    pub seen_at: Option<Timestamp>,
    /// Whether the account may change it.
    pub may_change: bool,
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

    fn form(title: &str, tags: &str, notes: &str) -> AboutForm {
        let (title, tags, notes) = (title.to_owned(), tags.to_owned(), notes.to_owned());
        AboutForm { title, tags, notes }
    }

    #[test]
    fn each_wrong_field_has_its_problem() {
        use AboutProblem as P;
        let long = "界".repeat(10_001);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        for (title, tags, notes, problems) in [
            ("", "", "", vec![]),
            ("a\nb", "x,y", "a\nb", vec![P::Title]),
            (&long, &long, &long, vec![P::Title, P::Tag, P::Notes]),
            ("a", &many.join(","), "", vec![P::TooManyTags]),
        ] {
            let found = form(title, tags, notes).parse().err();
            assert_eq!(found.unwrap_or_default(), problems);
        }
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let about = |title, tags, notes| form(title, tags, notes).parse().unwrap();
        let from = about("", "lesson, b", "x");
        assert_eq!(AboutForm::from(&from).parse(), Ok(from.clone()));
        assert_eq!(from.changes(&about("", "B, LESSON", " x ")), []);
        let to = about("Fractions", "b, c", "");
        let tags = |typed: &str| Tags::parse(typed).unwrap().0;
        let expected = [
            AboutChange::Title {
                from: RecordingTitle::default(),
                to: to.title.clone(),
            },
            AboutChange::Tags {
                added: tags("c"),
                removed: tags("lesson"),
            },
            AboutChange::Notes,
        ];
        assert_eq!(from.changes(&to), expected);
        for change in expected {
            let text = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<AboutChange>(&text).unwrap(), change);
        }
    }

    #[test]
    fn tags_are_added_and_removed_at_once() {
        let tags = |typed: &str| Tags::parse(typed).unwrap();
        let changed = tags("Lesson, b").changed(&tags("LESSON, c"), &tags("b, c"));
        assert_eq!(changed.unwrap().to_string(), "c, Lesson");
        let full: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let full = tags(&full.join(","));
        assert_eq!(full.changed(&tags("x"), &Tags::default()), None);
        assert!(full.changed(&tags("x"), &tags("0")).is_some());
    }
}
