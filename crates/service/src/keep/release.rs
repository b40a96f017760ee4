//! Release recordings, one or all of a case, alone or with the consent of a second administrator.

use reelroom_domain::{
    access::{Right, Verb},
    case::CaseEvent,
    ids::{CaseId, RecordingId},
    keep::Wish,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, cases, holds,
    recordings::keep::{self, Locked},
};

use super::{
    case::case_for,
    error::{Consent, KeepError},
    say::{Why, require},
};
use crate::{Browser, Principal, Service, ServiceError};

impl Service {
    /// Releases a recording of a case, or of its own hold. Other holds stay.
    pub async fn release(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RecordingId,
        case: Option<CaseId>,
        why: &str,
    ) -> Result<Consent, KeepError> {
        let wish = Wish::Release {
            recording: id,
            case,
        };
        let tx = self.0.store.write().await?;
        self.wish(tx, (by, browser), wish, why, None).await
    }

    /// Closes a case, which releases its recordings. Other holds on them stay.
    pub async fn close_case(
        &self,
        by: &Principal,
        browser: &Browser,
        id: CaseId,
        why: &str,
    ) -> Result<Consent, KeepError> {
        let wish = Wish::CloseCase { case: id };
        let tx = self.0.store.write().await?;
        self.wish(tx, (by, browser), wish, why, None).await
    }

    /// Releases a locked recording of a case, or of its own hold; `false` where that does not hold it.
    pub(super) async fn release_one(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        locked: &Locked,
        case: Option<CaseId>,
        why: Why<'_>,
    ) -> Result<bool, KeepError> {
        require(who.0, Verb::Release, locked)?;
        let (name, now) = (why.actor(who.0), self.now());
        if !holds::release(tx, locked.id, case, now, name).await? {
            return Ok(false);
        }
        if let Some(case) = case {
            let event = CaseEvent::Released {
                recording: locked.id,
            };
            cases::append(tx, case, now, name, &event).await?;
        }
        self.say(tx, who, locked, HistoryEvent::Released, why)
            .await?;
        Ok(true)
    }

    /// Closes a case and releases its recordings.
    pub(super) async fn close_now(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        id: CaseId,
        why: Why<'_>,
    ) -> Result<Vec<Locked>, KeepError> {
        cases::lock(tx, id).await?;
        let case = case_for(tx, who.0, id).await?;
        if !who.0.access.rights.has(Right::Release) {
            return Err(ServiceError::Forbidden.into());
        }
        if case.closed.is_some() {
            return Err(KeepError::Closed);
        }
        let ids = holds::of_case(tx, id).await?;
        keep::lock_rooms(tx, &ids).await?;
        let mut released = Vec::new();
        for recording in ids {
            if let Some(locked) = keep::lock(tx, recording).await? {
                self.release_one(tx, who, &locked, Some(id), why).await?;
                released.push(locked);
            }
        }
        let (name, now) = (why.actor(who.0), self.now());
        cases::close(tx, id, now, name).await?;
        cases::append(tx, id, now, name, &CaseEvent::Closed).await?;
        self.say_of_case(tx, who, &case, "closed", why).await?;
        Ok(released)
    }
}
