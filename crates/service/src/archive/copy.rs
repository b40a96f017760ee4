//! Puts a file that was downloaded into the storage, with a description beside it.

use bytes::Bytes;
use futures::TryStreamExt;
use reelroom_domain::{cause::Cause, recording::Recording, room::ParticipantId, time::Timestamp};
use reelroom_store::files::{File, Measured, Stored};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::{media_type, verify::verify};
use crate::{
    Service,
    ground::{crash, staging::Whole},
};

/// The error of a storage that does not return what was written.
pub(super) const OTHER_BYTES: &str = "it returns other bytes than it got";

/// The description beside a copy: with it, an archive explains itself without the database. Times are
/// milliseconds since 1970 (UTC).
#[derive(Serialize)]
struct Description<'a> {
    recording: String,
    room: &'a str,
    naming_rule: Option<&'a str>,
    file: String,
    kind: &'static str,
    participant: Option<&'a str>,
    name: &'a str,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    announced_at: i64,
    content_type: &'a str,
    size: u64,
    sha256: &'a str,
    crc32: String,
}

impl Service {
    /// Checks what a file is, puts it into the storage under a key of its content, and reads it back: no
    /// copy replaces another one.
    pub(super) async fn store_copy(
        &self,
        recording: &Recording,
        file: &File,
        whole: &Whole,
    ) -> Result<(Stored, Measured), Cause> {
        let announced = &file.announced;
        let (path, size, media) = (whole.path.clone(), whole.size, announced.media);
        let has_announced_size = announced.size == Some(size);
        let measured = spawn_blocking(move || verify(&path, size, media, has_announced_size));
        let measured = measured
            .await
            .map_err(|error| Cause::Storage(error.to_string()))??;
        let by_name = media_type::of(&announced.name, announced.media);
        let content_type = measured.content_type.clone();
        let content_type = content_type.unwrap_or_else(|| by_name.to_owned());
        let key = format!("{}/{}-{}", recording.id, file.id, &whole.sha256[..16]);
        let description = Description {
            recording: recording.id.to_string(),
            room: recording.room.as_str(),
            naming_rule: recording.rule.as_deref(),
            file: file.id.to_string(),
            kind: announced.kind.into(),
            participant: announced.participant.as_ref().map(ParticipantId::as_str),
            name: &announced.name,
            started_at: announced.started_at.map(Timestamp::as_millis),
            ended_at: announced.ended_at.map(Timestamp::as_millis),
            announced_at: file.announced_at.as_millis(),
            content_type: &content_type,
            size: whole.size,
            sha256: &whole.sha256,
            crc32: format!("{:08x}", whole.crc32),
        };
        let description = serde_json::to_vec_pretty(&description);
        let description = description.map_err(|error| Cause::Storage(error.to_string()))?;
        let put = async {
            let storage = &self.0.storage;
            storage.put_file(&whole.path, &key).await?;
            crash::point("fetch-moved");
            storage.put(&format!("{key}.json"), description).await?;
            crash::point("fetch-described");
            self.read_back(&key, whole.size).await
        };
        let read: Result<u32, object_store::Error> = put.await;
        match read {
            Ok(crc32) if crc32 == whole.crc32 => {
                let stored = Stored {
                    key,
                    size: whole.size,
                    sha256: whole.sha256.clone(),
                    crc32: Some(whole.crc32),
                    content_type,
                };
                Ok((stored, measured))
            }
            Ok(_) => Err(Cause::Storage(OTHER_BYTES.to_owned())),
            Err(error) => Err(Cause::Storage(error.to_string())),
        }
    }

    /// The CRC-32 of a copy as the storage returns it.
    async fn read_back(&self, key: &str, size: u64) -> Result<u32, object_store::Error> {
        let body = self.0.storage.read(key, 0..size).await?;
        let add = |mut crc32: crc32fast::Hasher, bytes: Bytes| async move {
            crc32.update(&bytes);
            Ok(crc32)
        };
        Ok(body
            .try_fold(crc32fast::Hasher::new(), add)
            .await?
            .finalize())
    }
}
