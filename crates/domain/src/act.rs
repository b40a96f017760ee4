//! The history of access: who did what.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    ids::{AppId, FileId, RecordingId, UserId},
    room::RoomId,
    search::SearchText,
    time::Timestamp,
    usage::DAY,
    words::words,
};

words!(ActKind, ActGroup, SettingsChange, ExportForm);

/// The kind of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ActKind {
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Sign-in failed: a wrong name, password or code. Gathered by name and address.
    WrongSignIn,
    /// Sign-in was refused though the password was right: the account is disabled, or passwords are off.
    SignInRefused,
    /// Set a password, its own or by a one-time link.
    PasswordSet,
    /// Switched its second factor on.
    SecondFactorOn,
    /// Switched a second factor off, its own or as an administrator.
    SecondFactorOff,
    /// Used a recovery code.
    RecoveryCodeUsed,
    /// Made recovery codes.
    RecoveryCodesMade,
    /// Made a one-time link for the account of the subject.
    LinkMade,
    /// Added the account of the subject.
    AccountAdded,
    /// Changed the name, role or rights of the subject.
    AccountChanged,
    /// Disabled the account of the subject.
    Disabled,
    /// Enabled the account of the subject.
    Enabled,
    /// Ended sessions of the subject.
    SessionsEnded,
    /// Added a grant to the subject, a person or a group.
    GrantAdded,
    /// Removed a grant from the subject.
    GrantRemoved,
    /// Added, changed or deleted the group of the subject, or its members.
    GroupChanged,
    /// Changed the settings that the subject names.
    SettingsChanged,
    /// Watched a recording. Gathered over ten minutes.
    Watched,
    /// Downloaded files of a recording.
    Downloaded,
    /// Exported a list.
    Exported,
    /// Changed the title, tags or notes of a recording.
    Described,
    /// Moved a recording to the trash.
    Trashed,
    /// Restored a recording from the trash.
    Restored,
    /// Put a recording on hold, itself or by a case.
    Held,
    /// Released a recording, itself or of a case.
    Released,
    /// Tried to delete a recording that is on hold.
    HoldKept,
    /// Had a recording purged at once.
    PurgeAsked,
    /// Purged a recording; the subject is its certificate.
    Purged,
    /// Opened, changed or closed the case of the subject.
    CaseChanged,
    /// Asked a second administrator to agree to something about a recording, or the case of the subject.
    ConsentAsked,
    /// Agreed to it, as a second administrator.
    ConsentGiven,
    /// Refused it, as a second administrator.
    ConsentRefused,
}

impl ActKind {
    /// The group that a filter names.
    pub const fn group(self) -> ActGroup {
        match self {
            Self::SignedIn
            | Self::SignedOut
            | Self::PasswordSet
            | Self::SecondFactorOn
            | Self::SecondFactorOff
            | Self::RecoveryCodeUsed
            | Self::RecoveryCodesMade
            | Self::SessionsEnded => ActGroup::SignIn,
            Self::WrongSignIn | Self::SignInRefused => ActGroup::FailedSignIn,
            Self::Watched => ActGroup::Watched,
            Self::Downloaded | Self::Exported => ActGroup::Downloaded,
            Self::LinkMade
            | Self::AccountAdded
            | Self::AccountChanged
            | Self::Disabled
            | Self::Enabled
            | Self::GrantAdded
            | Self::GrantRemoved
            | Self::GroupChanged => ActGroup::People,
            Self::SettingsChanged => ActGroup::Settings,
            Self::Described => ActGroup::Recordings,
            Self::Trashed
            | Self::Restored
            | Self::Held
            | Self::Released
            | Self::HoldKept
            | Self::PurgeAsked
            | Self::Purged
            | Self::CaseChanged
            | Self::ConsentAsked
            | Self::ConsentGiven
            | Self::ConsentRefused => ActGroup::Keeping,
        }
    }
}

/// The kinds of acts that a filter selects together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ActGroup {
    /// Signing in and out, passwords, second factors.
    SignIn,
    /// Sign-ins that failed or were refused.
    FailedSignIn,
    /// Watching.
    Watched,
    /// Downloads of files, exports of lists.
    Downloaded,
    /// Changes of accounts, rights, grants and groups.
    People,
    /// Changes of settings.
    Settings,
    /// Changes of titles, tags and notes.
    Recordings,
    /// Trash, holds, cases and purges.
    Keeping,
}

impl ActGroup {
    /// The kinds in it.
    pub fn kinds(self) -> impl Iterator<Item = ActKind> {
        let all = ActKind::VARIANTS.iter().copied();
        all.filter(move |kind| kind.group() == self)
    }
}

/// A change of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SettingsChange {
    /// The app of the subject was added.
    AppAdded,
    /// Fields of the app of the subject were changed.
    AppChanged,
    /// The app of the subject was removed.
    AppRemoved,
    /// A host of files was allowed for the app of the subject.
    HostAllowed,
    /// The time limits of files.
    TimeLimits,
    /// The rules of sign-in.
    SignInRules,
    /// The days for which old rows are kept.
    Keeping,
    /// The settings of the trash and of the second administrator.
    Keep,
    /// The retention rule of the subject was added or changed, and is off.
    RuleSaved,
    /// The retention rule of the subject was moved up or down.
    RuleMoved,
    /// The dry run of the retention rule of the subject was looked at.
    RuleLookedAt,
    /// The retention rule of the subject was switched on.
    RuleOn,
    /// The retention rule of the subject was switched off.
    RuleOff,
    /// The retention rule of the subject was removed.
    RuleRemoved,
    /// All retention rules run again.
    RetentionOn,
    /// No retention rule runs.
    RetentionOff,
    /// The time at which retention rules run.
    RetentionTime,
    /// The view of the subject is shared, or a shared one was renamed.
    ViewShared,
    /// The view of the subject is no longer shared, or a shared one was removed.
    ViewUnshared,
}

/// The form of an exported list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ExportForm {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// A JSON object a line.
    Jsonl,
}

/// The keys of [`Act::detail`].
pub mod detail {
    /// The kind of the file.
    pub const KIND: &str = "kind";
    /// The participant of the track.
    pub const PARTICIPANT: &str = "participant";
    /// The number of the file's version.
    pub const VERSION: &str = "version";
    /// The number of files of the recording in a ZIP archive.
    pub const FILES: &str = "files";
    /// The number of wrong names and passwords.
    pub const TRIES: &str = "tries";
    /// The number of wrong codes of a second factor.
    pub const CODES: &str = "codes";
    /// The number of tries that were refused unverified, since there were too many.
    pub const THROTTLED: &str = "throttled";
    /// Set for a sign-in with a second factor.
    pub const SECOND_FACTOR: &str = "second_factor";
    /// Set for a sign-in from a browser that the account had not used before.
    pub const NEW_DEVICE: &str = "new_device";
    /// Why a sign-in was refused: [`DISABLED`](super::DISABLED) or [`PASSWORDS_OFF`](super::PASSWORDS_OFF).
    pub const REFUSED: &str = "refused";
    /// The number of exported rows.
    pub const ROWS: &str = "rows";
    /// The form of an export: an [`ExportForm`](super::ExportForm).
    pub const FORM: &str = "form";
    /// The change: a [`SettingsChange`](super::SettingsChange).
    pub const CHANGE: &str = "change";
    /// The names of the changed fields, with commas.
    pub const FIELDS: &str = "fields";
    /// The allowed host.
    pub const HOST: &str = "host";
    /// The kind of a grant.
    pub const GRANT: &str = "grant";
    /// The name of a grant's app.
    pub const APP: &str = "app";
    /// The room or prefix of a grant.
    pub const ROOM: &str = "room";
    /// The sign-in name of a member of a group, or the name of an account or group that may look at a case.
    pub const MEMBER: &str = "member";
    /// The former name of a group.
    pub const NAME_FROM: &str = "name_from";
    /// The reason that a person gave.
    pub const REASON: &str = "reason";
    /// The number of the case that holds a recording, or held it.
    pub const CASE: &str = "case";
    /// The wish of a request for consent: a [`Wish::kind`](crate::keep::Wish::kind).
    pub const WISH: &str = "wish";
    /// The sign-in name of the account that made a request for consent.
    pub const ASKED_BY: &str = "asked_by";
    /// The sign-in name of the second administrator who agreed.
    pub const AGREED_BY: &str = "agreed_by";
    /// The group that a view is shared with, or [`EVERYONE`](super::EVERYONE).
    pub const SHARED_WITH: &str = "with";
}

/// The subject of an export of the history itself.
pub const HISTORY: &str = "history";
/// The subject of an export of recordings.
pub const RECORDINGS: &str = "recordings";
/// The subject of an export of people.
pub const PEOPLE: &str = "people";

/// The [`detail::REFUSED`] of a disabled account.
pub const DISABLED: &str = "disabled";
/// The [`detail::REFUSED`] where only the break-glass account may sign in by a password.
pub const PASSWORDS_OFF: &str = "passwords_off";

/// The [`detail::SHARED_WITH`] of a view that everybody sees.
pub const EVERYONE: &str = "everyone";

/// An act in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When it began.
    pub at: Timestamp,
    /// When it was last repeated; equal to `at` for one that is not gathered.
    pub until: Timestamp,
    /// The account; `None`: nobody is signed in, or the server did it.
    pub user: Option<UserId>,
    /// The sign-in name of the account, as it was; empty: the server.
    pub name: String,
    /// Its kind.
    pub kind: ActKind,
    /// The person, group, list or setting that it is about; may be empty.
    pub subject: String,
    /// The room that it is about.
    pub room: Option<(AppId, RoomId)>,
    /// The recording that it is about.
    pub recording: Option<RecordingId>,
    /// The file that it is about.
    pub file: Option<FileId>,
    /// Further details, by the keys of [`detail`].
    pub detail: BTreeMap<String, String>,
    /// The address that it was done from.
    pub address: Option<String>,
    /// The browser's description of itself; may be empty.
    pub agent: String,
}

impl Act {
    /// The longest pause, in milliseconds, between acts that are gathered as one.
    pub const PAUSE: i64 = 10 * 60_000;
    /// The longest that acts are gathered as one, in milliseconds.
    pub const LONGEST: i64 = DAY;

    /// The act with a further detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a later act to this one, if it repeats it: the same in everything but its time, browser and
    /// counters, after [`Self::PAUSE`] at most. Returns whether it does.
    pub fn gather(&mut self, later: &Self) -> bool {
        let is_near = later.at.since(self.until) <= Self::PAUSE
            && self.at.since(later.until) <= Self::PAUSE
            && later.until.since(self.at) <= Self::LONGEST;
        let is_same = is_near && self.identity() == later.identity();
        if is_same {
            self.until = self.until.max(later.until);
            for name in COUNTERS {
                if let Some(more) = later.counter(name) {
                    let sum = self.counter(name).unwrap_or_default().saturating_add(more);
                    self.detail.insert(name.to_owned(), sum.to_string());
                }
            }
        }
        is_same
    }

    /// The number that a detail holds.
    pub fn counter(&self, name: &str) -> Option<u64> {
        self.detail.get(name)?.parse().ok()
    }

    /// The act without its time, browser and counters.
    fn identity(&self) -> Self {
        let mut detail = self.detail.clone();
        detail.retain(|name, _| !COUNTERS.contains(&name.as_str()));
        Self {
            at: Timestamp::default(),
            until: Timestamp::default(),
            agent: String::new(),
            detail,
            ..self.clone()
        }
    }
}

/// The details that are summed.
const COUNTERS: [&str; 3] = [detail::TRIES, detail::CODES, detail::THROTTLED];

/// The number of bytes of a large file that count as watching it.
const WATCHED: u64 = 1 << 20;

/// Whether an account that was sent this many bytes of a file has watched it: at least 1 MiB, or half of a smaller
/// file. A page loads less to show the player alone. Of a file of unknown size, any byte counts.
pub const fn is_watched(sent: u64, size: Option<u64>) -> bool {
    let least = match size {
        None | Some(0) => 1,
        Some(WATCHED..) => WATCHED,
        Some(size) => size.div_ceil(2),
    };
    sent >= least
}

/// A filter of acts; the default one selects all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActFilter {
    /// Only those that began at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those that began before this moment.
    pub to: Option<Timestamp>,
    /// Only those of this sign-in name.
    pub name: Option<String>,
    /// Only those of these kinds; empty for all.
    pub kinds: Vec<ActKind>,
    /// Only those from this address.
    pub address: Option<String>,
    /// Only those about this recording.
    pub recording: Option<RecordingId>,
    /// Only those whose name, subject, room or address contains this, in whatever case.
    pub search: Option<SearchText>,
    /// Only those up to this number, which grows in the order in which acts are stored.
    pub up_to: Option<i64>,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessHistory {
    /// Newest first.
    pub acts: Vec<Act>,
    /// The number of matches on all pages, counted up to [`Self::COUNTED`].
    pub total: u32,
    /// The number of matches of each group, chosen or not; empty if there are too many to count.
    pub groups: Vec<(ActGroup, u32)>,
    /// The cursor of the next page, if there is one, for `before`.
    pub older: Option<String>,
    /// The days for which acts are kept.
    pub kept_days: u32,
    /// Whether the reader may export it.
    pub may_export: bool,
}

impl AccessHistory {
    /// The limit of counting.
    pub const COUNTED: u32 = 10_000;
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn wrong(minute: i64, name: &str, tries: u32) -> Act {
        let at = Timestamp::from_millis(minute * MINUTE);
        Act {
            at,
            until: at,
            user: None,
            name: name.to_owned(),
            kind: ActKind::WrongSignIn,
            subject: String::new(),
            room: None,
            recording: None,
            file: None,
            detail: BTreeMap::from([(detail::TRIES.to_owned(), tries.to_string())]),
            address: Some("192.0.2.1".to_owned()),
            agent: format!("browser {minute}"),
        }
    }

    #[test]
    fn repetitions_within_ten_minutes_are_one_act() {
        let mut act = wrong(0, "ada", 3);
        assert!(act.gather(&wrong(10, "ada", 4)));
        assert!(act.gather(&wrong(19, "ada", 1)));
        assert_eq!(act.counter(detail::TRIES), Some(8));
        assert_eq!(
            (act.at, act.until),
            (wrong(0, "", 0).at, wrong(19, "", 0).at)
        );
        let throttled = Act {
            detail: BTreeMap::from([(detail::THROTTLED.to_owned(), "2".to_owned())]),
            ..wrong(20, "ada", 0)
        };
        assert!(act.gather(&throttled));
        assert_eq!(act.counter(detail::THROTTLED), Some(2));

        let before = act.clone();
        let elsewhere = Act {
            address: None,
            ..wrong(20, "ada", 1)
        };
        let other = Act {
            detail: BTreeMap::from([(detail::KIND.to_owned(), "track".to_owned())]),
            ..wrong(20, "ada", 1)
        };
        for other in [
            wrong(31, "ada", 1),
            wrong(20, "bob", 1),
            elsewhere,
            other,
            wrong(-11, "ada", 1),
        ] {
            assert!(!act.gather(&other), "{other:?}");
        }
        assert_eq!(act, before);
    }

    #[test]
    fn an_act_lasts_a_day_at_most() {
        let mut act = wrong(0, "ada", 1);
        let mut minute = 0;
        while act.gather(&wrong(minute + 10, "ada", 1)) {
            minute += 10;
        }
        assert_eq!(minute, 24 * 60);
    }

    #[test]
    fn a_file_is_watched_once_a_part_of_it_was_sent() {
        for (size, least) in [
            (Some(0), 1),
            (Some(1), 1),
            (Some(10), 5),
            (Some(11), 6),
            (Some((1 << 20) - 1), 1 << 19),
            (Some(1 << 20), 1 << 20),
            (Some(1 << 40), 1 << 20),
            (None, 1),
        ] {
            assert!(is_watched(least, size), "{size:?}");
            assert!(!is_watched(least - 1, size), "{size:?}");
        }
    }

    #[test]
    fn each_kind_is_in_one_group() {
        let of_groups = ActGroup::VARIANTS.iter().flat_map(|group| group.kinds());
        assert_eq!(of_groups.count(), ActKind::VARIANTS.len());
        let kinds: Vec<_> = ActGroup::Downloaded.kinds().collect();
        assert_eq!(kinds, [ActKind::Downloaded, ActKind::Exported]);
    }
}
