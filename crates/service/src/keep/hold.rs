//! Put recordings on hold.

use reelroom_domain::{
    access::{Thing, Verb},
    case::Case,
    ids::RecordingId,
    keep::{Keep, KeepEvent, KeepField, after, reason},
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, holds, purges,
    recordings::keep::{self, Locked},
};

use super::{
    error::KeepError,
    say::{Why, require},
};
use crate::{Browser, Found, Principal, Service};

impl Service {
    /// Puts a recording on hold, which takes it out of the trash. Refused once its purge has begun.
    pub async fn hold(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RecordingId,
        why: &str,
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let locked = keep::lock(&mut tx, id).await?.found()?;
        let reason = reason(why);
        self.hold_one(
            &mut tx,
            (by, browser),
            &locked,
            None,
            reason.unwrap_or_default(),
        )
        .await?;
        if reason.is_none() {
            return Err(KeepError::Invalid(vec![KeepField::Reason]));
        }
        let held = [locked];
        self.close_requests(&mut tx, &by.name, &held, None).await?;
        tx.commit().await?;
        self.publish_done(by, HistoryEvent::Held, &held);
        Ok(())
    }

    /// Puts a locked recording on hold, itself or by a case; `false` where that holds it already.
    pub(super) async fn hold_one(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        locked: &Locked,
        case: Option<&Case>,
        why: &str,
    ) -> Result<bool, KeepError> {
        let by = who.0;
        let verb = if by.may(Verb::Release, Thing::Room(locked.app, &locked.room)) {
            Verb::Release
        } else {
            Verb::Change
        };
        require(by, verb, locked)?;
        after(&locked.facts, KeepEvent::Held).map_err(KeepError::Denied)?;
        let of = case.map(|case| case.id);
        if !holds::add(tx, locked.id, of, why, self.now(), &by.name).await? {
            return Ok(false);
        }
        if locked.facts.keep != Keep::Kept {
            keep::set(tx, locked, &Keep::Kept).await?;
            purges::remove(tx, locked.id).await?;
        }
        let why = case.map_or(Why::Reason(why), Why::Case);
        self.say(tx, who, locked, HistoryEvent::Held, why).await?;
        Ok(true)
    }
}
