//! Keeping and deleting recordings: the trash, holds, the purge, and the consent of a second administrator.

mod consent;
mod settings;

use strum::{EnumDiscriminants, EnumString, IntoStaticStr, VariantArray};

pub use self::{
    consent::{Request, RequestState, ShownRequest, Wish},
    settings::{KeepField, KeepForm, KeepSettings},
};
use crate::{ids::CaseId, recording::RecordingState, time::Timestamp, words::words};

words!(KeepState);

/// An event that changes whether a recording is kept, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum KeepEvent {
    /// A person moves it to the trash.
    Trashed,
    /// A person restores it.
    Restored,
    /// It is put on hold, which takes it out of the trash.
    Held,
    /// The purge begins, or goes on after a crash.
    PurgeBegun,
    /// The storage has confirmed that its last byte is gone.
    PurgeEnded,
    /// A copy of a file of it is made: the file came late.
    FileStored,
}

impl KeepState {
    /// The state after `event`; `None` where the event is not allowed. No other function changes it.
    ///
    /// Nothing leads back from a purge: a hold that comes after its beginning is refused. The copy of a file that
    /// arrives after its end is new content, which goes to the trash.
    pub const fn after(self, event: KeepEvent) -> Option<Self> {
        use KeepEvent as E;
        Some(match (self, event) {
            (Self::Kept, E::Trashed) | (Self::Purged, E::FileStored) => Self::Trashed,
            (Self::Trashed, E::Restored) | (Self::Kept | Self::Trashed, E::Held) => Self::Kept,
            (Self::Trashed | Self::Purging, E::PurgeBegun) => Self::Purging,
            (Self::Purging, E::PurgeEnded) => Self::Purged,
            (state, E::FileStored) => state,
            _ => return None,
        })
    }
}

/// Whether a recording is kept or deleted.
#[derive(Debug, Clone, PartialEq, Eq, EnumDiscriminants)]
#[strum_discriminants(
    doc = "Whether a recording is kept or deleted, as a word. The states that keep more come first.",
    name(KeepState),
    derive(PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray),
    strum(serialize_all = "snake_case")
)]
pub enum Keep {
    /// It is in lists, and can be played.
    Kept,
    /// It is in the trash, with all its bytes.
    Trashed {
        /// Since when.
        at: Timestamp,
        /// The sign-in name of the account that moved it there; `None`: it came there by a late file.
        by: Option<String>,
        /// When it is purged.
        until: Timestamp,
    },
    /// Its bytes are being deleted.
    Purging,
    /// Its bytes are deleted; its metadata, hashes and history stay.
    Purged {
        /// Since when.
        at: Timestamp,
    },
}

impl Keep {
    /// The state alone.
    pub fn state(&self) -> KeepState {
        self.into()
    }

    /// Whether it decides about a recording that joins two, and not `other`: it keeps more, or stays in the trash for
    /// longer.
    pub fn outlasts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Trashed { until: own, .. }, Self::Trashed { until, .. }) => own > until,
            _ => self.state() < other.state(),
        }
    }
}

/// The facts that decide whether a recording may be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepFacts {
    /// Whether it is kept or deleted.
    pub keep: Keep,
    /// The state of the recording.
    pub state: RecordingState,
    /// Whether it is on hold, itself or by a case.
    pub is_held: bool,
    /// Whether a copy of one of its files is being made.
    pub is_fetched: bool,
}

/// Why a recording is not trashed, restored, held or purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It is on hold.
    #[error("it is on hold")]
    Held,
    /// It runs, or may be running.
    #[error("it is running")]
    Running,
    /// A copy of a file is being made.
    #[error("a file is being copied")]
    Fetching,
    /// It is not in the trash.
    #[error("it is not in the trash")]
    NotInTrash,
    /// It is in the trash already.
    #[error("it is in the trash")]
    InTrash,
    /// It stays in the trash for longer.
    #[error("its time in the trash is not over")]
    NotDue,
    /// It is being purged, or was.
    #[error("it is being purged")]
    Purged,
}

impl Denied {
    /// Why an event is not allowed in a state.
    const fn in_state(state: KeepState) -> Self {
        match state {
            KeepState::Kept => Self::NotInTrash,
            KeepState::Trashed => Self::InTrash,
            KeepState::Purging | KeepState::Purged => Self::Purged,
        }
    }
}

/// The state of a recording after `event`, by the table alone.
pub fn after(facts: &KeepFacts, event: KeepEvent) -> Result<KeepState, Denied> {
    let state = facts.keep.state();
    state.after(event).ok_or(Denied::in_state(state))
}

/// Decides whether a recording may be moved to the trash.
pub fn may_trash(facts: &KeepFacts) -> Result<(), Denied> {
    after(facts, KeepEvent::Trashed)?;
    if facts.is_held {
        return Err(Denied::Held);
    }
    if facts.state.is_active() {
        return Err(Denied::Running);
    }
    Ok(())
}

/// Decides alone whether the bytes of a recording may be deleted at `now`. Checked before a purge begins, and again
/// before each copy is deleted.
pub fn may_purge(facts: &KeepFacts, now: Timestamp) -> Result<(), Denied> {
    if facts.is_held {
        return Err(Denied::Held);
    }
    after(facts, KeepEvent::PurgeBegun)?;
    if facts.state.is_active() {
        return Err(Denied::Running);
    }
    if let Keep::Trashed { until, .. } = facts.keep
        && now < until
    {
        return Err(Denied::NotDue);
    }
    // That copy would be complete after the others are deleted.
    if facts.is_fetched {
        return Err(Denied::Fetching);
    }
    Ok(())
}

/// The longest reason, in characters.
pub const REASON_LENGTH: usize = 500;

/// A reason without spaces around it; `None` if it is empty or too long.
pub fn reason(typed: &str) -> Option<&str> {
    let reason = typed.trim();
    (1..=REASON_LENGTH)
        .contains(&reason.chars().count())
        .then_some(reason)
}

/// Whether `typed` confirms “delete now” for this number of recordings: “delete 2”, in either language.
pub fn is_confirmed(typed: &str, recordings: usize) -> bool {
    let typed = typed.trim().to_lowercase();
    ["delete", "删除"]
        .iter()
        .filter_map(|word| typed.strip_prefix(word))
        .any(|rest| rest == format!(" {recordings}"))
}

/// The facts about the keeping of a recording, for its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepView {
    /// Whether it is kept or deleted.
    pub keep: Keep,
    /// Its holds, the oldest first.
    pub holds: Vec<Hold>,
    /// The number of its newest certificate of deletion.
    pub certificate: Option<String>,
    /// Whether the account may move it to the trash, and out of it.
    pub may_delete: bool,
    /// Whether the account may put it on hold.
    pub may_hold: bool,
    /// Whether the account may release it.
    pub release: MayRelease,
    /// The requests to release it, for an account that may.
    pub requests: Vec<ShownRequest>,
}

/// Whether an account may release holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayRelease {
    /// It may not.
    No,
    /// It may.
    Alone,
    /// It may ask, and a second administrator has to agree.
    WithSecond,
}

impl MayRelease {
    /// The actions that an account with or without the right may do under these settings.
    pub const fn of(has_right: bool, settings: KeepSettings) -> Self {
        if !has_right {
            Self::No
        } else if settings.second_for_release {
            Self::WithSecond
        } else {
            Self::Alone
        }
    }

    /// Whether a second administrator was asked already: a release is asked for once.
    pub fn is_asked(self, request: Option<&ShownRequest>) -> bool {
        self == Self::WithSecond && request.is_some_and(ShownRequest::is_open)
    }
}

/// A hold on a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The case that holds it, with its number; `None`: its own hold.
    pub case: Option<(CaseId, String)>,
    /// Why; of a case, its name, which is empty for an account that does not see the case.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// The sign-in name of the account that put it on hold.
    pub by: String,
}

impl Hold {
    /// The case that holds it; `None`: its own hold.
    pub fn of_case(&self) -> Option<CaseId> {
        self.case.as_ref().map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeepState as S, *};
    use crate::table::rows;

    /// The whole table: a row for each state, a column for each event in the order of [`KeepEvent`].
    const TABLE: &str = "
        kept    trashed -    kept -       -      kept
        trashed -       kept kept purging -      trashed
        purging -       -    -    purging purged purging
        purged  -       -    -    -       -      trashed
    ";

    #[test]
    fn the_transition_table() {
        let rows = rows(TABLE);
        assert_eq!(rows.len(), S::VARIANTS.len());
        for row in rows {
            let from = S::parse(row[0]).unwrap();
            assert_eq!(row.len(), KeepEvent::VARIANTS.len() + 1, "{from:?}");
            for (&event, expected) in KeepEvent::VARIANTS.iter().zip(&row[1..]) {
                assert_eq!(from.after(event), S::parse(expected), "{from:?} {event:?}");
            }
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn trashed(until: i64) -> Keep {
        Keep::Trashed {
            at: at(0),
            by: Some("ada".to_owned()),
            until: at(until),
        }
    }

    fn facts(keep: Keep, state: RecordingState, is_held: bool) -> KeepFacts {
        KeepFacts {
            keep,
            state,
            is_held,
            is_fetched: false,
        }
    }

    #[test]
    fn a_hold_beats_everything_else() {
        let purged = Keep::Purged { at: at(0) };
        for keep in [Keep::Kept, trashed(0), Keep::Purging, purged] {
            for &state in RecordingState::ALL {
                let held = facts(keep.clone(), state, true);
                assert_eq!(may_purge(&held, at(i64::MAX)), Err(Denied::Held));
                assert!(may_trash(&held).is_err());
            }
        }
    }

    #[test]
    fn only_what_is_due_in_the_trash_is_purged() {
        let ready = RecordingState::Ready;
        let may = |keep, now| may_purge(&facts(keep, ready, false), at(now));
        assert_eq!(may(Keep::Kept, 100), Err(Denied::NotInTrash));
        assert_eq!(may(trashed(100), 99), Err(Denied::NotDue));
        assert_eq!(may(trashed(100), 100), Ok(()));
        assert_eq!(may(Keep::Purging, 0), Ok(()));
        assert_eq!(may(Keep::Purged { at: at(0) }, 100), Err(Denied::Purged));
        let fetched = KeepFacts {
            is_fetched: true,
            ..facts(trashed(0), ready, false)
        };
        assert_eq!(may_purge(&fetched, at(1)), Err(Denied::Fetching));
    }

    #[test]
    fn a_running_recording_is_not_trashed() {
        for &state in RecordingState::ALL {
            let denied = may_trash(&facts(Keep::Kept, state, false)).err();
            let expected = state.is_active().then_some(Denied::Running);
            assert_eq!(denied, expected, "{state:?}");
        }
        let trashed = facts(trashed(1), RecordingState::Ready, false);
        assert_eq!(may_trash(&trashed), Err(Denied::InTrash));
    }

    #[test]
    fn states_are_ordered_from_the_one_that_keeps_most() {
        let order = [S::Kept, S::Trashed, S::Purging, S::Purged];
        assert_eq!(S::VARIANTS, order);
        assert!(order.is_sorted());
    }

    #[test]
    fn a_recording_that_is_kept_for_longer_outlasts_another() {
        // From the one that keeps least.
        let purged = Keep::Purged { at: at(0) };
        let order = [purged, Keep::Purging, trashed(10), trashed(100), Keep::Kept];
        for (place, one) in order.iter().enumerate() {
            for (below, other) in order.iter().enumerate() {
                assert_eq!(one.outlasts(other), place > below, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_deletion_is_confirmed_by_its_number() {
        for (typed, recordings, expected) in [
            ("delete 2", 2, true),
            (" Delete 2 ", 2, true),
            ("删除 2", 2, true),
            ("delete", 2, false),
            ("delete 1", 2, false),
            ("delete 21", 2, false),
            ("delete  2", 2, false),
            ("please delete 2", 2, false),
        ] {
            assert_eq!(is_confirmed(typed, recordings), expected, "{typed}");
        }
    }
}
