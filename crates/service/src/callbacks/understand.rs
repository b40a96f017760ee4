//! Understanding what was kept: after the answer, in the order of arrival, and repeatable.

use std::time::Duration;

use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::{FileId, RecordingId},
    view::Change,
};
use reelroom_store::callbacks::{self, Callback, Understood};

use crate::{Service, ServiceError};

/// What one call turned out to be.
pub(crate) struct Outcome {
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub recording: Option<RecordingId>,
    pub file: Option<FileId>,
    pub changes: Vec<Change>,
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
        Ok(waiting.len())
    }

    /// Understands one call: everything that follows from it, and its verdict, in one transaction.
    async fn understand(&self, call: &Callback) -> Result<(), ServiceError> {
        let app = self.app_called(call.app).await?;
        let mut tx = self.0.store.write().await?;
        let outcome = if call.kind == CallbackKind::Status {
            self.understand_status(&mut tx, &app, call).await?
        } else {
            self.understand_file(&mut tx, call, app).await?
        };
        let now = self.now();
        let understood = Understood {
            verdict: outcome.verdict,
            reason: outcome.reason.clone(),
            recording: outcome.recording,
            file: outcome.file,
        };
        callbacks::set_understood(&mut tx, call.id, now, &understood).await?;
        tx.commit().await?;
        tracing::debug!(call = %call.id, verdict = ?outcome.verdict, reason = outcome.reason, "understood");
        for change in outcome.changes {
            self.publish(change);
        }
        if outcome.file.is_some() {
            self.0.to_fetch.notify_one();
        } else {
            // A meeting may have ended.
            self.0.to_stop.notify_one();
        }
        Ok(())
    }
}
