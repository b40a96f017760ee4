//! Rooms and the people in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{title::title, words::as_text};

/// The error of text that is not the id of a room or of a participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Blank text.
    #[error("empty")]
    Empty,
    /// Text over the limit in bytes of UTF-8.
    #[error("longer than {0} bytes")]
    TooLong(usize),
    /// Text with a control character, for example a line break.
    #[error("contains a control character")]
    Control,
}

fn check(text: &str, longest: usize) -> Result<(), BadName> {
    if text.trim().is_empty() {
        Err(BadName::Empty)
    } else if text.len() > longest {
        Err(BadName::TooLong(longest))
    } else if text.chars().any(char::is_control) {
        Err(BadName::Control)
    } else {
        Ok(())
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $longest:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The limit in bytes of UTF-8; the platform has none.
            pub const MAX_BYTES: usize = $longest;

            /// Accepts text that is not blank, not over [`Self::MAX_BYTES`] and without control
            /// characters, and keeps it unchanged.
            pub fn new(text: impl Into<String>) -> Result<Self, BadName> {
                let text = text.into();
                check(&text, Self::MAX_BYTES)?;
                Ok(Self(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        as_text!($name, BadName, |text| Self::new(text));
    };
}

name!(
    /// A room id of an app (`ArRoomID`, `groupId`).
    RoomId,
    128
);
name!(
    /// A participant's id (`userId`): a user of the platform, not an account of Reelroom.
    ParticipantId,
    256
);

title!(
    /// The title of a room, shown in place of its id; may be empty.
    RoomTitle
);

impl RoomId {
    /// A title of the room, or else its id.
    pub fn titled<'a>(&'a self, title: &'a str) -> &'a str {
        if title.is_empty() {
            self.as_str()
        } else {
            title
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_eighty_characters_on_one_line() {
        let parse = |typed: &str| RoomTitle::parse(typed).map(String::from);
        assert_eq!(parse("  小会议室 "), Ok("小会议室".to_owned()));
        assert_eq!(parse(" "), Ok(String::new()));
        assert!(parse(&"界".repeat(80)).is_ok());
        assert_eq!(parse(&"界".repeat(81)), Err(crate::title::BadTitle));
        assert_eq!(parse("a\nb"), Err(crate::title::BadTitle));
    }

    #[test]
    fn any_script_and_spacing_is_kept_unchanged() {
        for text in ["board-weekly", "客服培训", "a b&c+d/e?", " padded "] {
            assert_eq!(RoomId::new(text).map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn invalid_rooms() {
        assert_eq!(RoomId::new("  "), Err(BadName::Empty));
        assert_eq!(RoomId::new("a\nb"), Err(BadName::Control));
        assert_eq!(RoomId::new("界".repeat(43)), Err(BadName::TooLong(128)));
        assert!(RoomId::new("界".repeat(42)).is_ok());
    }
}
