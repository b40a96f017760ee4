//! Calls are read again: one, or, after an upgrade, all that nobody understood.

use std::sync::PoisonError;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::CallbackId,
    inbox::Replaying,
    user::Role,
    view::Change,
};
use reelroom_store::callbacks::{self, Callback};

use crate::{Principal, Service, ServiceError, require};

/// How many calls are read from the database at once.
const PAGE: u32 = 64;

/// The most that one "replay all" reads; as many as the inbox keeps.
const MOST: u32 = 20_000;

impl Service {
    /// Reads one call again. Reading it twice is as good as once.
    pub async fn replay_call(&self, by: &Principal, id: CallbackId) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        let call = {
            let mut read = self.0.store.read().await?;
            callbacks::get(&mut read, id).await?
        };
        let call = call.ok_or(ServiceError::NotFound)?;
        self.understand_again(&call).await?;
        self.publish(Change::Callback);
        Ok(())
    }

    /// Begins to read all calls again that a person has to look at; one such run at a time. How far
    /// it is stands in the inbox.
    pub async fn replay_all(&self, by: &Principal) -> Result<(), ServiceError> {
        require(by.clone(), Role::Admin)?;
        let total = {
            let mut read = self.0.store.read().await?;
            callbacks::count_open(&mut read).await?.min(MOST)
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
        self.run(async move {
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
        let replaying = self.0.inbox.replaying.lock();
        replaying.unwrap_or_else(PoisonError::into_inner)
    }

    async fn replay_open(&self) -> Result<(), ServiceError> {
        let mut after = None;
        let mut left = MOST;
        while left > 0 {
            let calls = {
                let mut read = self.0.store.read().await?;
                callbacks::next_open(&mut read, after, PAGE.min(left)).await?
            };
            let Some(last) = calls.last() else { break };
            after = Some((last.received_at, last.id));
            left = left.saturating_sub(PAGE);
            for call in &calls {
                let verdict = self.understand_again(call).await?;
                if let Some(run) = self.lock_replaying().as_mut() {
                    run.done += 1;
                    run.understood +=
                        u32::from(matches!(verdict, Verdict::Accepted | Verdict::Duplicate));
                }
            }
            self.publish(Change::Callback);
        }
        Ok(())
    }

    /// Reads a call again, unless that could only undo what a later one told.
    async fn understand_again(&self, call: &Callback) -> Result<Verdict, ServiceError> {
        if let Some(verdict) = call.verdict
            && self.is_settled(call, verdict).await?
        {
            return Ok(verdict);
        }
        self.understand(call).await
    }

    async fn is_settled(&self, call: &Callback, verdict: Verdict) -> Result<bool, ServiceError> {
        Ok(match (call.kind, call.file) {
            // What happened in a room has happened; only what was left out can be news.
            (CallbackKind::Status, _) => verdict == Verdict::Accepted && call.reason.is_none(),
            (CallbackKind::Av, Some(file)) => {
                let mut read = self.0.store.read().await?;
                callbacks::told_later(&mut read, call, file).await?
            }
            (CallbackKind::Av, None) => false,
        })
    }
}
