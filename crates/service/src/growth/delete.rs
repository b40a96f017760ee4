//! Deletes rows that are older than the settings allow, once a day.
//!
//! Every batch is a short transaction of its own, so that other writers wait only for a moment.

use std::time::Duration;

use data_encoding::HEXLOWER;
use reelroom_domain::{growth::Growing, ids::CallId, meeting::RoomKey, time::Timestamp};
use reelroom_store::{Store, acts, calls, inbox, lookups, meetings, seen};
use sha2::{Digest, Sha256};

use super::keeping::kept_days;
use crate::{Service, ServiceError, ground::jobs::Job};

/// The most rows that one transaction deletes.
const ROWS: u32 = 1000;
/// The most rooms that are looked at together.
const ROOMS: u32 = 200;
/// The most bodies that one transaction deletes, and their bytes. Callbacks wait for such a transaction.
const BODIES: u32 = 100;
const BODY_BYTES: u64 = 1 << 20;

impl Service {
    /// Deletes all rows that are too old.
    pub(crate) async fn delete_old_rows(&self) -> Result<Option<Duration>, ServiceError> {
        self.in_background(|service, store| async move {
            for what in Growing::ALL {
                service.delete_old(&store, *what).await?;
            }
            Ok(None)
        })
        .await
    }

    async fn delete_old(&self, store: &Store, what: Growing) -> Result<(), ServiceError> {
        let days = kept_days(&mut *store.read().await?, what).await?;
        let before = what.cut_off(days, self.now());
        match what {
            Growing::CallBodies => self.delete_old_bodies(store, before).await,
            Growing::StatusEvents => self.delete_old_events(store, before).await,
            Growing::LookupFinds | Growing::Seen | Growing::HistoryDays => loop {
                let mut tx = store.write().await?;
                let is_some = match what {
                    Growing::LookupFinds => lookups::delete_finds(&mut tx, before, ROWS).await?,
                    Growing::Seen => seen::delete_before(&mut tx, before, ROWS).await?,
                    _ => acts::delete_before(&mut tx, before, ROWS).await?,
                };
                tx.commit().await?;
                if !is_some {
                    return Ok(());
                }
                self.0.jobs.progress(Job::OldRows);
            },
        }
    }

    /// Deletes the bodies of accepted calls. The rows of the inbox are marked last, so that a batch is repeated after
    /// a crash.
    async fn delete_old_bodies(
        &self,
        store: &Store,
        before: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut after = CallId::default();
        loop {
            let mut old =
                inbox::with_old_bodies(&mut *store.read().await?, after, before, BODIES).await?;
            let fit = fitting(&old);
            old.truncate(fit);
            let ids: Vec<CallId> = old.into_iter().map(|(id, _)| id).collect();
            let Some(last) = ids.last() else {
                return Ok(());
            };
            after = *last;
            let bodies = calls::bodies(&mut *store.read_calls().await?, &ids).await?;
            let hash = |(id, body): (CallId, Vec<u8>)| (id, HEXLOWER.encode(&Sha256::digest(body)));
            let hashes: Vec<_> = bodies.into_iter().map(hash).collect();
            let now = self.now();
            let mut tx = store.write_calls().await?;
            calls::delete_bodies(&mut tx, now, &hashes).await?;
            tx.commit().await?;
            let mut tx = store.write().await?;
            inbox::set_bodies_deleted(&mut tx, &ids, now).await?;
            tx.commit().await?;
            self.0.jobs.progress(Job::OldRows);
        }
    }

    /// Deletes the events of each room before the last end of a meeting that is old enough.
    async fn delete_old_events(
        &self,
        store: &Store,
        before: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut after: Option<RoomKey> = None;
        loop {
            let mut read = store.read().await?;
            let rooms = meetings::with_old_events(&mut read, after.as_ref(), before, ROOMS).await?;
            drop(read);
            let Some((last, _)) = rooms.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            for (room, until) in rooms {
                let Some(until) = until else {
                    continue;
                };
                let mut is_some = true;
                while is_some {
                    let mut tx = store.write().await?;
                    is_some = meetings::delete_events(&mut tx, &room, until, ROWS).await?;
                    tx.commit().await?;
                    self.0.jobs.progress(Job::OldRows);
                }
            }
        }
    }
}

/// How many of the first calls have bodies of [`BODY_BYTES`] together; at least one.
fn fitting(calls: &[(CallId, u64)]) -> usize {
    let mut bytes: u64 = 0;
    let fit = calls.iter().take_while(|(_, size)| {
        bytes = bytes.saturating_add(*size);
        bytes <= BODY_BYTES
    });
    fit.count().max(1)
}

#[cfg(test)]
mod tests;
