//! The history of access: who did what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    ids::{AppId, FileId, RecordingId, UserId},
    room::RoomId,
    time::Timestamp,
    words::words,
};

words!(ActKind);

/// What an account did.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
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
    /// Took a grant from the subject.
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
}

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
    /// What was done.
    pub kind: ActKind,
    /// The person, group, list or setting that it is about; may be empty.
    pub subject: String,
    /// The room that it is about.
    pub room: Option<(AppId, RoomId)>,
    /// The recording that it is about.
    pub recording: Option<RecordingId>,
    /// The file that it is about.
    pub file: Option<FileId>,
    /// What else is known, by name.
    pub detail: BTreeMap<String, String>,
    /// The address that it was done from.
    pub address: Option<String>,
    /// The browser's description of itself; may be empty.
    pub agent: String,
}
