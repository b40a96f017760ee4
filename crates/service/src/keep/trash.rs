//! Move recordings to the trash, list it, and restore them.

use std::collections::BTreeMap;

use reelroom_domain::{
    access::{Right, Verb},
    act::ActKind,
    case::CaseEvent,
    ids::{AppId, RecordingId},
    keep::{Denied, Keep, KeepEvent, KeepSettings, after, may_trash},
    outcome::{ItemOutcome, Outcomes},
    search::SearchText,
    time::Timestamp,
    view::{HistoryEvent, RecordingRow},
};
use reelroom_store::{
    Conn, acts, cases, holds, purges,
    recordings::{
        self,
        keep::{self, Locked},
    },
};

use super::say::{Why, require};
use crate::{
    Browser, Principal, Selection, SelectionError, Service, ServiceError,
    apps::scope::Visible,
    ground::{cursor, jobs::Job},
    recordings::{find::outcome_of, library::row, patience::patience},
};

/// How many recordings a transaction changes: others wait for it.
const AT_ONCE: usize = 200;
/// The recordings on a page of the trash.
const PAGE: u32 = 50;

/// The recordings of the trash to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrashQuery {
    /// Of this app; `None`: of the default app.
    pub app: Option<AppId>,
    /// Only those whose room, title and account that moved them there together contain each word.
    pub search: Option<SearchText>,
    /// The cursor of the page; `None`: the first.
    pub after: Option<String>,
}

/// A recording in the trash.
#[derive(Debug, Clone, PartialEq)]
pub struct TrashRow {
    /// Its row, as in the library.
    pub row: RecordingRow,
    /// When it was moved there.
    pub at: Timestamp,
    /// The sign-in name of the account that moved it there; `None`: it came there by a late file.
    pub by: Option<String>,
    /// When it is purged.
    pub until: Timestamp,
}

/// A page of the trash.
#[derive(Debug, Clone, PartialEq)]
pub struct TrashView {
    /// The recordings that are purged first come first.
    pub recordings: Vec<TrashRow>,
    /// The number of recordings on all pages, and the bytes of their copies.
    pub total: (u32, u64),
    /// The cursor of the next page, if there is one.
    pub more: Option<String>,
    /// The settings.
    pub settings: KeepSettings,
    /// The server's time.
    pub now: Timestamp,
}

impl Service {
    /// Moves a selection to the trash, a batch in each transaction.
    pub async fn trash(
        &self,
        by: &Principal,
        browser: &Browser,
        selection: Selection,
    ) -> Result<Outcomes, SelectionError> {
        let mut outcomes = Outcomes::new();
        for ids in self.selected(by, selection).await?.chunks(AT_ONCE) {
            let event = HistoryEvent::Trashed;
            outcomes.extend(self.move_all((by, browser), ids, event).await?);
        }
        Ok(outcomes)
    }

    /// Restores recordings from the trash, as they were.
    pub async fn restore(
        &self,
        by: &Principal,
        browser: &Browser,
        ids: &[RecordingId],
    ) -> Result<Outcomes, ServiceError> {
        let event = HistoryEvent::Restored;
        self.move_all((by, browser), ids, event).await
    }

    /// A page of the trash.
    pub async fn trash_list(
        &self,
        by: &Principal,
        query: &TrashQuery,
    ) -> Result<TrashView, ServiceError> {
        if !by.access.rights.has(Right::Delete) {
            return Err(ServiceError::Forbidden);
        }
        let app = self.app_for(by, query.app).await?;
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let scope = visible.scope();
        let after = query.after.as_deref().and_then(cursor::parse);
        let (mut found, total) = match &query.search {
            Some(search) => keep::search(&mut read, scope, search, after, PAGE + 1).await?,
            None => (
                keep::page(&mut read, scope, after, PAGE + 1).await?,
                keep::totals(&mut read, scope).await?,
            ),
        };
        let more = cursor::cut(&mut found, PAGE, |(id, keep)| (until(keep, now), *id));
        let ids: Vec<RecordingId> = found.iter().map(|(id, _)| *id).collect();
        let patience = patience(&mut read).await?;
        let rows = recordings::deleted(&mut read, &ids).await?;
        let mut of: BTreeMap<RecordingId, Keep> = found.into_iter().collect();
        let rows = rows.into_iter().filter_map(|summary| {
            let keep = of.remove(&summary.recording.id)?;
            let row = row(by, summary, None, patience, now);
            if let Keep::Trashed { at, by, until } = keep {
                Some(TrashRow { row, at, by, until })
            } else {
                None
            }
        });
        Ok(TrashView {
            recordings: rows.collect(),
            total,
            more,
            settings: keep::settings(&mut read).await?,
            now,
        })
    }

    /// Moves recordings to the trash or, as `event` says, out of it, in one transaction.
    async fn move_all(
        &self,
        who: (&Principal, &Browser),
        ids: &[RecordingId],
        event: HistoryEvent,
    ) -> Result<Outcomes, ServiceError> {
        let mut outcomes: Outcomes = ids.iter().map(|id| (*id, ItemOutcome::Gone)).collect();
        let mut tx = self.0.store.write().await?;
        let (by, now) = (who.0, self.now());
        let to = match event {
            HistoryEvent::Restored => Keep::Kept,
            _ => Keep::Trashed {
                at: now,
                by: Some(by.name.clone()),
                until: keep::settings(&mut tx).await?.trash_until(now),
            },
        };
        keep::lock_rooms(&mut tx, ids).await?;
        let mut changed = Vec::new();
        for id in ids {
            if let Some(locked) = keep::lock(&mut tx, *id).await? {
                let outcome = self.move_one(&mut tx, who, &locked, &to, event).await?;
                outcomes.insert(*id, outcome);
                changed.extend(Some(locked).filter(|_| outcome == ItemOutcome::Done));
            }
        }
        if to == Keep::Kept {
            self.close_requests(&mut tx, &by.name, &changed, None)
                .await?;
        }
        tx.commit().await?;
        self.wake(Job::Purge);
        self.publish_done(by, event, &changed);
        Ok(outcomes)
    }

    async fn move_one(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        locked: &Locked,
        to: &Keep,
        event: HistoryEvent,
    ) -> Result<ItemOutcome, ServiceError> {
        if let Err(error) = require(who.0, Verb::Delete, locked) {
            return Ok(outcome_of(&error));
        }
        let may = match to {
            Keep::Kept => after(&locked.facts, KeepEvent::Restored).map(drop),
            _ => may_trash(&locked.facts),
        };
        if let Err(denied) = may {
            if denied == Denied::Held {
                self.say_kept(tx, who, locked).await?;
            }
            return Ok(ItemOutcome::Denied(denied));
        }
        keep::set(tx, locked, to).await?;
        if *to == Keep::Kept {
            purges::remove(tx, locked.id).await?;
        }
        self.say(tx, who, locked, event, Why::Unsaid).await?;
        Ok(ItemOutcome::Done)
    }

    /// Records that a hold prevented the deletion of a recording.
    async fn say_kept(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        locked: &Locked,
    ) -> Result<(), ServiceError> {
        let (id, now) = (locked.id, self.now());
        for hold in holds::of_recording(tx, id).await? {
            if let Some((case, _)) = hold.case {
                let event = CaseEvent::Kept { recording: id };
                cases::append(tx, case, now, &who.0.name, &event).await?;
            }
        }
        let act = self.act_on(who, locked, ActKind::HoldKept);
        Ok(acts::append(tx, &act).await?)
    }
}

/// When a recording of the trash is purged.
fn until(keep: &Keep, now: Timestamp) -> Timestamp {
    if let Keep::Trashed { until, .. } = keep {
        *until
    } else {
        now
    }
}
