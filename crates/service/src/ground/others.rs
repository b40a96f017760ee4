//! The servers on one database: who of them runs the jobs, and what they tell each other.

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
    session::EndedSession,
};

/// What is to be sent within this time is sent together.
const PAUSE: Duration = Duration::from_millis(50);
/// After such a silence the connection is tried.
const SILENCE: Duration = Duration::from_secs(15);

impl Service {
    /// Renews the lease of the jobs, or takes it when the server that has it ends.
    pub(crate) async fn keep_lease(self) {
        loop {
            sleep(RENEW_EVERY).await;
            if self.0.jobs.renew_lease().await {
                // The other one may have ended before it told what it did last.
                self.hear(Notice::Missed);
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
                    tracing::debug!(%error, "the other servers are not told yet");
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

    /// Hears the notices of the other servers.
    pub(crate) async fn hear_notices(self, mut listener: Listener) {
        let mut failures = 0;
        loop {
            let error = loop {
                match next(&mut listener).await {
                    Ok(text) => {
                        failures = 0;
                        let heard = outbox::read(&text, self.0.jobs.holder());
                        for notice in heard {
                            self.hear(notice);
                        }
                    }
                    Err(error) => break error,
                }
            };
            tracing::warn!(%error, "the other servers cannot be heard");
            listener = loop {
                sleep(back_off(failures)).await;
                failures += 1;
                if let Ok(listener) = self.0.store.listen().await {
                    break listener;
                }
            };
            self.hear(Notice::Missed);
        }
    }

    fn hear(&self, notice: Notice) {
        match notice {
            Notice::Change(change) => self.tell(change),
            Notice::Wake(job) => self.0.jobs.wake(job),
            Notice::Ended(hash) => self.tell_ended(EndedSession(hash)),
            Notice::Missed => {
                for job in Job::ALL {
                    self.0.jobs.wake(job);
                }
                // Without an open stream there is no subscriber.
                let _ = self.0.changes.send(None);
            }
        }
    }
}

/// The next notice, however long it takes while the connection lives.
async fn next(listener: &mut Listener) -> Result<String, StoreError> {
    loop {
        if let Ok(notice) = timeout(SILENCE, listener.next()).await {
            return notice;
        }
        let ping = timeout(SILENCE, listener.ping()).await;
        ping.unwrap_or(Err(StoreError::Contended))?;
    }
}
