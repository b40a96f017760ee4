//! Have recordings of the trash purged at once.

use reelroom_domain::{
    access::Verb,
    certificate::DeletedWhy,
    ids::RecordingId,
    keep::{Denied, Keep, KeepField, Wish, is_confirmed},
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, purges,
    recordings::keep::{self, Locked},
};

use super::{
    error::{Consent, KeepError},
    say::{Why, require},
};
use crate::{Browser, Found, Principal, Service, ServiceError};

/// When an account asked or agreed, and its sign-in name.
type Signed = (Timestamp, String);

impl Service {
    /// Has recordings of the trash purged at once, all or none of them; `typed` is “delete 2”, with their number.
    pub async fn delete_now(
        &self,
        by: &Principal,
        browser: &Browser,
        ids: &[RecordingId],
        typed: &str,
        why: &str,
    ) -> Result<Consent, KeepError> {
        if ids.is_empty() {
            return Err(ServiceError::NotFound.into());
        }
        let mut recordings = ids.to_vec();
        // Equal wishes are found by their stored text.
        recordings.sort_unstable();
        let wish = Wish::DeleteNow { recordings };
        let wrong = (!is_confirmed(typed, ids.len())).then_some(KeepField::Typed);
        let tx = self.0.store.write().await?;
        self.wish(tx, (by, browser), wish, why, wrong).await
    }

    /// Makes recordings of the trash due now, and stores why.
    pub(super) async fn purge_soon(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        ids: &[RecordingId],
        reason: Why<'_>,
    ) -> Result<Vec<Locked>, KeepError> {
        keep::lock_rooms(tx, ids).await?;
        let (asked, agreed) = self.asked(who.0, reason);
        let mut due = Vec::new();
        for id in ids {
            let locked = keep::lock(tx, *id).await?.found()?;
            require(who.0, Verb::Delete, &locked)?;
            let Keep::Trashed { at, by, .. } = &locked.facts.keep else {
                let denied = match locked.facts.keep {
                    Keep::Kept => Denied::NotInTrash,
                    _ => Denied::Purged,
                };
                return Err(KeepError::Denied(denied));
            };
            if locked.facts.is_held {
                return Err(KeepError::Denied(Denied::Held));
            }
            let keep = Keep::Trashed {
                at: *at,
                by: by.clone(),
                until: self.now(),
            };
            keep::set(tx, &locked, &keep).await?;
            // The rule that moved it to the trash, if one did.
            let before = purges::asked(tx, *id).await?;
            let why = DeletedWhy {
                reason: reason.words().map(ToOwned::to_owned),
                rule: before.and_then(|before| before.rule),
                trashed: by.clone().map(|by| (*at, by)),
                asked: Some(asked.clone()),
                agreed: agreed.clone(),
            };
            purges::ask(tx, *id, &why).await?;
            let event = HistoryEvent::PurgeAsked;
            self.say(tx, who, &locked, event, reason).await?;
            due.push(locked);
        }
        Ok(due)
    }

    /// When and by whom a purge was asked for, and agreed to.
    fn asked(&self, by: &Principal, why: Why<'_>) -> (Signed, Option<Signed>) {
        let now = (self.now(), by.name.clone());
        match why {
            Why::Request(request, _) => {
                let asked = (request.asked_at, request.asked_name.clone());
                (asked, Some(now))
            }
            _ => (now, None),
        }
    }
}
