//! A rule and its parts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the platform replaces by a value of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Token {
    /// Four digits and letters.
    Random,
    /// The day, `20180912`.
    Date,
    /// Seconds; of what, the platform does not say.
    Time,
    /// The room's id.
    RoomId,
    /// The participant's id, on tracks only.
    UserId,
}

impl Token {
    /// Every token, in the order of the platform's document.
    pub const ALL: [Self; 5] = [
        Self::Random,
        Self::Date,
        Self::Time,
        Self::RoomId,
        Self::UserId,
    ];

    /// As it stands in a rule: `{random}`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Random => "{random}",
            Self::Date => "{date}",
            Self::Time => "{time}",
            Self::RoomId => "{roomid}",
            Self::UserId => "{userid}",
        }
    }

    /// Without the braces: `random`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Date => "date",
            Self::Time => "time",
            Self::RoomId => "roomid",
            Self::UserId => "userid",
        }
    }

    /// The token of that name, without braces. Case counts.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|token| token.name() == name)
    }
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that every name has.
    Literal(String),
    /// Text that the platform fills in.
    Token(Token),
}

/// A rule that the platform takes and whose names a file system takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamingRule {
    pub(super) text: String,
    /// Without the extension that the text may end in.
    pub(super) parts: Vec<Part>,
}

impl NamingRule {
    /// The platform's own default.
    pub const DEFAULT: &str = "ar_{roomid}_{date}_{random}";
    /// The longest text that is looked at and kept as a rule, finished or not. Bytes of UTF-8.
    pub const MAX_BYTES: usize = 1024;
    /// As many parameters as the platform takes.
    pub const MAX_TOKENS: usize = 5;
    /// As many underscores as the platform wants at least ("two levels").
    pub const MIN_UNDERSCORES: usize = 2;
    /// The longest name in bytes, extension included, that common file systems take.
    pub const MAX_NAME_BYTES: usize = 255;

    /// The rule as it was typed, and as the platform gets it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its literals and tokens in order, without the `.mp4` that the text may end in: every name
    /// gets the extension of its kind.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether `token` stands in it.
    pub fn has(&self, token: Token) -> bool {
        self.count(token) > 0
    }

    /// How often `token` stands in it.
    pub(super) fn count(&self, token: Token) -> usize {
        let wanted = Part::Token(token);
        self.parts.iter().filter(|part| **part == wanted).count()
    }
}

impl Default for NamingRule {
    /// [`NamingRule::DEFAULT`].
    fn default() -> Self {
        let literal = |text: &str| Part::Literal(text.to_owned());
        Self {
            text: Self::DEFAULT.to_owned(),
            parts: vec![
                literal("ar_"),
                Part::Token(Token::RoomId),
                literal("_"),
                Part::Token(Token::Date),
                literal("_"),
                Part::Token(Token::Random),
            ],
        }
    }
}

impl fmt::Display for NamingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<NamingRule> for String {
    fn from(rule: NamingRule) -> Self {
        rule.text
    }
}

/// Characters that Windows, macOS or a POSIX system refuse in a file name.
pub(super) fn is_bad(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'
        )
}
