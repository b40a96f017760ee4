//! Makes our own copy of each file, in the background, until it is whole.

use std::time::Duration;

use reelroom_domain::{
    cause::Cause,
    fetch::{is_gone, pause},
    file::{FileEvent, FileState},
};
use reelroom_store::{
    Store, StoreError, apps,
    claims::{self, Except},
    files::{self, Failure, File, Measured, Stored},
    recordings,
};
use tokio::time::sleep;

use super::{download::Stopped, scrub};
use crate::{
    Service, ServiceError,
    ground::{
        crash,
        jobs::{Job, LEASE, RENEW_EVERY, pause_until},
        staging,
    },
};

/// The pause before the room on the disk is checked again.
const NO_ROOM_PAUSE: Duration = Duration::from_secs(30);

impl Service {
    /// Copies the next file that is due; the next round is at once, or when the next one is.
    pub(crate) async fn fetch_round(&self) -> Result<Option<Duration>, ServiceError> {
        if !self.0.disk.has_room() {
            tracing::warn!("no files are fetched: the disk is nearly full");
            return Ok(Some(NO_ROOM_PAUSE));
        }
        let service = self.clone();
        self.in_background(|store| async move { service.fetch_next(&store).await })
            .await
    }

    async fn fetch_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let mut tx = store.write().await?;
        let (now, server) = (self.now(), self.0.jobs.holder());
        let transfers = &self.0.transfers;
        let except = Except {
            files: &transfers.files(),
            places: &transfers.busy(self.0.limits.fetch.per_host),
        };
        let Some(file) = claims::next(&mut tx, now, server, LEASE, except).await? else {
            drop(tx);
            let mut read = store.read().await?;
            let due_in = claims::next_due_in(&mut read, now, except).await?;
            return Ok(due_in.map(|millis| pause_until(now.plus_millis(millis), now)));
        };
        tx.commit().await?;
        let transfer = transfers.begin(file.id, &file.announced.url);
        // There may be another file for another fetcher.
        self.0.jobs.wake(Job::Fetch);
        tracing::debug!(file = %file.id, name = file.announced.name, "fetching");
        let outcome = tokio::select! {
            outcome = self.fetch(store, &file) => outcome?,
            () = self.keep_claim(&file) => return Ok(Some(Duration::ZERO)),
        };
        let is_stored = outcome.is_ok();
        let mut tx = store.write().await?;
        match outcome {
            Ok((stored, measured)) => {
                let now = self.now();
                files::set_stored(&mut tx, file.id, server, now, &stored, &measured).await?;
                let check_at = now.plus_millis(scrub::DUE_AFTER);
                files::set_check_at(&mut tx, file.id, check_at).await?;
            }
            Err(stopped) => self.record_failure(&mut tx, &file, stopped).await?,
        }
        let room = recordings::get(&mut tx, file.recording)
            .await?
            .map(|recording| recording.room);
        tx.commit().await?;
        drop(transfer);
        crash::point("fetch-recorded");
        if is_stored {
            self.wake(Job::Pictures);
        }
        if let Some(room) = room {
            self.publish_recording(file.recording, &room);
        }
        Ok(Some(Duration::ZERO))
    }

    /// Renews the claim of a file until another server has it.
    async fn keep_claim(&self, file: &File) {
        loop {
            sleep(RENEW_EVERY).await;
            let renewed = async {
                let mut tx = self.0.store.write().await?;
                let server = self.0.jobs.holder();
                let renewed = claims::renew(&mut tx, file.id, server, LEASE).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(renewed)
            };
            match renewed.await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::debug!(%error, "the claim of a file is not renewed"),
            }
        }
    }

    /// Records why a file was not copied, unless another address was announced meanwhile.
    async fn record_failure(
        &self,
        tx: &mut reelroom_store::Conn,
        file: &File,
        stopped: Stopped,
    ) -> Result<(), ServiceError> {
        let (server, fetched) = (self.0.jobs.holder(), &file.announced.url);
        if claims::release_readdressed(tx, file.id, server, fetched).await? {
            tracing::debug!(file = %file.id, ?stopped, "it has another address now");
            return Ok(());
        }
        let now = self.now();
        let jitter = u32::from_le_bytes(self.0.rng.bytes());
        let after = |asked| Some(now.plus_millis(pause(file.tries, asked, jitter)));
        let (event, why, next_try_at, missing_since) = match stopped {
            Stopped::Refused(why) => (FileEvent::AddressRefused, why, None, None),
            Stopped::Broken(why, asked) => (FileEvent::FetchBroken, why, after(asked), None),
            Stopped::Missing(why) => {
                let since = file.missing_since.unwrap_or(now);
                if is_gone(since, now) {
                    (FileEvent::NotThere, why, None, Some(since))
                } else {
                    (FileEvent::FetchBroken, why, after(None), Some(since))
                }
            }
        };
        tracing::warn!(file = %file.id, name = file.announced.name, %why, ?event, "file not copied");
        if let Ok(state) = FileState::Fetching.after(event) {
            let failure = Failure {
                state,
                trouble: &why,
                at: now,
                next_try_at,
                missing_since,
            };
            files::set_failed(tx, file.id, server, failure).await?;
            if state == FileState::Gone {
                self.0.staging.discard(file.id).await;
            }
        }
        Ok(())
    }

    /// Downloads a file and puts it into the storage.
    async fn fetch(
        &self,
        store: &Store,
        file: &File,
    ) -> Result<Result<(Stored, Measured), Stopped>, ServiceError> {
        let mut read = store.read().await?;
        let recording = recordings::get(&mut read, file.recording).await?;
        let recording = recording.ok_or(ServiceError::NotFound)?;
        let app = apps::get(&mut read, recording.app).await?;
        let app = app.ok_or(ServiceError::NotFound)?;
        drop(read);
        let copy = async {
            let announced = &file.announced;
            let mut partial = self.0.staging.part(file.id, announced.place()).await?;
            let downloaded = self.download(&app, &announced.url, announced.size, &mut partial);
            if let Err(stopped) = downloaded.await {
                if matches!(stopped, Stopped::Broken(Cause::NoRoom, _)) {
                    // Else a file for which there is no room would leave none for smaller ones.
                    partial.discard().await;
                }
                return Err(stopped);
            }
            let whole = partial.finish().await?;
            crash::point("fetch-finished");
            let stored = self.store_copy(&recording, file, &whole).await;
            // What the storage did not take is there for the next try, as far as there is room for it.
            let is_kept = matches!(stored, Err(Cause::Storage(_))) && self.0.disk.has_room();
            if !is_kept {
                staging::remove(&whole.path).await;
            }
            stored.map_err(|why| Stopped::Broken(why, None))
        };
        Ok(copy.await)
    }
}
