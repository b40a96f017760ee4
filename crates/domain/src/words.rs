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

/// Implements how types of checked text are read as text.
macro_rules! as_str {
    ($name:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }
    };
}

/// As `as_str`, and implements the conversion by which `serde` reads such a type.
macro_rules! as_text {
    ($name:ident, $error:ty, |$text:ident| $read:expr) => {
        $crate::words::as_str!($name);

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from($text: String) -> Result<Self, $error> {
                $read
            }
        }
    };
}

pub(crate) use as_str;
pub(crate) use as_text;
pub(crate) use words;

#[cfg(test)]
mod tests {
    use std::{fmt::Debug, str::FromStr};

    use strum::VariantArray;

    use crate::{
        access::Right,
        act::{ActGroup, ExportForm, SettingsChange},
        callback::{CallbackKind, Verdict},
        file::{FileKind, FileState, Media},
        inbox::{InboxOnly, InboxTab},
        meeting::What,
        order::FormField,
        preset::{DefaultFor, Move},
        recording::{Origin, RecordingState},
        user::Role,
        watch::AlertKind,
    };

    /// Checks the words of all variants, in their order.
    fn spells<T>(words: &str)
    where
        T: VariantArray + FromStr<Err: Debug> + Into<&'static str> + PartialEq + Debug + Copy,
    {
        let all: Vec<&'static str> = T::VARIANTS.iter().map(|one| (*one).into()).collect();
        assert_eq!(all.join(" "), words);
        for (one, word) in T::VARIANTS.iter().zip(all) {
            assert_eq!(word.parse::<T>().unwrap(), *one);
        }
        assert!("Nonsense".parse::<T>().is_err());
    }

    #[test]
    fn stored_and_posted_words_are_stable() {
        spells::<CallbackKind>("av status");
        spells::<Verdict>("accepted duplicate unrecognised malformed");
        spells::<FileKind>("composite track frame");
        spells::<Media>("audio video image unknown");
        spells::<FileState>("remote fetching archived failed blocked gone purged");
        spells::<FormField>("rule path user_data kind stop_after");
        spells::<Right>("download delete release share export");
        spells::<ActGroup>(
            "sign_in failed_sign_in watched downloaded people settings recordings keeping",
        );
        spells::<ExportForm>("csv jsonl");
        spells::<SettingsChange>(
            "app_added app_changed app_removed host_allowed time_limits sign_in_rules keeping keep \
             rule_saved rule_moved rule_looked_at rule_on rule_off rule_removed \
             retention_on retention_off retention_time view_shared view_unshared",
        );
        spells::<DefaultFor>("room all");
        spells::<Move>("up down");
        spells::<Origin>("started auto_recorded");
        spells::<RecordingState>(
            "requested recording stopping awaiting_files ready failed unknown overdue",
        );
        spells::<Role>("viewer auditor operator admin");
        spells::<AlertKind>("not_recorded empty_room no_sign too_long files_gone");
        // The first of each is the absence of a word.
        spells::<InboxTab>(" unrecognised malformed auto duplicate accepted");
        spells::<InboxOnly>(" files status tests dealt looked_up");
        spells::<What>("on begin end online offline screen_on screen_off");
    }
}
