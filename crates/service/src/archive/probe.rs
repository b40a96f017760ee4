//! Probes the files without a copy once a day: whether the platform still has them.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    fetch::{is_gone, probe_pause},
    file::{FileEvent, FileState},
    time::Timestamp,
};
use reelroom_store::{
    apps::{self, App},
    files::{self, File},
    recordings,
};
use tokio::time::timeout;

use super::range::Wanted;
use crate::{Service, ServiceError, ground::jobs::Job};

/// The timeout of an answer.
const ANSWER: Duration = Duration::from_secs(30);

/// The platform's answer about a file.
#[derive(Debug)]
enum Probed {
    /// It has the file.
    There,
    /// It has no such file.
    Missing(Cause),
    /// Anything else, which proves nothing.
    Unclear,
}

impl Service {
    /// Probes the file that is due first, if there is one.
    pub(crate) async fn probe_round(&self) -> Result<Option<Duration>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let Some(file) = files::next_to_probe(&mut read, self.now()).await? else {
            return Ok(None);
        };
        let recording = recordings::get(&mut read, file.recording).await?;
        let app = match &recording {
            Some(recording) => apps::get(&mut read, recording.app).await?,
            None => None,
        };
        drop(read);
        let probed = match &app {
            Some(app) if !file.is_demo() => self.probe(app, &file).await,
            _ => Probed::Unclear,
        };
        tracing::debug!(file = %file.id, name = file.announced.name, ?probed, "probed");
        let is_changed = self.record_probe(&file, &probed).await?;
        if let Some(recording) = recording.filter(|_| is_changed) {
            self.wake(Job::Fetch);
            self.publish_recording(&recording);
        }
        Ok(Some(Duration::ZERO))
    }

    /// Requests the first byte of a file, and reads none.
    async fn probe(&self, app: &App, file: &File) -> Probed {
        let first = Wanted::From(0, Some(0)).headers();
        let answer = self.0.http.get(&file.announced.url, app, first);
        match timeout(ANSWER, answer).await {
            Ok(Ok(answer)) => match answer.status().as_u16() {
                // An empty file has no first byte.
                200 | 206 | 416 => Probed::There,
                status @ (404 | 410) => Probed::Missing(Cause::Status(status)),
                _ => Probed::Unclear,
            },
            Ok(Err(_)) | Err(_) => Probed::Unclear,
        }
    }

    /// Records an answer; returns whether the file became gone, or is there again and is fetched.
    async fn record_probe(&self, file: &File, probed: &Probed) -> Result<bool, ServiceError> {
        let now = self.now();
        let jitter = u32::from_le_bytes(self.0.rng.bytes());
        let next = now.plus_millis(probe_pause(jitter));
        let was_gone = file.state == FileState::Gone;
        let missing_since: Option<Timestamp> = match probed {
            Probed::Missing(_) => Some(file.missing_since.unwrap_or(now)),
            Probed::Unclear if was_gone => file.missing_since,
            Probed::There | Probed::Unclear => None,
        };
        let mut tx = self.0.store.write().await?;
        if !files::set_probed(&mut tx, file, next, missing_since).await? {
            return Ok(false);
        }
        let is_changed = match (probed, missing_since) {
            (Probed::There, _) if was_gone => {
                files::renew(&mut tx, &[file.id]).await?;
                true
            }
            (Probed::Missing(why), Some(since)) if !was_gone && is_gone(since, now) => {
                match file.state.after(FileEvent::NotThere) {
                    Ok(state) => files::set_gone(&mut tx, file, state, why, since).await?,
                    Err(_) => false,
                }
            }
            _ => false,
        };
        tx.commit().await?;
        if is_changed && !was_gone {
            tracing::warn!(file = %file.id, name = file.announced.name, "the platform no longer has a file");
            self.0.staging.discard(file.id).await;
        }
        Ok(is_changed)
    }
}
