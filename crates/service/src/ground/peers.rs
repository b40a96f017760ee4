//! Several servers on one database: the lease of the jobs, and the notices between them.

use std::time::Duration;

use reelroom_store::{
    StoreError,
    notices::{self, Listener},
};
use tokio::time::{sleep, timeout};

use super::{
    jobs::{Job, RENEW_EVERY, back_off},
    outbox::{self, Notice},
    service::Service,
};

/// Notices within this time are sent together.
const PAUSE: Duration = Duration::from_millis(50);
/// The connection is pinged after this time without a notice.
const SILENCE: Duration = Duration::from_secs(15);

impl Service {
    /// Renews the lease of the jobs, or takes it once it has expired, until the service closes.
    pub(crate) async fn keep_lease(self) {
        loop {
            sleep(RENEW_EVERY).await;
            if self.0.jobs.renew_lease().await {
                // The former holder may have crashed between a commit and its notice.
                self.receive(Notice::Missed);
            }
        }
    }

    /// Sends notices to the other servers until the service closes.
    pub(crate) async fn send_notices(self) {
        let mut is_closing = false;
        while !is_closing {
            tokio::select! {
                () = self.0.outbox.filled() => {}
                () = self.0.jobs.closing() => is_closing = true,
            }
            for text in self.0.outbox.take(self.0.jobs.holder(), notices::MAX_BYTES) {
                if let Err(error) = self.send_notice(&text).await {
                    tracing::debug!(%error, "notices are not sent yet");
                    self.0.outbox.add(|| Notice::Missed);
                    sleep(back_off(0)).await;
                }
            }
            sleep(PAUSE).await;
        }
    }

    async fn send_notice(&self, text: &str) -> Result<(), StoreError> {
        let mut tx = self.0.store.write().await?;
        notices::send(&mut tx, text).await?;
        tx.commit().await
    }

    /// Receives the notices of the other servers, and reconnects with back-off.
    pub(crate) async fn receive_notices(self, mut listener: Listener) {
        let mut failures = 0;
        loop {
            let error = loop {
                match next(&mut listener).await {
                    Ok(text) => {
                        failures = 0;
                        for notice in outbox::read(&text, self.0.jobs.holder()) {
                            self.receive(notice);
                        }
                    }
                    Err(error) => break error,
                }
            };
            tracing::warn!(%error, "the subscription to notices is lost");
            listener = loop {
                sleep(back_off(failures)).await;
                failures += 1;
                if let Ok(listener) = self.0.store.listen().await {
                    break listener;
                }
            };
            self.receive(Notice::Missed);
        }
    }

    fn receive(&self, notice: Notice) {
        match notice {
            Notice::Change(change) => self.publish_here(change),
            Notice::Wake(job) => self.0.jobs.wake(job),
            Notice::Ended(hash) => self.publish_ended_here(hash),
            Notice::Missed => {
                for job in Job::ALL {
                    self.0.jobs.wake(*job);
                }
                // Without an open stream there is no subscriber.
                let _ = self.0.changes.send(None);
            }
        }
    }
}

/// The next notice; an error if the connection is lost.
async fn next(listener: &mut Listener) -> Result<String, StoreError> {
    loop {
        if let Ok(notice) = timeout(SILENCE, listener.next()).await {
            return notice;
        }
        let ping = timeout(SILENCE, listener.ping()).await;
        ping.unwrap_or(Err(StoreError::Contended))?;
    }
}
