//! Making our own copy, in the background, until it is whole.

use std::time::Duration;

use data_encoding::HEXLOWER;
use futures::StreamExt;
use reelroom_domain::{
    cause::Cause,
    file::{FileEvent, FileState},
    time::Timestamp,
};
use reelroom_store::{
    Store, StoreError, apps,
    files::{self, Stored},
    recordings,
};
use sha2::{Digest, Sha256};
use tokio::{io::AsyncWriteExt, time::sleep};

use super::media_type;
use crate::{
    Service, ServiceError,
    ground::{
        guard,
        jobs::{Job, LEASE, RENEW_EVERY, pause_until},
    },
};

/// At most this many tries for a file that the platform says it does not have: the announcement
/// may be ahead of the file.
const NOT_THERE_TRIES: u32 = 5;
const FIRST_PAUSE: i64 = 5_000;
const LONGEST_PAUSE: i64 = 60 * 60_000;

/// What became of one try.
enum Try {
    Stored { size: u64, sha256: String },
    NotAllowed(Cause),
    NotThere(Cause),
    Broken(Cause),
}

/// The pause before try number `tries` + 1, in milliseconds.
fn pause(tries: u32) -> i64 {
    FIRST_PAUSE
        .saturating_mul(1 << tries.min(20))
        .min(LONGEST_PAUSE)
}

impl Service {
    /// Copies the next file that is due; the next round is at once, or when the next one is.
    pub(crate) async fn fetch_round(&self) -> Result<Option<Duration>, ServiceError> {
        let service = self.clone();
        self.in_background(|store| async move { service.fetch_next(&store).await })
            .await
    }

    async fn fetch_next(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let mut tx = store.write().await?;
        let (now, server) = (self.now(), self.0.jobs.holder());
        let Some(file) = files::claim_next(&mut tx, now, server, LEASE).await? else {
            drop(tx);
            let mut read = store.read().await?;
            let due_in = files::next_due_in(&mut read, now).await?;
            return Ok(due_in.map(|millis| pause_until(now.plus_millis(millis), now)));
        };
        tx.commit().await?;
        tracing::debug!(file = %file.id, name = file.announced.name, "fetching");
        let outcome = tokio::select! {
            outcome = self.fetch(store, &file) => outcome?,
            () = self.keep_claim(&file) => return Ok(Some(Duration::ZERO)),
        };
        let now = self.now();
        let mut tx = store.write().await?;
        match outcome {
            Try::Stored { size, sha256 } => {
                let content_type = media_type::of(&file.announced.name, file.announced.media);
                let key = storage_key(&file);
                let stored = Stored {
                    key,
                    size,
                    sha256,
                    content_type: content_type.to_owned(),
                };
                files::set_stored(&mut tx, file.id, server, &stored).await?;
            }
            Try::NotAllowed(why) => {
                self.record_failure(&mut tx, &file, FileEvent::AddressRefused, &why, None)
                    .await?;
            }
            Try::NotThere(why) if file.tries >= NOT_THERE_TRIES => {
                self.record_failure(&mut tx, &file, FileEvent::NotThere, &why, None)
                    .await?;
            }
            Try::NotThere(why) | Try::Broken(why) => {
                let at = now.plus_millis(pause(file.tries));
                self.record_failure(&mut tx, &file, FileEvent::FetchBroken, &why, Some(at))
                    .await?;
            }
        }
        let room = recordings::get(&mut tx, file.recording)
            .await?
            .map(|recording| recording.room);
        tx.commit().await?;
        if let Some(room) = room {
            self.publish_recording(file.recording, &room);
        }
        Ok(Some(Duration::ZERO))
    }

    /// Renews the claim of a file until another server has it.
    async fn keep_claim(&self, file: &files::File) {
        loop {
            sleep(RENEW_EVERY).await;
            let renewed = async {
                let mut tx = self.0.store.write().await?;
                let server = self.0.jobs.holder();
                let renewed = files::renew_claim(&mut tx, file.id, server, LEASE).await?;
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

    /// Records why a file was not copied.
    async fn record_failure(
        &self,
        tx: &mut reelroom_store::Conn,
        file: &files::File,
        event: FileEvent,
        why: &Cause,
        next_try: Option<Timestamp>,
    ) -> Result<(), ServiceError> {
        tracing::warn!(file = %file.id, name = file.announced.name, %why, ?event, "file not copied");
        if let Ok(to) = FileState::Fetching.after(event) {
            let server = self.0.jobs.holder();
            files::set_state(tx, file.id, server, to, Some(why), next_try).await?;
        }
        Ok(())
    }

    async fn fetch(&self, store: &Store, file: &files::File) -> Result<Try, ServiceError> {
        let app = {
            let mut read = store.read().await?;
            match recordings::get(&mut read, file.recording).await? {
                Some(recording) => apps::get(&mut read, recording.app).await?,
                None => None,
            }
        };
        let Some(app) = app else {
            return Err(ServiceError::NotFound);
        };
        let request = match self.0.http.get(&file.announced.url, &app) {
            Ok(request) => request,
            Err(why) => return Ok(Try::NotAllowed(why)),
        };
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                return Ok(match guard::refused(&error) {
                    Some(why) => Try::NotAllowed(why),
                    None => Try::Broken(cause(&error)),
                });
            }
        };
        let status = answer.status();
        if matches!(status.as_u16(), 404 | 410) {
            return Ok(Try::NotThere(Cause::Status(status.as_u16())));
        }
        if status != reqwest::StatusCode::OK {
            return Ok(Try::Broken(Cause::Status(status.as_u16())));
        }
        let expected = answer.content_length();
        self.copy(file, answer, expected).await
    }

    async fn copy(
        &self,
        file: &files::File,
        answer: reqwest::Response,
        expected: Option<u64>,
    ) -> Result<Try, ServiceError> {
        let mut writer = self.0.storage.writer(&storage_key(file));
        let (mut digest, mut size) = (Sha256::new(), 0u64);
        let mut body = answer.bytes_stream();
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    let _ = writer.abort().await;
                    return Ok(Try::Broken(cause(&error)));
                }
            };
            digest.update(&chunk);
            size += chunk.len() as u64;
            self.0.jobs.progress(Job::Fetch);
            if let Err(error) = writer.write_all(&chunk).await {
                return Ok(Try::Broken(Cause::Storage(error.to_string())));
            }
        }
        if let Some(announced) = expected.filter(|expected| *expected != size) {
            let _ = writer.abort().await;
            return Ok(Try::Broken(Cause::Size {
                came: size,
                announced,
            }));
        }
        if let Err(error) = writer.shutdown().await {
            return Ok(Try::Broken(Cause::Storage(error.to_string())));
        }
        Ok(Try::Stored {
            size,
            sha256: HEXLOWER.encode(&digest.finalize()),
        })
    }
}

/// Where our copy lies: nothing of the platform's name is in it, so no name can lead elsewhere.
fn storage_key(file: &files::File) -> String {
    format!("{}/{}", file.recording, file.id)
}

/// What a person can act on: a time-out, or the innermost cause.
fn cause(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        return if error.is_connect() {
            Cause::NoConnection
        } else {
            Cause::NoAnswer
        };
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    Cause::Words(inner.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour() {
        assert_eq!(
            [0, 1, 2, 9, 10, 60].map(pause),
            [
                5_000,
                10_000,
                20_000,
                2_560_000,
                LONGEST_PAUSE,
                LONGEST_PAUSE
            ]
        );
    }
}
