//! The fields of a start form, beside the naming rule, and their rules for page and server.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    naming::NamingRule,
    typed::number,
    words::{as_str, words},
};

words!(FormField);

/// The start form of a room, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StartForm {
    /// The naming rule, as typed.
    pub rule: String,
    /// The storage path on a private cloud, as typed.
    pub path: String,
    /// The user's own data, as typed.
    pub user_data: String,
    /// The platform's `Type`.
    pub kind: String,
    /// The minutes after which it stops by itself, as typed; empty: not by time.
    pub stop_after: String,
    /// Whether it stops when the meeting ends.
    pub stop_at_end: bool,
}

impl StartForm {
    /// The bytes of its text.
    pub const fn text_bytes(&self) -> usize {
        self.rule.len()
            + self.path.len()
            + self.user_data.len()
            + self.kind.len()
            + self.stop_after.len()
    }
}

/// A relative storage path without `..`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoragePath(String);

as_str!(StoragePath);

/// The error of text that is not a storage path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// An absolute path.
    #[error("not relative")]
    Absolute,
    /// A path with `..`.
    #[error("leads up")]
    Up,
    /// A path with a colon, as in a drive or an address.
    #[error("names a drive")]
    Drive,
    /// A path with a control character, for example a line break.
    #[error("contains a control character")]
    Control,
    /// Over [`StoragePath::MAX_BYTES`].
    #[error("too long")]
    TooLong,
}

impl StoragePath {
    /// The limit in bytes of UTF-8; the platform has none.
    pub const MAX_BYTES: usize = 1024;

    /// Parses a typed path, without white space around it; `None` if it is blank.
    pub fn parse(typed: &str) -> Result<Option<Self>, BadPath> {
        let path = typed.trim();
        if path.starts_with(['/', '\\']) {
            Err(BadPath::Absolute)
        } else if path.split(['/', '\\']).any(|step| step.trim() == "..") {
            Err(BadPath::Up)
        } else if path.contains(':') {
            Err(BadPath::Drive)
        } else if path.chars().any(char::is_control) {
            Err(BadPath::Control)
        } else if path.len() > Self::MAX_BYTES {
            Err(BadPath::TooLong)
        } else {
            Ok((!path.is_empty()).then(|| Self(path.to_owned())))
        }
    }
}

/// The error of text that is not a number of minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a whole number from 1 to {LONGEST_MINUTES}")]
pub struct BadMinutes;

/// The most minutes: a day.
pub const LONGEST_MINUTES: i64 = 24 * 60;

/// Parses typed minutes as milliseconds; `None` if blank.
pub fn stop_after(typed: &str) -> Result<Option<i64>, BadMinutes> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let minutes = number(typed, 1..=LONGEST_MINUTES).ok_or(BadMinutes)?;
            Ok(Some(minutes * 60_000))
        }
    }
}

/// The limit of user data in bytes of UTF-8; the platform has none.
pub const USER_DATA_BYTES: usize = 16 * 1024;

/// The limit of a type in bytes of UTF-8; the platform has none.
pub const KIND_BYTES: usize = 64;

/// Whether a typed type is not among those of its app; blank text is not a type.
pub fn is_unlisted(kinds: &[String], typed: &str) -> bool {
    let kind = typed.trim();
    !kind.is_empty() && !kinds.iter().any(|listed| listed == kind)
}

/// The limit of the text of minutes in bytes.
pub const MINUTES_BYTES: usize = 32;

/// A field of the start form that holds text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FormField {
    /// The naming rule.
    Rule,
    /// The storage path.
    Path,
    /// The user's own data.
    UserData,
    /// The type.
    Kind,
    /// The minutes after which it stops.
    StopAfter,
}

impl FormField {
    /// Every field.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The limit in bytes of UTF-8.
    pub const fn max_bytes(self) -> usize {
        match self {
            Self::Rule => NamingRule::MAX_BYTES,
            Self::Path => StoragePath::MAX_BYTES,
            Self::UserData => USER_DATA_BYTES,
            Self::Kind => KIND_BYTES,
            Self::StopAfter => MINUTES_BYTES,
        }
    }

    fn of(self, form: &mut StartForm) -> &mut String {
        match self {
            Self::Rule => &mut form.rule,
            Self::Path => &mut form.path,
            Self::UserData => &mut form.user_data,
            Self::Kind => &mut form.kind,
            Self::StopAfter => &mut form.stop_after,
        }
    }
}

/// A start form whose fields are within their limits, though maybe invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(StartForm);

impl Draft {
    /// The form as typed, or else the fields over their limit.
    pub fn parse(mut typed: StartForm) -> Result<Self, Vec<FormField>> {
        let over: Vec<FormField> = FormField::ALL
            .iter()
            .copied()
            .filter(|field| field.of(&mut typed).len() > field.max_bytes())
            .collect();
        if over.is_empty() {
            Ok(Self(typed))
        } else {
            Err(over)
        }
    }

    /// The form with each field cut at its limit, for one that was stored before there were limits.
    pub fn cut(mut kept: StartForm) -> Self {
        for &field in FormField::ALL {
            let text = field.of(&mut kept);
            text.truncate(text.floor_char_boundary(field.max_bytes()));
        }
        Self(kept)
    }

    /// The form.
    pub const fn form(&self) -> &StartForm {
        &self.0
    }
}

impl From<Draft> for StartForm {
    fn from(draft: Draft) -> Self {
        draft.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_between_a_minute_and_a_day_later() {
        assert_eq!(stop_after(" "), Ok(None));
        assert_eq!(stop_after(" 90 "), Ok(Some(5_400_000)));
        assert_eq!(stop_after("1440"), Ok(Some(86_400_000)));
        for typed in ["0", "1441", "-1", "1.5", "an hour", "99999999999999999999"] {
            assert_eq!(stop_after(typed), Err(BadMinutes), "{typed}");
        }
    }

    #[test]
    fn a_type_is_listed_as_it_is_sent() {
        let kinds = ["Meet".to_owned(), "Live".to_owned()];
        for typed in ["Meet", " Live ", " "] {
            assert!(!is_unlisted(&kinds, typed), "{typed}");
        }
        assert!(is_unlisted(&kinds, "live") && is_unlisted(&kinds, "Meeet"));
    }

    #[test]
    fn a_path_is_relative_and_stays_below() {
        let parse = |typed: &str| StoragePath::parse(typed).map(|path| path.map(String::from));
        assert_eq!(parse("  "), Ok(None));
        for path in ["recordings/board", "a..b", "...", "录像/2026", "a b/c"] {
            assert_eq!(parse(path), Ok(Some(path.to_owned())));
        }
        for (path, wrong) in [
            ("/etc", BadPath::Absolute),
            ("\\\\host", BadPath::Absolute),
            ("..", BadPath::Up),
            ("a/../../b", BadPath::Up),
            ("a\\..\\b", BadPath::Up),
            ("a/.. /b", BadPath::Up),
            ("C:\\x", BadPath::Drive),
            ("a\nb", BadPath::Control),
        ] {
            assert_eq!(parse(path), Err(wrong), "{path}");
        }
        assert_eq!(parse(&"界".repeat(342)), Err(BadPath::TooLong));
        assert!(parse(&"界".repeat(341)).is_ok());
    }

    #[test]
    fn a_draft_holds_any_text_within_its_limit() {
        for &field in FormField::ALL {
            let with = |text: String| {
                let mut form = StartForm::default();
                *field.of(&mut form) = text;
                form
            };
            let fits = with("x".repeat(field.max_bytes()));
            assert_eq!(Draft::parse(fits.clone()).unwrap().form(), &fits);
            let over = with("x".repeat(field.max_bytes() + 1));
            assert_eq!(Draft::parse(over.clone()), Err(vec![field]));
            assert_eq!(Draft::cut(over).form(), &fits, "{}", field.as_str());
            // No character is cut in two.
            let wide = with("界".repeat(field.max_bytes()));
            assert_eq!(
                field.of(&mut Draft::cut(wide).into()).chars().count(),
                field.max_bytes() / 3
            );
        }
        let all = StartForm {
            rule: "x".repeat(2000),
            path: "x".repeat(2000),
            ..StartForm::default()
        };
        assert_eq!(
            Draft::parse(all),
            Err(vec![FormField::Rule, FormField::Path])
        );
    }
}
