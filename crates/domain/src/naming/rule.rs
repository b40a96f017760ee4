//! A rule and its parts.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A token that the platform replaces by a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase", prefix = "{", suffix = "}")]
pub enum Token {
    /// Four digits and letters.
    Random,
    /// The day, `20180912`.
    Date,
    /// Seconds; their start is not documented.
    Time,
    /// The room's id.
    RoomId,
    /// The participant's id, on tracks only.
    UserId,
}

impl Token {
    /// Every token, in the order of the platform's document.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// Its text in a rule: `{random}`.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Its name without braces: `random`.
    pub fn name(self) -> &'static str {
        self.as_str().trim_matches(['{', '}'])
    }

    /// The token of that name without braces; case-sensitive.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// A part of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Literal text.
    Literal(String),
    /// A token.
    Token(Token),
}

/// A rule that the platform accepts and whose names file systems accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamingRule {
    pub(super) text: String,
    /// Without the extension of the text.
    pub(super) parts: Vec<Part>,
}

impl NamingRule {
    /// The platform's own default.
    pub const DEFAULT: &str = "ar_{roomid}_{date}_{random}";
    /// The limit of the text of a rule, valid or not, in bytes of UTF-8.
    pub const MAX_BYTES: usize = 1024;
    /// The most tokens that the platform accepts.
    pub const MAX_TOKENS: usize = 5;
    /// The fewest underscores that the platform accepts ("two levels").
    pub const MIN_UNDERSCORES: usize = 2;
    /// The limit of a name with its extension on common file systems, in bytes.
    pub const MAX_NAME_BYTES: usize = 255;

    /// The text of the rule, as sent to the platform.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its literals and tokens in order, without a `.mp4` at the end: every name gets the extension of its
    /// kind.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether it contains `token`.
    pub fn has(&self, token: Token) -> bool {
        self.count(token) > 0
    }

    /// The number of its `token`s.
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

/// Characters that Windows, macOS or a POSIX system refuse in a file name.
pub(super) fn is_bad(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'
        )
}
