//! Makes names by a rule.

use serde::{Deserialize, Serialize};

use super::rule::{NamingRule, Part, Token, is_bad};
use crate::{
    file::FileKind,
    room::{ParticipantId, RoomId},
};

/// The length of `{random}`: digits and ASCII letters.
pub(super) const RANDOM_LENGTH: usize = 4;
/// The length of `{date}`: digits.
pub(super) const DATE_LENGTH: usize = 8;
/// The bytes of the longest [`extension`].
pub(super) const LONGEST_EXTENSION: usize = 4;

/// The extension of a file of this kind, with its dot.
pub const fn extension(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Composite | FileKind::Track => ".mp4",
        FileKind::Frame => ".jpg",
    }
}

/// The values of the tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// Four digits and letters.
    pub random: String,
    /// The day, `20180912`.
    pub date: String,
    /// Seconds.
    pub time: String,
    /// The room.
    pub room: RoomId,
    /// The participant of a track.
    pub user: Option<ParticipantId>,
}

/// The form of `{time}`, which the documents do not state (`VENDOR.md` §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeForm {
    /// No file has had one yet.
    #[default]
    Unknown,
    /// Seconds since 1970.
    Unix,
    /// Seconds of the day.
    OfDay,
}

impl TimeForm {
    /// The form of a value in a file name.
    pub fn of(digits: &str) -> Self {
        match digits.parse::<u64>() {
            Ok(seconds) if seconds < 86_400 => Self::OfDay,
            Ok(_) => Self::Unix,
            Err(_) => Self::Unknown,
        }
    }
}

/// A piece of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text, never empty.
    pub text: String,
    /// The token that it was made from; `None` for literal text.
    pub token: Option<Token>,
}

impl NamingRule {
    /// The name of a file without its extension, in pieces.
    ///
    /// `{userid}` is empty except on tracks. Characters of ids that file systems refuse become `_`; the
    /// platform's treatment of them is not documented.
    pub fn expand(&self, values: &Values, kind: FileKind) -> Vec<Piece> {
        let piece = |part: &Part| {
            let (text, token) = match part {
                Part::Literal(text) => (text.clone(), None),
                Part::Token(token) => (value(*token, values, kind), Some(*token)),
            };
            (!text.is_empty()).then_some(Piece { text, token })
        };
        self.parts.iter().filter_map(piece).collect()
    }

    /// The whole name of a file: its pieces and the extension of its kind.
    pub fn file_name(&self, values: &Values, kind: FileKind) -> String {
        let pieces = self.expand(values, kind);
        let mut name: String = pieces.into_iter().map(|piece| piece.text).collect();
        name.push_str(extension(kind));
        name
    }
}

fn value(token: Token, values: &Values, kind: FileKind) -> String {
    match token {
        Token::Random => values.random.clone(),
        Token::Date => values.date.clone(),
        Token::Time => values.time.clone(),
        Token::RoomId => safe(values.room.as_str()),
        Token::UserId => match (&values.user, kind) {
            (Some(user), FileKind::Track) => safe(user.as_str()),
            _ => String::new(),
        },
    }
}

/// An id as a part of a file name, with `_` for characters that file systems refuse.
pub(super) fn safe(id: &str) -> String {
    id.replace(is_bad, "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(room: &str) -> Values {
        Values {
            random: "a7Kd".to_owned(),
            date: "20180912".to_owned(),
            time: "46987".to_owned(),
            room: RoomId::new(room).unwrap(),
            user: ParticipantId::new("u/1").ok(),
        }
    }

    fn name(rule: &str, kind: FileKind) -> String {
        NamingRule::parse(rule)
            .unwrap()
            .file_name(&values("客服 培训"), kind)
    }

    #[test]
    fn each_kind_has_its_name() {
        let rule = "x_{random}_{date}_{time}_{roomid}_{userid}_y.mp4";
        assert_eq!(
            FileKind::ALL.map(|kind| name(rule, kind)),
            [
                "x_a7Kd_20180912_46987_客服 培训__y.mp4",
                "x_a7Kd_20180912_46987_客服 培训_u_1_y.mp4",
                "x_a7Kd_20180912_46987_客服 培训__y.jpg",
            ]
        );
    }

    #[test]
    fn an_extension_in_the_rule_is_not_doubled() {
        assert_eq!(name("a_b_c", FileKind::Composite), "a_b_c.mp4");
        assert_eq!(name("a_b_c.MP4", FileKind::Composite), "a_b_c.mp4");
    }

    #[test]
    fn pieces_name_their_token() {
        let pieces = NamingRule::default().expand(&values(r"a/b\c:d"), FileKind::Composite);
        let pieces: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.text.as_str(), piece.token))
            .collect();
        assert_eq!(
            pieces,
            [
                ("ar_", None),
                ("a_b_c_d", Some(Token::RoomId)),
                ("_", None),
                ("20180912", Some(Token::Date)),
                ("_", None),
                ("a7Kd", Some(Token::Random)),
            ]
        );
    }
}
