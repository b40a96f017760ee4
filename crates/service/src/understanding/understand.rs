//! Understanding stored calls: after the answer, in the order of arrival, repeatable.
//!
//! Many calls share a transaction, on a thread of low priority: acknowledgements come first. They are
//! understood in portions, after each of which the transaction ends if another writer waits. At a low
//! rate, calls are gathered for a moment.

use std::{
    panic::AssertUnwindSafe,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use futures::FutureExt;
use reelroom_domain::{
    callback::{CallbackKind, Understood, Verdict},
    change::Change,
    ids::CallId,
    understanding::{Decided, ReadCall, decide},
};
use reelroom_store::{Conn, Store, StoreError, Write, apps, calls, inbox, understanding};

use super::{read::Reader, reading::Reading};
use crate::{
    Service, ServiceError,
    ground::{
        crash,
        jobs::Job,
        portion::MOST_BESIDE_OTHERS,
        queue::{Cleared, Request},
    },
    recordings::patience::patience,
};

/// The size of an event in a status call, about.
const EVENT_BYTES: usize = 100;
/// The work of an event, in files.
const EVENT_WEIGHT: usize = 3;
/// The most calls in a round.
const MOST: usize = 4096;
/// The bytes of bodies that are read from the database at once.
const MOST_BYTES: u64 = 16 << 20;
/// The time after which a transaction ends even if no writer of this process waits: one of another
/// process may.
const LONGEST: Duration = Duration::from_secs(1);
/// The pause after a round of fewer than [`MOST`] calls.
const PACE: Duration = Duration::from_millis(30);
/// The tries of a call in conflict with other transactions.
const TRIES: u32 = 3;

/// The reason why calls were not understood.
enum Trouble {
    /// A retry may succeed.
    Passing(ServiceError),
    /// A retry would fail.
    Lasting(String),
}

/// The work of a call, in files.
fn weight(reading: &Reading) -> usize {
    let call = &reading.call.content;
    match call.kind {
        CallbackKind::Av => 1,
        CallbackKind::Status => (call.body.len() / EVENT_BYTES).max(1) * EVENT_WEIGHT,
    }
}

/// The first calls, which weigh at most `size` together; one call at least.
fn portion(calls: &[Reading], size: usize) -> &[Reading] {
    let mut weighs = 0;
    let fit = calls.iter().take_while(|call| {
        weighs += weight(call);
        weighs <= size
    });
    &calls[..fit.count().max(1).min(calls.len())]
}

impl Service {
    /// Understands a part of the waiting calls. The next round is at once if more wait.
    pub(crate) async fn understand_round(&self) -> Result<Option<Duration>, ServiceError> {
        match self.understand_waiting().await {
            // Calls wait until there is an app.
            Ok((0, _)) | Err(ServiceError::NoApp) => Ok(None),
            Ok((_, true)) => Ok(Some(Duration::ZERO)),
            Ok((_, false)) => Ok(Some(PACE)),
            Err(error) => Err(error),
        }
    }

    /// Understands waiting calls. Returns their number, and whether more may wait.
    pub(super) async fn understand_waiting(&self) -> Result<(usize, bool), ServiceError> {
        if self.known_apps().await?.is_empty() {
            return Err(ServiceError::NoApp);
        }
        self.in_background(|service, store| async move { service.understand_next(&store).await })
            .await
    }

    async fn understand_next(&self, store: &Store) -> Result<(usize, bool), ServiceError> {
        let after = self.understood_up_to();
        let mut calls = self.0.fresh.take(after, MOST);
        if calls.is_empty() {
            let mut read = store.read_calls().await?;
            calls = calls::next_waiting(&mut read, after, MOST, MOST_BYTES).await?;
        }
        let found = calls.len();
        let calls: Vec<_> = calls.into_iter().map(Reading::first).collect();
        let mut rest = calls.as_slice();
        let mut is_faulty = false;
        while !rest.is_empty() {
            let calls = if is_faulty {
                portion(rest, self.portion_size())
            } else {
                rest
            };
            match self.try_to_understand(store, calls).await {
                Ok((number, _)) => rest = &rest[number..],
                Err(Trouble::Passing(error)) => return Err(error),
                // One of them is faulty: from now on each portion has its own transaction, and in the
                // portion with the fault each call, so that it does not block the others.
                Err(Trouble::Lasting(_)) if !is_faulty => is_faulty = true,
                Err(Trouble::Lasting(_)) => {
                    for call in calls {
                        self.understand(store, call).await?;
                    }
                    rest = &rest[calls.len()..];
                }
            }
        }
        store.checkpoint().await?;
        Ok((found, found == MOST || !self.0.fresh.is_empty()))
    }

    /// The size of the next portion.
    fn portion_size(&self) -> usize {
        if self.0.store.is_shared() {
            MOST_BESIDE_OTHERS
        } else {
            self.0.portion.size()
        }
    }

    /// Commits what was understood and takes the calls off the list of waiting ones: in the same
    /// transaction or, if calls are in a database of their own, after it.
    async fn commit_understood(
        &self,
        mut tx: Write,
        done: Vec<CallId>,
        delete: Vec<CallId>,
    ) -> Result<(), ServiceError> {
        let is_apart = self.0.store.has_calls_apart();
        if !is_apart {
            calls::clear_waiting(&mut tx, &done).await?;
            calls::delete(&mut tx, &delete).await?;
            crash::point("waiting-cleared");
        }
        tx.commit().await?;
        crash::point("understanding-committed");
        if !is_apart {
            return Ok(());
        }
        if let Some(last) = done.iter().max() {
            let up_to = &self.0.understood_up_to;
            up_to.fetch_max(last.number(), Ordering::Relaxed);
        }
        // The writer may have ended already: the next start finds these calls understood.
        let _ = self
            .0
            .intake
            .send(Request::Clear(Cleared { done, delete }))
            .await;
        Ok(())
    }

    /// Understands one call; idempotent. If a bug of ours prevents it, a new call is recorded as
    /// unrecognised and can be understood again after a fix, and an understood one stays as it was.
    pub(crate) async fn understand(
        &self,
        store: &Store,
        reading: &Reading,
    ) -> Result<Verdict, ServiceError> {
        let call = &reading.call;
        let mut tries = 0;
        let why = loop {
            tries += 1;
            let alone = std::slice::from_ref(reading);
            match self.try_to_understand(store, alone).await {
                Ok((_, verdict)) => return Ok(verdict.unwrap_or(Verdict::Unrecognised)),
                Err(Trouble::Lasting(why)) => break why,
                Err(Trouble::Passing(ServiceError::Store(StoreError::Contended)))
                    if tries < TRIES => {}
                Err(Trouble::Passing(ServiceError::Store(error @ StoreError::Contended))) => {
                    break error.to_string();
                }
                Err(Trouble::Passing(error)) => return Err(error),
            }
        };
        if let Some(before) = &reading.before {
            tracing::error!(call = %call.id, why, "a callback cannot be understood again; nothing is changed");
            return Ok(before.understood.verdict);
        }
        tracing::error!(call = %call.id, why, "a callback cannot be understood; set aside");
        let understood = Understood {
            reason: Some(format!("a fault of ours: {why}")),
            ..Understood::of(Verdict::Unrecognised)
        };
        let mut tx = store.write().await?;
        inbox::record(&mut tx, self.now(), &[(call, understood)]).await?;
        self.commit_understood(tx, vec![call.id], Vec::new())
            .await?;
        let took = self.now().since(call.content.received_at);
        let verdict = Verdict::Unrecognised;
        self.0.metrics.count_understood(verdict, took);
        Ok(verdict)
    }

    async fn try_to_understand(
        &self,
        store: &Store,
        calls: &[Reading],
    ) -> Result<(usize, Option<Verdict>), Trouble> {
        // A panic rolls the transaction back.
        match AssertUnwindSafe(self.understand_all(store, calls))
            .catch_unwind()
            .await
        {
            Ok(Ok(understood)) => Ok(understood),
            Ok(Err(ServiceError::Store(error))) if !error.is_passing() => {
                Err(Trouble::Lasting(error.to_string()))
            }
            Ok(Err(error @ (ServiceError::Store(_) | ServiceError::NoApp))) => {
                Err(Trouble::Passing(error))
            }
            Ok(Err(error)) => Err(Trouble::Lasting(error.to_string())),
            Err(_) => Err(Trouble::Lasting("it panicked".to_owned())),
        }
    }

    /// Understands calls in one transaction, portion by portion, until all are understood, another writer
    /// waits, or it has lasted for [`LONGEST`]. Returns their number and the verdict of the first.
    async fn understand_all(
        &self,
        store: &Store,
        calls: &[Reading],
    ) -> Result<(usize, Option<Verdict>), ServiceError> {
        let mut tx = store.write().await?;
        inbox::lock_understanding(&mut tx).await?;
        crash::point("understanding-begun");
        let begun = Instant::now();
        let (mut done, mut deleted) = (Vec::new(), Vec::new());
        let mut understood: Vec<&Reading> = Vec::new();
        let mut decided = Decided::default();
        while done.len() < calls.len() {
            let portion_begun = Instant::now();
            let portion = portion(&calls[done.len()..], self.portion_size());
            let ids: Vec<CallId> = portion.iter().map(|reading| reading.call.id).collect();
            // Another process may have understood some, or this one before it crashed.
            let known = inbox::understood_of(&mut tx, &ids).await?;
            let is_new =
                |reading: &&Reading| reading.before.is_some() || !known.contains(&reading.call.id);
            let new: Vec<&Reading> = portion.iter().filter(is_new).collect();
            let of_portion = self.understand_within(&mut tx, &new).await?;
            deleted.extend(self.enforce_quota(&mut tx, &new, &of_portion).await?);
            done.extend(ids);
            understood.extend(new);
            decided.understood.extend(of_portion.understood);
            decided.changes.extend(of_portion.changes);
            let weight = portion.iter().map(weight).sum();
            self.0.portion.adapt(weight, portion_begun.elapsed());
            if store.is_write_awaited() || begun.elapsed() > LONGEST {
                break;
            }
        }
        crash::point("understanding-applied");
        let number = done.len();
        self.commit_understood(tx, done, deleted).await?;
        crash::point("understanding-durable");
        let now = self.now();
        for (reading, understood) in understood.iter().zip(&decided.understood) {
            let (call, verdict) = (reading.call.id, understood.verdict);
            if reading.before.is_none() {
                let took = now.since(reading.call.content.received_at);
                self.0.metrics.count_understood(verdict, took);
            }
            tracing::debug!(%call, ?verdict, reason = understood.reason, "understood");
        }
        let first = decided.understood.first().map(|one| one.verdict);
        self.publish_decided(decided);
        crash::point("published");
        Ok((number, first))
    }

    /// Reads calls, loads the world that they touch, decides, and applies the decision, in the caller's
    /// transaction.
    pub(crate) async fn understand_within(
        &self,
        tx: &mut Conn,
        calls: &[&Reading],
    ) -> Result<Decided, ServiceError> {
        // Not from the cache: an app that a call names may be new.
        let apps = apps::list(tx).await?;
        let reader = Reader {
            apps: &apps,
            correlator: &self.0.correlator,
        };
        let read: Option<Vec<ReadCall>> = calls.iter().map(|call| reader.read(call)).collect();
        let read = read.ok_or(ServiceError::NoApp)?;
        let patience = patience(tx).await?;
        let mut world = understanding::load(tx, self.now(), patience, &read).await?;
        let decided = decide(&mut world, &read, &mut &self.0.rng);
        let understood: Vec<_> = calls
            .iter()
            .map(|reading| &reading.call)
            .zip(decided.understood.iter().cloned())
            .collect();
        understanding::apply(tx, &world, &understood).await?;
        Ok(decided)
    }

    /// Deletes the oldest unusable entries over the quota. Returns their calls.
    async fn enforce_quota(
        &self,
        tx: &mut Conn,
        calls: &[&Reading],
        decided: &Decided,
    ) -> Result<Vec<CallId>, ServiceError> {
        let is_unusable = |verdict| matches!(verdict, Verdict::Unrecognised | Verdict::Malformed);
        let sizes: Vec<u64> = calls
            .iter()
            .zip(&decided.understood)
            .filter(|(_, understood)| is_unusable(understood.verdict))
            .map(|(reading, _)| reading.call.content.body.len() as u64)
            .collect();
        let rows = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
        let limits = self.0.limits;
        if rows == 0 || !self.0.quota.is_due(limits, rows, sizes.iter().sum()) {
            return Ok(Vec::new());
        }
        let (rows, bytes) = (limits.unusable_calls, limits.unusable_bytes);
        let deleted = inbox::keep_to_quota(tx, rows, bytes).await?;
        if !deleted.is_empty() {
            let deleted = deleted.len();
            tracing::warn!(deleted, "unusable callbacks deleted: over the quota");
        }
        Ok(deleted)
    }

    /// Publishes a decision after its commit, and wakes the jobs that it may concern.
    fn publish_decided(&self, decided: Decided) {
        let has_file = |understood: &Understood| understood.file.is_some();
        let (files, others): (Vec<_>, Vec<_>) =
            decided.understood.iter().partition(|one| has_file(one));
        for change in decided.changes {
            self.publish(change);
        }
        self.publish(Change::Callback);
        if !files.is_empty() {
            self.wake(Job::Fetch);
        }
        if !others.is_empty() {
            // A meeting may have begun or ended.
            self.wake(Job::AutoStart);
            self.wake(Job::AutoStop);
        }
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;
    use reelroom_store::calls::Call;

    use super::*;
    use crate::testing::new_call;

    fn calls(kind: CallbackKind, sizes: &[usize]) -> Vec<Reading> {
        let call = |size: &usize| Call {
            id: CallId::default(),
            content: new_call(kind, Timestamp::default(), &vec![b' '; *size]),
        };
        sizes.iter().map(call).map(Reading::first).collect()
    }

    #[test]
    fn a_portion_has_a_limited_size() {
        let many = |mut calls: &[Reading]| {
            let mut many = Vec::new();
            while !calls.is_empty() {
                let number = portion(calls, 1024).len();
                many.push(number);
                calls = &calls[number..];
            }
            many
        };
        let files = calls(CallbackKind::Av, &[5000; 1024]);
        assert_eq!(many(&files), [1024]);
        let small = calls(CallbackKind::Status, &[1000; 100]);
        assert_eq!(many(&small), [34, 34, 32]);
        let large = calls(CallbackKind::Status, &[90, 1 << 20, 1 << 20, 90, 90]);
        assert_eq!(many(&large), [1, 1, 1, 2]);
        let mixed = [&files[..1000], &small[..20], &files[..3]].concat();
        assert_eq!(many(&mixed), [1000, 23]);
        assert!(portion(&[], 1024).is_empty());
    }
}
