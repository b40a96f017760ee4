//! Release recordings, one or all of a case, alone or with the consent of a second administrator.

use reelroom_domain::{
    access::{Right, Verb},
    case::CaseEvent,
    ids::{CaseId, RecordingId},
    keep::{KeepField, Wish, reason},
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
use crate::{Browser, Found, Principal, Service, ServiceError};

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
        self.wish_release(by, browser, wish, why).await
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
        self.wish_release(by, browser, wish, why).await
    }

    async fn wish_release(
        &self,
        by: &Principal,
        browser: &Browser,
        wish: Wish,
        why: &str,
    ) -> Result<Consent, KeepError> {
        let reason = reason(why);
        let why = reason.unwrap_or_default();
        let mut tx = self.0.store.write().await?;
        // Done first, and rolled back: consent is only asked for what is possible now.
        let released = self
            .release_wished(&mut tx, (by, browser), &wish, Why::Reason(why))
            .await?;
        if reason.is_none() {
            return Err(KeepError::Invalid(vec![KeepField::Reason]));
        }
        if keep::settings(&mut tx).await?.second_for_release {
            drop(tx);
            return self.ask(by, browser, wish, why).await;
        }
        self.close_requests(&mut tx, &by.name, &released, wish.case())
            .await?;
        tx.commit().await?;
        self.publish_done(by, HistoryEvent::Released, &released);
        Ok(Consent::Done)
    }

    /// Does what a wish to release asks for. Returns the released recordings.
    pub(super) async fn release_wished(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        wish: &Wish,
        why: Why<'_>,
    ) -> Result<Vec<Locked>, KeepError> {
        match wish {
            Wish::Release { recording, case } => {
                let locked = keep::lock(tx, *recording).await?.found()?;
                if !self.release_one(tx, who, &locked, *case, why).await? {
                    return Err(KeepError::NotHeld);
                }
                Ok(vec![locked])
            }
            Wish::CloseCase { case } => self.close_now(tx, who, *case, why).await,
            Wish::DeleteNow { .. } | Wish::Settings { .. } => Ok(Vec::new()),
        }
    }

    /// Releases a locked recording of a case, or of its own hold; `false` where that does not hold it.
    async fn release_one(
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

    async fn close_now(
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
        let held = holds::of_case(tx, id).await?;
        let held = held.into_iter().filter(|(.., is_held)| *is_held);
        let ids: Vec<RecordingId> = held.map(|(id, ..)| id).collect();
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
