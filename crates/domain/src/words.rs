//! The words of enums in the database, in addresses and in forms, derived by `strum`, and types of text.

/// Makes `as_str` and `parse` of enums that derive `IntoStaticStr` and `EnumString`.
macro_rules! words {
    ($($name:ident),+) => {$(
        impl $name {
            /// Its word in the database, in addresses and in forms.
            pub fn as_str(self) -> &'static str {
                self.into()
            }

            /// The variant of that word.
            pub fn parse(word: &str) -> Option<Self> {
                word.parse().ok()
            }
        }
    )+};
}

/// Implements the conversions by which `serde` reads and writes a type of checked text.
macro_rules! as_text {
    ($name:ident, $error:ty, |$text:ident| $read:expr) => {
        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from($text: String) -> Result<Self, $error> {
                $read
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }
    };
}

pub(crate) use as_text;
pub(crate) use words;

#[cfg(test)]
mod tests {
    use std::{fmt::Debug, str::FromStr};

    use crate::{
        access::Right as T,
        act::{ActGroup as G, ExportForm as E, SettingsChange as P},
        callback::{CallbackKind as C, Verdict as V},
        file::{FileKind as K, FileState as F, Media as M},
        order::FormField as O,
        preset::{DefaultFor as D, Move},
        recording::{Origin, RecordingState as S},
        user::Role as R,
        watch::AlertKind as A,
    };

    fn spells<T, const N: usize>(all: [(T, &str); N])
    where
        T: FromStr<Err: Debug> + Into<&'static str> + PartialEq + Debug + Copy,
    {
        for (one, word) in all {
            assert_eq!(one.into(), word);
            assert_eq!(word.parse::<T>().unwrap(), one);
        }
        assert!("Nonsense".parse::<T>().is_err());
    }

    #[test]
    fn stored_and_posted_words_are_stable() {
        spells([(C::Av, "av"), (C::Status, "status")]);
        spells([
            (V::Accepted, "accepted"),
            (V::Duplicate, "duplicate"),
            (V::Unrecognised, "unrecognised"),
            (V::Malformed, "malformed"),
        ]);
        spells([
            (K::Composite, "composite"),
            (K::Track, "track"),
            (K::Frame, "frame"),
        ]);
        spells([
            (M::Audio, "audio"),
            (M::Video, "video"),
            (M::Image, "image"),
            (M::Unknown, "unknown"),
        ]);
        spells([
            (F::Remote, "remote"),
            (F::Fetching, "fetching"),
            (F::Archived, "archived"),
            (F::Failed, "failed"),
            (F::Blocked, "blocked"),
            (F::Gone, "gone"),
            (F::Purged, "purged"),
        ]);
        spells([
            (O::Rule, "rule"),
            (O::Path, "path"),
            (O::UserData, "user_data"),
            (O::Kind, "kind"),
            (O::StopAfter, "stop_after"),
        ]);
        spells([
            (T::Download, "download"),
            (T::Delete, "delete"),
            (T::Release, "release"),
            (T::Share, "share"),
            (T::Export, "export"),
        ]);
        spells([
            (G::SignIn, "sign_in"),
            (G::FailedSignIn, "failed_sign_in"),
            (G::Watched, "watched"),
            (G::Downloaded, "downloaded"),
            (G::People, "people"),
            (G::Settings, "settings"),
            (G::Recordings, "recordings"),
        ]);
        spells([(E::Csv, "csv"), (E::Jsonl, "jsonl")]);
        spells([
            (P::AppAdded, "app_added"),
            (P::AppChanged, "app_changed"),
            (P::AppRemoved, "app_removed"),
            (P::HostAllowed, "host_allowed"),
            (P::TimeLimits, "time_limits"),
            (P::SignInRules, "sign_in_rules"),
            (P::Keeping, "keeping"),
            (P::ViewShared, "view_shared"),
            (P::ViewUnshared, "view_unshared"),
        ]);
        spells([(D::Room, "room"), (D::All, "all")]);
        spells([(Move::Up, "up"), (Move::Down, "down")]);
        spells([
            (Origin::Started, "started"),
            (Origin::AutoRecorded, "auto_recorded"),
        ]);
        spells([
            (S::Requested, "requested"),
            (S::Recording, "recording"),
            (S::Stopping, "stopping"),
            (S::AwaitingFiles, "awaiting_files"),
            (S::Ready, "ready"),
            (S::Failed, "failed"),
            (S::Unknown, "unknown"),
            (S::Overdue, "overdue"),
        ]);
        spells([
            (R::Viewer, "viewer"),
            (R::Auditor, "auditor"),
            (R::Operator, "operator"),
            (R::Admin, "admin"),
        ]);
        spells([
            (A::NotRecorded, "not_recorded"),
            (A::EmptyRoom, "empty_room"),
            (A::NoSign, "no_sign"),
            (A::TooLong, "too_long"),
            (A::FilesGone, "files_gone"),
        ]);
    }
}
