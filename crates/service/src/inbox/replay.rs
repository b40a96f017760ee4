//! Reads calls again: one, or, after an upgrade, all that need attention.

use reelroom_domain::{
    access::{Thing, Verb},
    callback::{CallbackKind, Verdict},
    change::Change,
    ids::CallId,
    inbox::Replaying,
};
use reelroom_store::{
    Conn,
    calls::{self, Call},
    inbox::{self, Entry},
    leases, recordings, settings,
};
use tokio::time::Instant;

use crate::{
    Found, Principal, Service, ServiceError,
    ground::jobs::{LEASE, RENEW_EVERY},
    understanding::reading::{Assignment, Reading},
};

/// The key of the last run in the settings, and the name of the lease of its server.
const RUN: &str = "replay_all";

/// How many calls are read from the database at once.
const PAGE: u32 = 64;

/// The most that one "replay all" reads; as many as the inbox keeps.
const MOST: u32 = 20_000;

/// For how long the end of a run is shown, in milliseconds.
const RECENT: i64 = 60_000;

/// A run of "replay all".
struct Run {
    holder: String,
    saved_at: Instant,
    progress: Replaying,
}

impl Service {
    /// Reads one call again, and returns whether its verdict changed. Idempotent.
    pub async fn replay_call(&self, by: &Principal, id: CallId) -> Result<bool, ServiceError> {
        by.require(Verb::Change, Thing::Callbacks)?;
        let (_, before) = self.stored_call(id).await?;
        let after = self.understand_again(id).await?;
        self.publish(Change::Callback);
        Ok(before.map(|before| before.understood.verdict) != after)
    }

    /// Begins to read all calls that need attention again, unless a server is doing so. The inbox shows the progress.
    pub async fn replay_all(&self, by: &Principal) -> Result<(), ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let total = inbox::count_open(&mut *self.0.store.read().await?)
            .await?
            .min(MOST);
        let mut run = Run {
            holder: self.0.rng.word(16),
            saved_at: Instant::now(),
            progress: Replaying {
                total,
                done: 0,
                understood: 0,
                broken: false,
                by: by.name.clone(),
                saved_at: self.now(),
                ended_at: None,
            },
        };
        if !self.save(&mut run).await? {
            return Ok(());
        }
        let service = self.clone();
        self.0.jobs.spawn(async move {
            let ran = tokio::select! {
                ran = service.replay_open(&mut run) => ran,
                () = service.0.jobs.closing() => Err(ServiceError::Interrupted),
            };
            if let Err(error) = &ran {
                tracing::error!(%error, "replaying callbacks");
            }
            run.progress.broken = ran.is_err();
            run.progress.ended_at = Some(service.now());
            if let Err(error) = service.save(&mut run).await {
                tracing::error!(%error, "the end of the replay is not recorded");
            }
        });
        Ok(())
    }

    /// The run in progress, or the last one for a while after its end, shown only to the account that began
    /// it. A run whose server has ended is broken.
    pub(super) async fn replaying(
        &self,
        conn: &mut Conn,
        by: &Principal,
    ) -> Result<Option<Replaying>, ServiceError> {
        let mut run: Option<Replaying> = settings::get_value(conn, RUN).await?;
        if let Some(run) = run.as_mut().filter(|run| run.ended_at.is_none())
            && leases::holder(conn, RUN).await?.is_none()
        {
            run.broken = true;
            run.ended_at = Some(run.saved_at);
        }
        let is_shown = |run: &Replaying| match run.ended_at {
            Some(ended_at) => run.by == by.name && self.now().since(ended_at) < RECENT,
            None => true,
        };
        Ok(run.filter(is_shown))
    }

    /// Stores the progress of a run, and renews its lease; `false` where another run has the lease.
    async fn save(&self, run: &mut Run) -> Result<bool, ServiceError> {
        run.progress.saved_at = self.now();
        let mut tx = self.0.store.write().await?;
        if !leases::hold(&mut tx, RUN, &run.holder, LEASE).await? {
            return Ok(false);
        }
        if run.progress.ended_at.is_some() {
            leases::release(&mut tx, &run.holder).await?;
        }
        settings::set_value(&mut tx, RUN, &run.progress).await?;
        tx.commit().await?;
        run.saved_at = Instant::now();
        self.publish(Change::Callback);
        Ok(true)
    }

    async fn replay_open(&self, run: &mut Run) -> Result<(), ServiceError> {
        let mut after = CallId::default();
        let mut left = MOST;
        while left > 0 {
            let entries =
                inbox::next_open(&mut *self.0.store.read().await?, after, PAGE.min(left)).await?;
            let Some(last) = entries.last() else { break };
            after = last.id;
            left = left.saturating_sub(PAGE);
            for entry in &entries {
                let verdict = self.understand_again(entry.id).await?;
                run.progress.done += 1;
                run.progress.understood += u32::from(matches!(
                    verdict,
                    Some(Verdict::Accepted | Verdict::Duplicate)
                ));
                let is_last = entry.id == after;
                if (is_last || run.saved_at.elapsed() > RENEW_EVERY) && !self.save(run).await? {
                    return Err(ServiceError::Interrupted);
                }
            }
        }
        Ok(())
    }

    /// Reads a call again, unless it is [settled](Self::is_settled), and returns its verdict; `None` where it is still
    /// in the queue.
    async fn understand_again(&self, id: CallId) -> Result<Option<Verdict>, ServiceError> {
        let (call, entry) = self.stored_call(id).await?;
        let Some(entry) = entry else {
            return Ok(None);
        };
        if is_body_deleted(&call, &entry) || self.is_settled(&entry).await? {
            return Ok(Some(entry.understood.verdict));
        }
        let assigned_to = match entry.assigned_to {
            Some(to) => {
                let mut read = self.0.store.read().await?;
                let recording = recordings::get(&mut read, to).await?;
                recording.map(|recording| Assignment {
                    recording: to,
                    room: recording.room,
                    kind: entry.assigned_kind,
                })
            }
            None => None,
        };
        let reading = Reading {
            call,
            before: Some(entry),
            assigned_to,
        };
        Ok(Some(self.understand(&self.0.store, &reading).await?))
    }

    /// A call, and how it was understood.
    pub(super) async fn stored_call(
        &self,
        id: CallId,
    ) -> Result<(Call, Option<Entry>), ServiceError> {
        let call = calls::get(&mut *self.0.store.read_calls().await?, id).await?;
        let mut read = self.0.store.read().await?;
        let entry = inbox::get(&mut read, id).await?;
        Ok((call.found()?, entry))
    }

    /// Whether reading a call again could change nothing, or only undo what a later call told.
    async fn is_settled(&self, entry: &Entry) -> Result<bool, ServiceError> {
        let understood = &entry.understood;
        Ok(match (entry.kind, understood.file) {
            // Stored events stay as they are; a replay can only add those that were left out.
            (CallbackKind::Status, _) => {
                let is_read = matches!(understood.verdict, Verdict::Accepted | Verdict::Duplicate);
                is_read && understood.reason.is_none()
            }
            (CallbackKind::Av, Some(file)) => {
                inbox::has_later(&mut *self.0.store.read().await?, entry.id, file).await?
            }
            (CallbackKind::Av, None) => false,
        })
    }
}

/// Whether the body of a call was deleted. The inbox is marked last: after a crash, only a day later.
pub(super) fn is_body_deleted(call: &Call, entry: &Entry) -> bool {
    entry.body_deleted_at.is_some() || call.content.body.is_empty()
}
