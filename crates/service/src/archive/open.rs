//! Handing a file out: from our copy, or passed through from the platform while there is none.

use std::io;

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use reelroom_domain::{cause::Cause, file::FileState, ids::FileId, time::Timestamp};
use reelroom_store::{apps, files, recordings};

use crate::{
    Service, ServiceError,
    archive::{
        media_type,
        range::{ByteRange, Part, Wanted},
    },
    ground::guard,
};

/// A file that is ready to be read.
pub struct Opened {
    /// The platform's name for it.
    pub name: String,
    /// The content type that we give it.
    pub content_type: &'static str,
    /// Bytes of the whole file, where known.
    pub size: Option<u64>,
    /// The bytes that the body has; `None`: the whole file.
    pub range: Option<ByteRange>,
    /// A strong entity tag: the SHA-256 of our copy. `None` while the file is passed through.
    pub etag: Option<String>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// The bytes, no more than `range` or `size` says.
    pub body: BoxStream<'static, io::Result<Bytes>>,
}

/// A file cannot be handed out.
#[derive(Debug, thiserror::Error)]
pub enum OpenFileError {
    /// There is no such file.
    #[error("not found")]
    NotFound,
    /// Its address is not one that the app allows.
    #[error("blocked: {0}")]
    Blocked(Cause),
    /// Neither the platform nor we have it.
    #[error("gone")]
    Gone,
    /// Outside of the file, which has so many bytes.
    #[error("range not satisfiable")]
    Range(Option<u64>),
    /// The platform did not hand it out.
    #[error("the platform: {0}")]
    Platform(String),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Opens a file for reading.
    pub async fn open_file(&self, id: FileId, wanted: Wanted) -> Result<Opened, OpenFileError> {
        let mut read = self.0.store.read().await.map_err(ServiceError::from)?;
        let file = files::get(&mut read, id)
            .await
            .map_err(ServiceError::from)?;
        let file = file.ok_or(OpenFileError::NotFound)?;
        if let (FileState::Archived, Some(stored)) = (file.state, &file.stored) {
            drop(read);
            let range = match wanted {
                Wanted::Whole => None,
                part => Some(
                    part.within(stored.size)
                        .ok_or(OpenFileError::Range(Some(stored.size)))?,
                ),
            };
            let bytes = range.map_or(0..stored.size, |range| range.first()..range.end());
            let body = self
                .0
                .storage
                .read(&stored.key, bytes)
                .await
                .map_err(ServiceError::from)?;
            return Ok(Opened {
                content_type: media_type::of(&file.announced.name, file.announced.media),
                name: file.announced.name,
                size: Some(stored.size),
                range,
                etag: Some(stored.sha256.clone()),
                announced_at: file.announced_at,
                body: body.map_err(io::Error::other).boxed(),
            });
        }
        match file.state {
            FileState::Blocked => {
                return Err(OpenFileError::Blocked(
                    file.trouble.unwrap_or(Cause::Address),
                ));
            }
            FileState::Gone | FileState::Purged => return Err(OpenFileError::Gone),
            _ => {}
        }
        let recording = recordings::get(&mut read, file.recording)
            .await
            .map_err(ServiceError::from)?;
        let app = match recording {
            Some(recording) => apps::get(&mut read, recording.app)
                .await
                .map_err(ServiceError::from)?,
            None => None,
        };
        drop(read);
        let app = app.ok_or(OpenFileError::NotFound)?;
        self.pass_through(file, &app, wanted).await
    }

    async fn pass_through(
        &self,
        file: files::File,
        app: &apps::App,
        wanted: Wanted,
    ) -> Result<Opened, OpenFileError> {
        let request = self.0.http.get(&file.announced.url, app);
        let mut request = request.map_err(OpenFileError::Blocked)?;
        if let Some(range) = wanted.header() {
            request = request.header("range", range);
        }
        let answer = request.send().await.map_err(|error| {
            guard::refused(&error).map_or_else(
                || OpenFileError::Platform(error.to_string()),
                OpenFileError::Blocked,
            )
        })?;
        let part = match answer.status().as_u16() {
            200 | 206 => Part::of(&answer, wanted).ok_or_else(|| {
                OpenFileError::Platform("it answered with other bytes than asked for".to_owned())
            })?,
            404 | 410 => return Err(OpenFileError::Gone),
            416 if wanted != Wanted::Whole => return Err(OpenFileError::Range(None)),
            status => return Err(OpenFileError::Platform(format!("it answered {status}"))),
        };
        Ok(Opened {
            content_type: media_type::of(&file.announced.name, file.announced.media),
            name: file.announced.name,
            size: part.size,
            range: part.range,
            etag: None,
            announced_at: file.announced_at,
            body: at_most(
                part.length(),
                answer.bytes_stream().map_err(io::Error::other),
            ),
        })
    }
}

/// `body`, with an error in place of the bytes that go beyond `length`.
fn at_most(
    length: Option<u64>,
    body: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> BoxStream<'static, io::Result<Bytes>> {
    let mut left = length.unwrap_or(u64::MAX);
    body.map(move |chunk| {
        let chunk = chunk?;
        left = left
            .checked_sub(chunk.len() as u64)
            .ok_or_else(|| io::Error::other("more bytes than the head announced"))?;
        Ok(chunk)
    })
    .boxed()
}
