//! Makes our own copy of each file, in the background.

use std::{ops::ControlFlow, time::Duration};

use reelroom_domain::{
    cause::Cause,
    fetch::{is_gone, pause},
    file::{FileEvent, FileState},
    ids::{FileId, RecordingId},
    recording::Recording,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Store, StoreError,
    apps::{self, App},
    claims::{self, Except},
    files::{self, Failure, File, Measured, Stored},
    history, purges,
    recordings::{self, keep},
};
use tokio::time::sleep;

use super::{description::Subject, download::Stopped, scrub};
use crate::{
    Found, Service, ServiceError,
    ground::{
        crash,
        jobs::{Job, LEASE, RENEW_EVERY, pause_until},
        staging::{self, Whole},
        transfers::WHOLE_QUEUE_EVERY,
    },
};

/// The pause before the room on the disk is checked again.
const NO_ROOM_PAUSE: Duration = Duration::from_secs(30);

/// The copy of a file with what its content tells, or why there is none.
type Copied = Result<(Stored, Measured), Stopped>;

impl Service {
    /// Copies the next file that is due; the next round is at once, or when the next one is.
    pub(crate) async fn fetch_round(&self) -> Result<Option<Duration>, ServiceError> {
        if !self.0.disk.has_room() {
            tracing::warn!("no files are fetched: the disk is nearly full");
            return Ok(Some(NO_ROOM_PAUSE));
        }
        self.in_background(|service, store| async move { service.fetch_next(&store).await })
            .await
    }

    async fn fetch_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let mut tx = store.write().await?;
        let (now, server) = (self.now(), self.0.jobs.holder());
        let transfers = &self.0.transfers;
        let busy = transfers.busy(self.0.limits.fetch.per_host);
        let except = Except {
            files: &transfers.files(),
            places: &busy,
            behind: transfers.front(&busy),
        };
        let Some(file) = claims::next(&mut tx, now, server, LEASE, except).await? else {
            drop(tx);
            let mut read = store.read().await?;
            let due_in = claims::next_due_in(&mut read, now, except).await?;
            let pause = due_in.map(|millis| pause_until(now.plus_millis(millis), now));
            let again = except.behind.map(|_| WHOLE_QUEUE_EVERY);
            return Ok(pause.into_iter().chain(again).min());
        };
        tx.commit().await?;
        let transfer = transfers.begin(file.id, &file.announced.url);
        // There may be another file for another fetcher.
        self.0.jobs.wake(Job::Fetch);
        tracing::debug!(file = %file.id, name = file.announced.name, "fetching");
        let Some(copied) = self.fetch(store, &file).await? else {
            return Ok(Some(Duration::ZERO));
        };
        let is_stored = match copied {
            Ok(copy) => self.record_copy(store, &file, &copy).await?,
            Err(stopped) => {
                let mut tx = store.write().await?;
                self.record_failure(&mut tx, &file, stopped).await?;
                tx.commit().await?;
                false
            }
        };
        drop(transfer);
        crash::point("fetch-recorded");
        if is_stored {
            self.0.metrics.archived.inc();
            self.wake(Job::Pictures);
        }
        let recording = recording_of(&mut *store.read().await?, file.id).await?;
        if let Some(recording) = recording {
            self.publish_recording(&recording);
        }
        Ok(Some(Duration::ZERO))
    }

    /// Records the copy of a file that this server claims, and returns whether it does. A copy that came too late,
    /// after the file was purged, is deleted.
    pub(crate) async fn record_copy(
        &self,
        store: &Store,
        file: &File,
        (stored, measured): &(Stored, Measured),
    ) -> Result<bool, ServiceError> {
        let (now, server) = (self.now(), self.0.jobs.holder());
        let mut tx = store.write().await?;
        let is_stored = files::set_stored(&mut tx, file.id, server, now, stored, measured).await?;
        let is_left_over = if is_stored {
            let check_at = now.plus_millis(scrub::DUE_AFTER);
            files::set_check_at(&mut tx, file.id, check_at).await?;
            self.return_to_trash(&mut tx, file.recording).await?;
            false
        } else {
            // Else another server has it.
            is_left_over(&mut tx, file.id, &stored.key).await?
        };
        tx.commit().await?;
        if is_left_over {
            self.remove_copy(&stored.key).await?;
            tracing::info!(file = %file.id, key = stored.key, "the copy of a purged file is deleted");
        }
        Ok(is_stored)
    }

    /// Moves a recording to the trash if it was purged: a file of it came late, and there is a copy again.
    async fn return_to_trash(&self, tx: &mut Conn, id: RecordingId) -> Result<(), ServiceError> {
        let now = self.now();
        let until = keep::settings(tx).await?.trash_until(now);
        if keep::revive(tx, id, now, until).await? {
            history::append(tx, id, now, HistoryEvent::Returned, None, None).await?;
            tracing::info!(recording = %id, "a late file of a purged recording is in the trash");
        }
        Ok(())
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
        tx: &mut Conn,
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
        let after = |why: &Cause, asked| {
            let pause = pause(file.tries, why, asked, jitter);
            Some(now.plus_millis(pause))
        };
        let (event, why, next_try_at, missing_since) = match stopped {
            Stopped::Refused(why) => (FileEvent::AddressRefused, why, None, None),
            Stopped::Broken(why, asked) => {
                let next = after(&why, asked);
                (FileEvent::FetchBroken, why, next, None)
            }
            Stopped::Missing(why) => {
                let since = file.missing_since.unwrap_or(now);
                if is_gone(since, now) {
                    (FileEvent::NotThere, why, None, Some(since))
                } else {
                    let next = after(&why, None);
                    (FileEvent::FetchBroken, why, next, Some(since))
                }
            }
        };
        tracing::warn!(file = %file.id, name = file.announced.name, %why, ?event, "file not copied");
        self.0.metrics.count_fetch_failure(&why);
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

    /// Finds or downloads a file, and puts it into the storage; `None` where its claim ended before that.
    async fn fetch(&self, store: &Store, file: &File) -> Result<Option<Copied>, ServiceError> {
        let found = tokio::select! {
            found = self.find_or_download(store, file) => found?,
            () = self.keep_claim(file) => return Ok(None),
        };
        let whole = match found {
            ControlFlow::Continue(whole) => whole,
            ControlFlow::Break(copied) => return Ok(Some(copied)),
        };
        // It goes on after the end of the claim, too, so that it is known whether there is an object.
        let mut put = Box::pin(self.put_copy(store, file, &whole));
        tokio::select! {
            copied = &mut put => return copied.map(Some),
            () = self.keep_claim(file) => {}
        }
        put.await.map(Some)
    }

    /// Finds a copy of a file or downloads it; breaks where there is nothing to put into the storage.
    async fn find_or_download(
        &self,
        store: &Store,
        file: &File,
    ) -> Result<ControlFlow<Copied, Whole>, ServiceError> {
        if let Some(found) = self.find_copy(file).await {
            return Ok(ControlFlow::Break(Ok(found)));
        }
        let mut read = store.read().await?;
        let recording = recording_of(&mut read, file.id).await?.found()?;
        let app = apps::get(&mut read, recording.app).await?.found()?;
        drop(read);
        Ok(match self.download_whole(&app, file).await {
            Ok(whole) => ControlFlow::Continue(whole),
            Err(stopped) => ControlFlow::Break(Err(stopped)),
        })
    }

    /// Puts a file that was downloaded into the storage.
    async fn put_copy(
        &self,
        store: &Store,
        file: &File,
        whole: &Whole,
    ) -> Result<Copied, ServiceError> {
        // Again: it may have been joined with another recording meanwhile.
        let mut read = store.read().await?;
        let recording = recording_of(&mut read, file.id).await?.found()?;
        let subject = Subject::load(&mut read, recording).await?.found()?;
        drop(read);
        let stored = self.store_copy(&subject, file, whole).await;
        // A file that the storage did not accept is kept for the next try while the disk has room.
        let is_kept = matches!(stored, Err(Cause::Storage(_))) && self.0.disk.has_room();
        if !is_kept {
            staging::remove(&whole.path).await;
        }
        Ok(stored.map_err(|why| Stopped::Broken(why, None)))
    }

    /// The copy that a file had before it was lost, if the storage has it again: somebody put it back, or
    /// mounted the disk.
    async fn find_copy(&self, file: &File) -> Option<(Stored, Measured)> {
        let copy = file.stored.as_ref()?;
        let crc32 = self.read_again(copy, Job::Fetch).await.ok()?.ok()?;
        tracing::info!(file = %file.id, key = copy.key, "a lost copy is in the storage again");
        self.0.staging.discard(file.id).await;
        let stored = Stored {
            crc32: Some(crc32),
            ..copy.clone()
        };
        // The facts of its content are still in the row.
        let measured = Measured {
            tracks: file.tracks.clone(),
            peaks: file.peaks.clone(),
            ..Measured::default()
        };
        Some((stored, measured))
    }

    /// Downloads a file to the local disk.
    async fn download_whole(&self, app: &App, file: &File) -> Result<Whole, Stopped> {
        let announced = &file.announced;
        let mut partial = self.0.staging.part(file.id, announced.place()).await?;
        let downloaded = self.download(app, &announced.url, announced.size, &mut partial);
        if let Err(stopped) = downloaded.await {
            if matches!(stopped, Stopped::Broken(Cause::NoRoom, _)) {
                // Otherwise a file for which there is no room would leave none for smaller files.
                partial.discard().await;
            }
            return Err(stopped);
        }
        let whole = partial.finish().await?;
        crash::point("fetch-finished");
        Ok(whole)
    }
}

/// The recording that a file belongs to now: of two that turn out to be one, one is deleted.
async fn recording_of(conn: &mut Conn, id: FileId) -> Result<Option<Recording>, StoreError> {
    match files::get(conn, id).await? {
        Some(file) => recordings::get(conn, file.recording).await,
        None => Ok(None),
    }
}

/// Whether a copy that was not recorded belongs to no file: its own was purged or deleted meanwhile, and no other one
/// has it.
async fn is_left_over(conn: &mut Conn, id: FileId, key: &str) -> Result<bool, StoreError> {
    let file = files::get(conn, id).await?;
    let is_over = file.is_none_or(|file| file.state == FileState::Purged);
    Ok(is_over && !purges::is_shared(conn, id, key).await?)
}
