//! The pictures of archived videos: made in the background, and opened for reading.

use std::{future::ready, io, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, stream};
use reelroom_domain::{access::Verb, file::FileState, ids::FileId, strip::Strip};
use reelroom_media::{Film, film};
use reelroom_store::{
    Store,
    files::{self, Stored},
    recordings,
};
use tokio::task::spawn_blocking;

use super::{
    open::{Content, OpenFileError, Opened},
    reader::Reader,
};
use crate::{Found, Principal, Service, ServiceError, recordings::find::recording_for};

/// The number of pictures in a filmstrip.
const PICTURES: u16 = 20;

/// A file that is made of the pictures of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// One picture.
    Poster,
    /// The filmstrip.
    Strip,
    /// The times and places of the filmstrip's pictures, as `WebVTT`.
    Cues,
}

impl Picture {
    /// The picture of this file name.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Poster, Self::Strip, Self::Cues];
        all.into_iter().find(|picture| picture.name() == name)
    }

    /// Its file name, which is also the end of its key.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Poster => "poster.jpg",
            Self::Strip => "strip.jpg",
            Self::Cues => "strip.vtt",
        }
    }

    /// Its key in the storage, beside the copy.
    fn key(self, copy: &str) -> String {
        format!("{copy}.{}", self.name())
    }
}

impl Service {
    /// Makes the pictures of the next video that has none; the next round is at once, or after the period.
    /// Nothing is made where the configuration says so.
    pub(crate) async fn pictures_round(&self) -> Result<Option<Duration>, ServiceError> {
        if !self.0.makes_pictures {
            return Ok(None);
        }
        self.in_background(|service, store| async move { service.make_next_pictures(&store).await })
            .await
    }

    async fn make_next_pictures(&self, store: &Store) -> Result<Option<Duration>, ServiceError> {
        let again = Ok(Some(Duration::ZERO));
        let mut tx = store.write().await?;
        let Some(file) = files::begin_pictures(&mut tx).await? else {
            return Ok(None);
        };
        tx.commit().await?;
        let Some(stored) = &file.stored else {
            return again;
        };
        let strip = match self.make_pictures(stored).await {
            Ok(strip) => strip,
            Err(error) => {
                tracing::warn!(file = %file.id, %error, "no pictures of a video");
                // If the storage answers, it is the copy that cannot be read.
                let Err(down) = self.0.storage.ping().await else {
                    return again;
                };
                let mut tx = store.write().await?;
                files::forget_picture_try(&mut tx, file.id).await?;
                tx.commit().await?;
                return Err(down.into());
            }
        };
        let mut tx = store.write().await?;
        let is_kept = files::set_pictures(&mut tx, file.id, &stored.key, strip.as_ref()).await?;
        let recording = recordings::get(&mut tx, file.recording).await?;
        tx.commit().await?;
        if !is_kept {
            // The copy was purged meanwhile.
            for picture in [Picture::Poster, Picture::Strip] {
                self.0.storage.remove(&picture.key(&stored.key)).await?;
            }
            return again;
        }
        if let Some(recording) = recording.filter(|_| strip.is_some()) {
            self.publish_recording(&recording);
        }
        again
    }

    /// Puts the pictures of a copy into the storage; `None` where it has none that can be decoded.
    async fn make_pictures(&self, stored: &Stored) -> io::Result<Option<Strip>> {
        let storage = &self.0.storage;
        let (key, size) = (stored.key.clone(), stored.size);
        let reader = Reader::new(storage.clone(), key, size);
        let film = spawn_blocking(move || film(reader, size, PICTURES)).await;
        let film = film.unwrap_or_else(|panic| {
            tracing::warn!(%panic, key = stored.key, "the pictures of a video are not decoded");
            Ok(None)
        });
        let Some(film) = film? else {
            return Ok(None);
        };
        let strip = strip(&film);
        for (picture, jpeg) in [(Picture::Poster, film.poster), (Picture::Strip, film.strip)] {
            let put = storage.put(&picture.key(&stored.key), jpeg).await;
            put.map_err(io::Error::other)?;
        }
        Ok(Some(strip))
    }

    /// Opens a picture of the version of a video that is shown.
    pub async fn open_picture(
        &self,
        by: &Principal,
        id: FileId,
        picture: Picture,
    ) -> Result<Opened, OpenFileError> {
        let mut read = self.0.store.read().await?;
        let versions = files::versions(&mut read, id).await?;
        if let Some(file) = versions.first() {
            recording_for(&mut read, by, Verb::Watch, file.recording).await?;
        }
        drop(read);
        let archived = versions.into_iter();
        let archived = archived.filter(|file| file.state == FileState::Archived);
        let file = archived.max_by_key(|file| (file.copy_is_known(), file.version));
        let file = file.found()?;
        let (stored, strip) = file.stored.zip(file.strip).found()?;
        let (bytes, content_type) = match picture {
            Picture::Cues => {
                let cues = strip.vtt(Picture::Strip.name());
                (Bytes::from(cues), "text/vtt; charset=utf-8")
            }
            Picture::Poster | Picture::Strip => {
                let bytes = self.0.storage.get(&picture.key(&stored.key)).await;
                (bytes.map_err(ServiceError::from)?, "image/jpeg")
            }
        };
        Ok(Opened {
            file: None,
            name: picture.name().to_owned(),
            content_type: content_type.to_owned(),
            size: Some(bytes.len() as u64),
            range: None,
            etag: Some(format!("{}-{}", stored.sha256, picture.name())),
            last_modified: None,
            has_ranges: false,
            content: Content::Stream(stream::once(ready(Ok(bytes))).boxed()),
        })
    }
}

fn strip(film: &Film) -> Strip {
    let millis = |millis: u64| i64::try_from(millis).unwrap_or(i64::MAX);
    Strip {
        width: film.width,
        height: film.height,
        times: film.times_ms.iter().copied().map(millis).collect(),
        length: millis(film.length_ms),
    }
}
