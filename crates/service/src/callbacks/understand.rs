//! Understanding what was kept: after the answer, in the order of arrival, and repeatable.

use std::time::Duration;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::{FileId, RecordingId},
    view::Change,
};
use reelroom_store::{
    Conn,
    callbacks::{self, Callback, Subject, Understood},
};

use crate::{Service, ServiceError};

/// What one call turned out to be.
pub(crate) struct Outcome {
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub recording: Option<RecordingId>,
    pub file: Option<FileId>,
    pub changes: Vec<Change>,
    /// What it names, for finding it.
    pub subject: Subject,
}

impl Outcome {
    /// JSON, but nothing that we know.
    pub fn unrecognised(reason: String) -> Self {
        let (recording, file, changes) = (None, None, Vec::new());
        Self {
            verdict: Verdict::Unrecognised,
            reason: Some(reason),
            recording,
            file,
            changes,
            subject: Subject::default(),
        }
    }

    /// It cannot be read at all.
    pub fn malformed(reason: String) -> Self {
        Self {
            verdict: Verdict::Malformed,
            ..Self::unrecognised(reason)
        }
    }
}

/// Understands calls as they come, for as long as the service lives.
pub(crate) async fn run(service: Service) {
    loop {
        match service.understand_waiting().await {
            // Without an app nothing can be understood; what is kept waits for one.
            Ok(0) | Err(ServiceError::NoApp) => service.0.to_understand.notified().await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "understanding callbacks; trying again in 2 s");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

impl Service {
    /// Understands what waits, at most 64 calls; how many there were.
    async fn understand_waiting(&self) -> Result<usize, ServiceError> {
        let waiting = {
            let mut read = self.0.store.read().await?;
            callbacks::next_to_understand(&mut read, 64).await?
        };
        for call in &waiting {
            self.understand(call).await?;
        }
        if !waiting.is_empty() {
            self.publish(Change::Callback);
        }
        Ok(waiting.len())
    }

    /// Understands one call: everything that follows from it, and its verdict, in one transaction.
    pub(crate) async fn understand(&self, call: &Callback) -> Result<Verdict, ServiceError> {
        let mut tx = self.0.store.write().await?;
        let outcome = self.understand_within(&mut tx, call).await?;
        tx.commit().await?;
        tracing::debug!(call = %call.id, verdict = ?outcome.verdict, reason = outcome.reason, "understood");
        for change in outcome.changes {
            self.publish(change);
        }
        if outcome.file.is_some() {
            self.0.to_fetch.notify_one();
        } else {
            // A meeting may have begun or ended.
            self.0.to_start.notify_one();
            self.0.to_stop.notify_one();
        }
        Ok(outcome.verdict)
    }

    /// The same within the caller's transaction; telling others is the caller's, too.
    pub(crate) async fn understand_within(
        &self,
        tx: &mut Conn,
        call: &Callback,
    ) -> Result<Outcome, ServiceError> {
        let app = self.app_of(call.app).await?;
        let mut outcome = if call.kind == CallbackKind::Status {
            self.understand_status(tx, &app, call).await?
        } else {
            self.understand_file(tx, call, app).await?
        };
        // Read again, it can tell nothing new; that it did once still holds.
        let told_before = call.verdict == Some(Verdict::Accepted) && call.file == outcome.file;
        if outcome.verdict == Verdict::Duplicate && (told_before || call.assigned_to.is_some()) {
            outcome.verdict = Verdict::Accepted;
        }
        let understood = Understood {
            verdict: outcome.verdict,
            reason: outcome.reason.clone(),
            recording: outcome.recording,
            file: outcome.file,
            subject: outcome.subject.clone(),
        };
        callbacks::set_understood(tx, call.id, self.now(), &understood).await?;
        Ok(outcome)
    }
}
