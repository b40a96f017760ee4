//! Parses a name by the rule that made it.
//!
//! Every token but the room, the participant and the seconds has a fixed length, and the lengths add up
//! to the name's. So only the lengths of the participant's id and of the seconds are tried; the room's
//! follows. The cost is bounded for any name.

use super::{
    expand::{DATE_LENGTH, RANDOM_LENGTH, safe},
    parse::without_typed_extension,
    rule::{NamingRule, Part, Token},
};
use crate::{
    file::FileKind,
    room::{ParticipantId, RoomId},
};

/// The values of a rule's tokens in a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadBack {
    /// Four digits and letters.
    pub random: Option<String>,
    /// The day, `20180912`.
    pub date: Option<String>,
    /// Seconds.
    pub time: Option<String>,
    /// The room: the known one, or else as in the name, where characters that file systems refuse may
    /// have become `_`.
    pub room: Option<String>,
    /// The participant, as in the name.
    pub user: Option<String>,
}

/// The most digits of `{time}`.
const LONGEST_TIME: usize = 20;
/// The most characters of an extension, without its dot.
const LONGEST_EXTENSION: usize = 5;

impl NamingRule {
    /// Parses the name of a file of this kind; `None` if it does not follow the rule.
    ///
    /// The name may have an extension (1 to 5 letters and digits), and a frame `_` and a number before
    /// it. Where `{userid}` has no effect, it is empty or the token itself.
    ///
    /// A name is ambiguous if ids contain the characters between them. With `known_room` only names of
    /// that room match. Without it the participant is as short, then the seconds as long as possible.
    pub fn read_back(
        &self,
        file_name: &str,
        kind: FileKind,
        known_room: Option<&RoomId>,
    ) -> Option<ReadBack> {
        let reader = Reader {
            rule: self,
            kind,
            known: known_room.map(|room| (room.as_str(), safe(room.as_str()))),
        };
        stems(file_name, kind, self.has_extension())
            .into_iter()
            .find_map(|stem| reader.read(stem))
    }
}

/// The possible stems of a name without the platform's additions, likeliest first.
fn stems(name: &str, kind: FileKind, typed_extension: bool) -> Vec<&str> {
    let mut stems: Vec<&str> = without_extension(name).into_iter().chain([name]).collect();
    let mut cut_further = |cut: fn(&str) -> Option<&str>| {
        let cut: Vec<&str> = stems.iter().filter_map(|stem| cut(stem)).collect();
        stems.extend(cut);
    };
    if kind == FileKind::Frame {
        cut_further(without_count);
    }
    if typed_extension {
        // The platform may have kept the rule's extension and added its own.
        cut_further(without_typed_extension);
    }
    stems
}

fn without_extension(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let likely = (1..=LONGEST_EXTENSION).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    likely.then_some(stem)
}

fn without_count(stem: &str) -> Option<&str> {
    let (stem, count) = stem.rsplit_once('_')?;
    is_digits(count).then_some(stem)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether it is a date with month 1 to 12 and day 1 to 31.
fn is_date(text: &str) -> bool {
    let between = |range: std::ops::Range<usize>, least: &str, most: &str| {
        text.get(range)
            .is_some_and(|part| (least..=most).contains(&part))
    };
    is_digits(text) && between(4..6, "01", "12") && between(6..8, "01", "31")
}

struct Reader<'a> {
    rule: &'a NamingRule,
    kind: FileKind,
    /// The room's id, and its form in a file name.
    known: Option<(&'a str, String)>,
}

/// The bytes of the tokens of variable length.
#[derive(Clone, Copy)]
struct Lengths {
    room: usize,
    user: usize,
    time: usize,
}

impl Reader<'_> {
    fn read(&self, stem: &str) -> Option<ReadBack> {
        let times = self.rule.count(Token::Time);
        let users = self.rule.count(Token::UserId);
        let rest = stem.len().checked_sub(self.fixed())?;
        self.user_lengths(users).find_map(|user| {
            let rest = rest.checked_sub(users * user)?;
            let longest = if times == 0 { 0 } else { LONGEST_TIME };
            (times.min(1)..=longest).rev().find_map(|time| {
                let room = self.room_length(rest.checked_sub(times * time)?)?;
                self.fit(stem, Lengths { room, user, time })
            })
        })
    }

    /// The bytes of the parts of fixed length.
    fn fixed(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Literal(text) => text.len(),
            Part::Token(Token::Random) => RANDOM_LENGTH,
            Part::Token(Token::Date) => DATE_LENGTH,
            Part::Token(Token::Time | Token::RoomId | Token::UserId) => 0,
        };
        self.rule.parts().iter().map(length).sum()
    }

    /// The lengths to try, likeliest first.
    fn user_lengths(&self, users: usize) -> impl Iterator<Item = usize> + use<> {
        let ids = 1..ParticipantId::MAX_BYTES + 1;
        let none = 0..0;
        let (first, then, last) = match self.kind {
            _ if users == 0 => (Some(0), none, None),
            FileKind::Track => (None, ids, Some(0)),
            FileKind::Frame => (Some(0), ids, None),
            FileKind::Composite => (Some(0), none, Some(Token::UserId.as_str().len())),
        };
        first.into_iter().chain(then).chain(last)
    }

    /// The room's length, if all rooms in the name together have `bytes`.
    fn room_length(&self, bytes: usize) -> Option<usize> {
        let rooms = self.rule.count(Token::RoomId);
        if rooms == 0 {
            return (bytes == 0).then_some(0);
        }
        let length = bytes / rooms;
        (bytes.is_multiple_of(rooms) && (1..=RoomId::MAX_BYTES).contains(&length)).then_some(length)
    }

    /// The values, if the name follows the rule with these lengths.
    fn fit(&self, stem: &str, lengths: Lengths) -> Option<ReadBack> {
        let mut read = ReadBack::default();
        let mut left = stem;
        for part in self.rule.parts() {
            let token = match part {
                Part::Literal(text) => {
                    left = left.strip_prefix(text.as_str())?;
                    continue;
                }
                Part::Token(token) => *token,
            };
            let length = match token {
                Token::Random => RANDOM_LENGTH,
                Token::Date => DATE_LENGTH,
                Token::Time => lengths.time,
                Token::RoomId => lengths.room,
                Token::UserId => lengths.user,
            };
            let (text, behind) = left.split_at_checked(length)?;
            left = behind;
            let value = self.value(token, text)?;
            let slot = match token {
                Token::Random => &mut read.random,
                Token::Date => &mut read.date,
                Token::Time => &mut read.time,
                Token::RoomId => &mut read.room,
                Token::UserId => &mut read.user,
            };
            match slot {
                // The platform may draw twice.
                Some(_) if token == Token::Random => {}
                Some(before) if Some(&*before) != value.as_ref() => return None,
                _ => *slot = value,
            }
        }
        left.is_empty().then_some(read)
    }

    /// The value of `token` by `text`: outer `None` if it cannot be one, inner if the token had no effect.
    #[expect(
        clippy::option_option,
        reason = "the only caller, `fit`, distinguishes the two"
    )]
    fn value(&self, token: Token, text: &str) -> Option<Option<String>> {
        let fits = match token {
            Token::Random => text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Token::Date => is_date(text),
            Token::Time => is_digits(text),
            Token::RoomId => match &self.known {
                Some((spelt, in_name)) if text == in_name || text == *spelt => {
                    return Some(Some((*spelt).to_owned()));
                }
                Some(_) => false,
                None => RoomId::new(text).is_ok(),
            },
            Token::UserId => match self.kind {
                _ if text.is_empty() => return Some(None),
                FileKind::Composite | FileKind::Frame if text == token.as_str() => {
                    return Some(None);
                }
                FileKind::Composite => false,
                FileKind::Track | FileKind::Frame => ParticipantId::new(text).is_ok(),
            },
        };
        fits.then(|| Some(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
