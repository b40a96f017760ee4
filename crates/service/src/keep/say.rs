//! What happened to a recording, in its own history and in that of access.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{Act, ActKind, detail},
    case::Case,
    cause::Cause,
    change::Change,
    keep::{Keep, KeepOutcome},
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{Conn, acts, history, recordings::keep::Locked};

use crate::{Browser, Principal, Service, ServiceError};

impl Service {
    /// Appends what a person did to the history of a recording, and to that of access.
    pub(super) async fn say(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        locked: &Locked,
        event: HistoryEvent,
        reason: Option<&str>,
    ) -> Result<(), ServiceError> {
        let kind = match event {
            HistoryEvent::Trashed => ActKind::Trashed,
            HistoryEvent::Restored => ActKind::Restored,
            HistoryEvent::Released => ActKind::Released,
            HistoryEvent::PurgeAsked => ActKind::PurgeAsked,
            _ => ActKind::Held,
        };
        let cause = reason.map(|reason| Cause::Words(reason.to_owned()));
        let (at, actor) = (self.now(), Some(by.name.as_str()));
        history::append(tx, locked.id, at, event, actor, cause.as_ref()).await?;
        let act = self.act_on((by, browser), locked, kind, "");
        let act = match reason {
            Some(reason) => act.with(detail::REASON, reason),
            None => act,
        };
        Ok(acts::append(tx, &act).await?)
    }

    /// An act on a recording.
    pub(super) fn act_on(
        &self,
        (by, browser): (&Principal, &Browser),
        locked: &Locked,
        kind: ActKind,
        subject: &str,
    ) -> Act {
        Act {
            room: Some((locked.app, locked.room.clone())),
            recording: Some(locked.id),
            ..self.act_about(by, browser, kind, subject)
        }
    }

    /// Appends to the history of access what a person did with a case.
    pub(super) async fn say_of_case(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        case: &Case,
        change: &str,
    ) -> Result<(), ServiceError> {
        let act = self.act_about(by, browser, ActKind::CaseChanged, &case.text.number);
        Ok(acts::append(tx, &act.with(detail::CHANGE, change)).await?)
    }

    /// Logs and publishes what a person did with recordings, after its commit.
    pub(super) fn publish_done(&self, by: &Principal, event: HistoryEvent, changed: &[Locked]) {
        for one in changed {
            tracing::info!(recording = %one.id, ?event, by = by.name, "recording kept or deleted");
        }
        self.publish_kept(changed);
    }

    /// Publishes changes of recordings, after their commit.
    pub(crate) fn publish_kept(&self, changed: &[Locked]) {
        for one in changed {
            self.publish(Change::Recording {
                id: one.id,
                app: one.app,
                room: one.room.clone(),
            });
        }
    }
}

/// Why an account may not do this with a recording, if it may not. A deleted one is not there for accounts that may
/// not delete.
pub(super) fn refused(by: &Principal, verb: Verb, locked: &Locked) -> Option<KeepOutcome> {
    let thing = Thing::Room(locked.app, &locked.room);
    let is_shown = locked.facts.keep == Keep::Kept || by.may(Verb::Delete, thing);
    match by.require(verb, thing) {
        Ok(()) if is_shown => None,
        Err(ServiceError::Forbidden) if is_shown => Some(KeepOutcome::Refused),
        _ => Some(KeepOutcome::Gone),
    }
}

/// As [`refused`], as an error.
pub(super) fn require(by: &Principal, verb: Verb, locked: &Locked) -> Result<(), ServiceError> {
    match refused(by, verb, locked) {
        None => Ok(()),
        Some(KeepOutcome::Refused) => Err(ServiceError::Forbidden),
        Some(_) => Err(ServiceError::NotFound),
    }
}

/// Whether an account sees every case, by its role.
pub(super) fn sees_all(by: &Principal) -> bool {
    matches!(by.role(), Role::Admin | Role::Auditor)
}
