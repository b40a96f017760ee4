//! The consent of a second administrator.

use std::slice;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::settings::KeepSettings;
use crate::{
    ids::{CaseId, RecordingId, RequestId, UserId},
    time::Timestamp,
    words::words,
};

words!(RequestState);

/// An action that a second administrator is asked to agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(tag = "what", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Wish {
    /// To purge recordings of the trash now.
    DeleteNow {
        /// The recordings.
        recordings: Vec<RecordingId>,
    },
    /// To release a recording.
    Release {
        /// The recording.
        recording: RecordingId,
        /// The case that holds it; `None`: its own hold.
        case: Option<CaseId>,
    },
    /// To close a case, which releases its recordings.
    CloseCase {
        /// The case.
        case: CaseId,
    },
    /// To no longer demand a second administrator.
    Settings {
        /// The settings when it was asked for.
        #[serde(default)]
        before: KeepSettings,
        /// The settings from then on.
        settings: KeepSettings,
    },
}

impl Wish {
    /// Its kind in one word.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// The recordings that it names; a case is named alone.
    pub const fn recordings(&self) -> &[RecordingId] {
        match self {
            Self::DeleteNow { recordings } => recordings.as_slice(),
            Self::Release { recording, .. } => slice::from_ref(recording),
            Self::CloseCase { .. } | Self::Settings { .. } => &[],
        }
    }

    /// Whether two are of the same kind and about the same recordings or case.
    pub fn is_like(&self, other: &Self) -> bool {
        let about = |wish: &Self| (wish.kind(), wish.case());
        about(self) == about(other) && self.recordings() == other.recordings()
    }

    /// The case that it is about.
    pub const fn case(&self) -> Option<CaseId> {
        match self {
            Self::Release { case, .. } => *case,
            Self::CloseCase { case } => Some(*case),
            Self::DeleteNow { .. } | Self::Settings { .. } => None,
        }
    }

    /// Whether a second administrator has to agree while these are the settings.
    pub const fn needs_second(&self, now: KeepSettings) -> bool {
        match self {
            Self::DeleteNow { .. } => now.second_for_delete_now,
            Self::Release { .. } | Self::CloseCase { .. } => now.second_for_release,
            Self::Settings { before, settings } => before.is_lifted_by(*settings),
        }
    }
}

/// The state of a request for consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RequestState {
    /// Nobody has answered yet.
    Open,
    /// A second administrator agreed, and it was done.
    Agreed,
    /// A second administrator refused.
    Refused,
    /// Nobody answered in time, or there was nothing left to agree to.
    Lapsed,
}

/// A request for the consent of a second administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The action.
    pub wish: Wish,
    /// The reason; empty where none is asked for.
    pub reason: String,
    /// When it was made.
    pub asked_at: Timestamp,
    /// The account that made it.
    pub asked_by: UserId,
    /// The sign-in name of that account.
    pub asked_name: String,
    /// When it lapses.
    pub lapses_at: Timestamp,
    /// Its state when it was last answered; see [`Request::state_at`].
    pub state: RequestState,
    /// When it was answered, and by whom.
    pub answered: Option<(Timestamp, String)>,
}

impl Request {
    /// Its state at `now`: an open one lapses.
    pub fn state_at(&self, now: Timestamp) -> RequestState {
        match self.state {
            RequestState::Open if now >= self.lapses_at => RequestState::Lapsed,
            state => state,
        }
    }

    /// Whether it is about something, such as a hold, that exists since this time. Nothing newer than it is meant.
    pub fn covers(&self, since: Timestamp) -> bool {
        since <= self.asked_at
    }

    /// Whether an account may answer it at `now`: while it is open, any account but the one that made it.
    pub fn may_answer(&self, by: UserId, now: Timestamp) -> bool {
        self.state_at(now) == RequestState::Open && by != self.asked_by
    }
}

/// A request about what a page shows. It is open, or was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRequest {
    /// The request.
    pub request: Request,
    /// Whether the account may look at it on the page of the trash.
    pub may_look: bool,
}

impl ShownRequest {
    /// Whether it is open.
    pub const fn is_open(&self) -> bool {
        self.request.answered.is_none()
    }

    /// The one of these that asks to release a recording of a case, or of its own hold.
    pub fn of_release(all: &[Self], recording: RecordingId, case: Option<CaseId>) -> Option<&Self> {
        let wish = Wish::Release { recording, case };
        all.iter().find(|shown| shown.request.wish == wish)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_request_is_answered_by_somebody_else_in_time() {
        let [ada, bob] = [1, 2].map(|n| UserId::from(uuid::Uuid::from_u128(n)));
        let mut request = Request {
            id: uuid::Uuid::from_u128(3).into(),
            wish: Wish::DeleteNow { recordings: vec![] },
            reason: String::new(),
            asked_at: at(0),
            asked_by: ada,
            asked_name: "ada".to_owned(),
            lapses_at: at(100),
            state: RequestState::Open,
            answered: None,
        };
        assert!(request.covers(at(0)) && !request.covers(at(1)));
        assert!(request.may_answer(bob, at(99)));
        assert!(!request.may_answer(ada, at(99)));
        assert!(!request.may_answer(bob, at(100)));
        assert_eq!(request.state_at(at(100)), RequestState::Lapsed);
        request.state = RequestState::Refused;
        assert!(!request.may_answer(bob, at(1)));
        assert_eq!(request.state_at(at(100)), RequestState::Refused);
    }
}
