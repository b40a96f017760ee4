//! Puts a file that was downloaded into the storage, with a description beside it.

use bytes::Bytes;
use futures::TryStreamExt;
use reelroom_domain::{cause::Cause, file::Announcement};
use reelroom_store::files::{File, Measured, Stored};
use tokio::task::spawn_blocking;

use super::{
    description::{Subject, copy_key, key_of},
    keys, media_type,
    verify::verify,
};
use crate::{
    Service,
    ground::{crash, staging::Whole},
};

/// The error of a storage that does not return what was written.
pub(super) const OTHER_BYTES: &str = "it returns other bytes than it got";

impl Service {
    /// Checks what a file is, puts it into the storage under a key of its content, and reads it back: no
    /// copy replaces another one.
    pub(super) async fn store_copy(
        &self,
        subject: &Subject,
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
        let stored = Stored {
            key: copy_key(subject.id(), file.id, &whole.sha256),
            size: whole.size,
            sha256: whole.sha256.clone(),
            crc32: Some(whole.crc32),
            content_type,
        };
        let description = subject.describe(&measured_file(file, size, &measured), &stored);
        let description = description.text();
        let description = description.map_err(|error| Cause::Storage(error.to_string()))?;
        let key = &stored.key;
        let put = async {
            let storage = &self.0.storage;
            storage.put_file(&whole.path, key).await?;
            crash::point("fetch-moved");
            storage.put(&key_of(key), description).await?;
            crash::point("fetch-described");
            self.read_back(key, whole.size).await
        };
        let read: Result<u32, object_store::Error> = put.await;
        match read {
            Ok(crc32) if crc32 == whole.crc32 => Ok((stored, measured)),
            Ok(_) => Err(Cause::Storage(OTHER_BYTES.to_owned())),
            Err(error) => Err(Cause::Storage(error.to_string())),
        }
    }

    /// Deletes a copy and then what lies beside it, its description last. Returns whether there was a copy.
    pub(crate) async fn remove_copy(&self, key: &str) -> Result<bool, object_store::Error> {
        let storage = &self.0.storage;
        let was_there = storage.remove(key).await?;
        for key in keys::beside(key) {
            storage.remove(&key).await?;
        }
        Ok(was_there)
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

/// A file as its row is once a copy of this content is recorded.
fn measured_file(file: &File, size: u64, measured: &Measured) -> File {
    let announced = &file.announced;
    File {
        announced: Announcement {
            media: measured.media.unwrap_or(announced.media),
            size: announced.size.or(Some(size)),
            length_ms: measured.length_ms.or(announced.length_ms),
            ..announced.clone()
        },
        tracks: measured.tracks.clone(),
        peaks: measured.peaks.clone(),
        ..file.clone()
    }
}
