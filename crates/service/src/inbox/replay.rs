//! Calls are read again: one, or, after an upgrade, all that nobody understood.

use std::sync::PoisonError;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::CallId,
    inbox::Replaying,
    user::Role,
    view::Change,
};
use reelroom_store::{
    calls::{self, Call},
    inbox::{self, Entry},
    recordings,
};

use crate::{Principal, Service, ServiceError, require, understanding::reading::Reading};

/// How many calls are read from the database at once.
const PAGE: u32 = 64;

/// The most that one "replay all" reads; as many as the inbox keeps.
const MOST: u32 = 20_000;

impl Service {
    /// Reads one call again. Reading it twice is as good as once.
    pub async fn replay_call(&self, by: &Principal, id: CallId) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        self.understand_again(id).await?;
        self.publish(Change::Callback);
        Ok(())
    }

    /// Begins to read all calls again that a person has to look at; one such run at a time. How far
    /// it is stands in the inbox.
    pub async fn replay_all(&self, by: &Principal) -> Result<(), ServiceError> {
        require(by.clone(), Role::Admin)?;
        let total = {
            let mut read = self.0.store.read().await?;
            inbox::count_open(&mut read).await?.min(MOST)
        };
        {
            let mut replaying = self.lock_replaying();
            if replaying.as_ref().is_some_and(|run| run.ended_at.is_none()) {
                return Ok(());
            }
            *replaying = Some(Replaying {
                total,
                done: 0,
                understood: 0,
                broken: false,
                by: by.name.clone(),
                ended_at: None,
            });
        }
        let service = self.clone();
        self.0.jobs.spawn_until_close(async move {
            let ran = service.replay_open().await;
            if let Err(error) = &ran {
                tracing::error!(%error, "replaying callbacks");
            }
            let now = service.now();
            if let Some(run) = service.lock_replaying().as_mut() {
                run.broken = ran.is_err();
                run.ended_at = Some(now);
            }
            service.publish(Change::Callback);
        });
        Ok(())
    }

    pub(super) fn replaying(&self) -> Option<Replaying> {
        self.lock_replaying().clone()
    }

    fn lock_replaying(&self) -> std::sync::MutexGuard<'_, Option<Replaying>> {
        let replaying = self.0.replaying.lock();
        replaying.unwrap_or_else(PoisonError::into_inner)
    }

    async fn replay_open(&self) -> Result<(), ServiceError> {
        let mut after = CallId::default();
        let mut left = MOST;
        while left > 0 {
            let entries = {
                let mut read = self.0.store.read().await?;
                inbox::next_open(&mut read, after, PAGE.min(left)).await?
            };
            let Some(last) = entries.last() else { break };
            after = last.id;
            left = left.saturating_sub(PAGE);
            for entry in &entries {
                let verdict = self.understand_again(entry.id).await?;
                if let Some(run) = self.lock_replaying().as_mut() {
                    run.done += 1;
                    run.understood += u32::from(matches!(
                        verdict,
                        Some(Verdict::Accepted | Verdict::Duplicate)
                    ));
                }
            }
            self.publish(Change::Callback);
        }
        Ok(())
    }

    /// Reads a call again, unless that could only undo what a later one told; its verdict. `None`: it
    /// waits, and is understood after those before it.
    async fn understand_again(&self, id: CallId) -> Result<Option<Verdict>, ServiceError> {
        let (call, entry) = self.stored_call(id).await?;
        let Some(entry) = entry else {
            return Ok(None);
        };
        if self.is_settled(&entry).await? {
            return Ok(Some(entry.understood.verdict));
        }
        let assigned_to = match entry.assigned_to {
            Some(to) => {
                let mut read = self.0.store.read().await?;
                let recording = recordings::get(&mut read, to).await?;
                recording.map(|recording| (to, recording.room))
            }
            None => None,
        };
        let reading = Reading {
            call,
            before: Some(entry),
            assigned_to,
        };
        Ok(Some(self.understand(&reading).await?))
    }

    /// A call, and how it was understood.
    pub(super) async fn stored_call(
        &self,
        id: CallId,
    ) -> Result<(Call, Option<Entry>), ServiceError> {
        let mut read = self.0.store.read_calls().await?;
        let call = calls::get(&mut read, id).await?;
        drop(read);
        let mut read = self.0.store.read().await?;
        let entry = inbox::get(&mut read, id).await?;
        Ok((call.ok_or(ServiceError::NotFound)?, entry))
    }

    async fn is_settled(&self, entry: &Entry) -> Result<bool, ServiceError> {
        let understood = &entry.understood;
        Ok(match (entry.kind, understood.file) {
            // What happened in a room has happened; only what was left out can be news.
            (CallbackKind::Status, _) => {
                understood.verdict == Verdict::Accepted && understood.reason.is_none()
            }
            (CallbackKind::Av, Some(file)) => {
                let mut read = self.0.store.read().await?;
                inbox::has_later(&mut read, entry.id, file).await?
            }
            (CallbackKind::Av, None) => false,
        })
    }
}
