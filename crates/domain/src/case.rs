//! Cases: named collections of recordings that are held together under a reason.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CaseId, RecordingId, UserId},
    keep::{KeepField, MayRelease, ShownRequest, Wish, reason},
    time::Timestamp,
    typed::{all_of, form, line},
    user::Holder,
};

/// The number, name and reason of a case, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseText {
    /// Its number, which no other case has.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The reason.
    pub reason: String,
    /// The document that it refers to, such as a letter; may be empty.
    pub reference: String,
}

form!(
    /// The form of a case, as typed.
    CaseForm {
        /// See [`CaseText::number`].
        number,
        /// See [`CaseText::name`].
        name,
        /// See [`CaseText::reason`].
        reason,
    } optional {
        /// See [`CaseText::reference`].
        reference,
    }
);

impl CaseForm {
    /// The form that shows a case.
    pub fn of(text: &CaseText) -> Self {
        Self {
            number: text.number.clone(),
            name: text.name.clone(),
            reason: text.reason.clone(),
            reference: text.reference.clone(),
        }
    }

    /// The checked form; the error names the fields that are wrong.
    pub fn parse(&self) -> Result<CaseText, Vec<KeepField>> {
        let number = line(&self.number, 1..=40).ok_or(KeepField::Number);
        let name = line(&self.name, 1..=80).ok_or(KeepField::Name);
        let reference = line(&self.reference, 0..=200).ok_or(KeepField::Reference);
        let reason = reason(&self.reason).map(str::to_owned);
        let reason = reason.ok_or(KeepField::Reason);
        all_of!(CaseText: number, name, reference, reason)
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number, name and reason.
    pub text: CaseText,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The account that opened it.
    pub opened_by: UserId,
    /// The sign-in name of that account.
    pub opened_name: String,
    /// When it was closed, and by whom.
    pub closed: Option<(Timestamp, String)>,
}

/// A line of the history of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// When.
    pub at: Timestamp,
    /// The sign-in name of the account.
    pub actor: String,
    /// The act.
    pub event: CaseEvent,
}

/// The act of a person on a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum CaseEvent {
    /// Opened it.
    Opened,
    /// Changed its number, name, reason or reference.
    Changed,
    /// Added recordings.
    Added {
        /// The recordings.
        recordings: Vec<RecordingId>,
    },
    /// Released a recording.
    Released {
        /// The recording.
        recording: RecordingId,
    },
    /// Let a person or a group look.
    LookerAdded {
        /// The name of the account or the group.
        name: String,
    },
    /// Let a person or a group no longer look.
    LookerRemoved {
        /// The name of the account or the group.
        name: String,
    },
    /// Tried to delete a recording that it holds.
    Kept {
        /// The recording.
        recording: RecordingId,
    },
    /// Closed it.
    Closed,
}

impl CaseEvent {
    /// The one recording that it is about.
    pub const fn recording(&self) -> Option<RecordingId> {
        match self {
            Self::Released { recording } | Self::Kept { recording } => Some(*recording),
            Self::Opened
            | Self::Changed
            | Self::Added { .. }
            | Self::LookerAdded { .. }
            | Self::LookerRemoved { .. }
            | Self::Closed => None,
        }
    }
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// The number of recordings that it holds.
    pub held: u32,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// The page of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// A page of the recordings that it holds, or held until it was closed, and since when; the newest first.
    pub recordings: Vec<(Timestamp, RecordingId)>,
    /// The number of recordings on all pages.
    pub held: u32,
    /// The cursor of the next page, if there is one.
    pub more: Option<String>,
    /// The number of their files, and the bytes of these.
    pub files: (u32, u64),
    /// The accounts and groups that may look, with their names, and since when.
    pub lookers: Vec<(Holder, String, Timestamp)>,
    /// The last lines of its history, the newest first.
    pub history: Vec<CaseLine>,
    /// The number of earlier lines.
    pub earlier: u32,
    /// Whether the account may change it and add recordings.
    pub may_change: bool,
    /// Whether the account may release its recordings, and close it.
    pub release: MayRelease,
    /// The requests to close it and to release the recordings of the page, for an account that may.
    pub requests: Vec<ShownRequest>,
}

impl CaseView {
    /// The request to close it.
    pub fn close_request(&self) -> Option<&ShownRequest> {
        let wish = Wish::CloseCase { case: self.case.id };
        self.requests
            .iter()
            .find(|shown| shown.request.wish == wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_field_of_a_case_is_named() {
        let form = CaseForm {
            number: " 2026-31 ".to_owned(),
            name: "Audit".to_owned(),
            reason: "Letter of 14 Nov".to_owned(),
            reference: String::new(),
        };
        assert_eq!(form.parse().unwrap().number, "2026-31");
        let wrong = CaseForm {
            number: "x".repeat(41),
            name: " ".to_owned(),
            reason: String::new(),
            reference: "a\nb".to_owned(),
        };
        let fields = [
            KeepField::Number,
            KeepField::Name,
            KeepField::Reference,
            KeepField::Reason,
        ];
        assert_eq!(wrong.parse(), Err(fields.to_vec()));
    }
}
