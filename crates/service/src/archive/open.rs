//! Open a file for reading: our copy, or the platform's if there is no copy.

use std::{io, ops::Range, path::PathBuf};

use bytes::Bytes;
use futures::{
    Stream, StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use reelroom_domain::{
    access::Verb,
    cause::Cause,
    file::{Announcement, FileKind, FileState},
    ids::{FileId, RecordingId},
    time::Timestamp,
};
use reelroom_media::HEAD;
use reelroom_store::{
    apps::{self, App},
    files::{self, File},
};
use reqwest::{
    Response,
    header::{ACCEPT_RANGES, CONTENT_TYPE},
};
use url::Url;

use crate::{
    Found, Principal, Service, ServiceError,
    archive::{
        media_type,
        range::{Part, Wanted, is_compressed},
        verify::verify_head,
    },
    ground::{best_effort::best_effort, guard::GetError},
    recordings::find::recording_for,
};

/// An open file, or an archive of several.
pub struct Opened {
    /// The version of a file that it is, and its kind; `None` of an archive and of a picture.
    pub file: Option<(FileId, FileKind)>,
    /// The name under which it is saved: the platform's, with an extension that fits, and without characters that
    /// a file system rejects.
    pub name: String,
    /// The content type, which is never the platform's.
    pub content_type: String,
    /// The size of the whole file in bytes, if known.
    pub size: Option<u64>,
    /// The range of the content, which is not empty; `None`: the whole file.
    pub range: Option<Range<u64>>,
    /// A strong entity tag: the SHA-256 of our copy, or one that changes with each byte of an archive.
    /// `None` if the platform sends the file.
    pub etag: Option<String>,
    /// When our copy was made, in a second that no other version has. `None` of an archive, and if the
    /// platform sends the file.
    pub last_modified: Option<Timestamp>,
    /// Whether ranges of it can be read, as far as the platform says.
    pub has_ranges: bool,
    /// The bytes, at most as many as `range` or `size` says.
    pub content: Content,
}

/// The bytes of an open file.
pub enum Content {
    /// Those of a copy, which [`Service::read`] opens.
    Copy {
        /// Its file.
        id: FileId,
        /// Its key in the storage.
        key: String,
        /// The bytes of it.
        bytes: Range<u64>,
    },
    /// A stream of them.
    Stream(BoxStream<'static, io::Result<Bytes>>),
}

/// A file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFileError {
    /// It is of a demo, and has no content.
    #[error("a demo")]
    Demo,
    /// None of the files has a copy.
    #[error("no file is archived")]
    NoneArchived,
    /// The app does not allow its address.
    #[error("blocked: {0}")]
    Blocked(Cause),
    /// The platform does not have it any more, and there is no copy.
    #[error("gone")]
    Gone,
    /// The range is outside the file, which has this size, if known.
    #[error("range not satisfiable")]
    Range(Option<u64>),
    /// There are more files than one archive takes.
    #[error("too many files")]
    TooMany,
    /// The platform failed.
    #[error("the platform: {0}")]
    Platform(String),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Opens a version of a file for reading; without a number, the one that is shown, else the newest that can be
    /// passed through. Downloading is another `verb` than watching.
    pub async fn open_file(
        &self,
        by: &Principal,
        verb: Verb,
        id: FileId,
        version: Option<u32>,
        wanted: Wanted,
    ) -> Result<Opened, OpenFileError> {
        let mut read = self.0.store.read().await?;
        let versions = files::versions(&mut read, id).await?;
        let chosen = versions.iter();
        let chosen = chosen.filter(|file| version.is_none_or(|version| file.version == version));
        let best = chosen.max_by_key(|file| {
            let is_readable = file.state.is_readable();
            (file.copy_is_known(), is_readable, file.version)
        });
        let file = best.found()?;
        let recording = recording_for(&mut read, by, verb, file.recording).await?;
        if file.is_demo() {
            return Err(OpenFileError::Demo);
        }
        if let (FileState::Archived, Some(stored)) = (file.state, &file.stored) {
            drop(read);
            let (range, bytes) = part_of(stored.size, wanted)?;
            return Ok(Opened {
                file: Some((file.id, file.announced.kind)),
                name: media_type::name(&file.announced.name, &stored.content_type),
                content_type: stored.content_type.clone(),
                size: Some(stored.size),
                range,
                etag: Some(stored.sha256.clone()),
                last_modified: last_modified(file, &versions),
                has_ranges: true,
                content: Content::Copy {
                    id: file.id,
                    key: stored.key.clone(),
                    bytes,
                },
            });
        }
        match file.state {
            FileState::Blocked => {
                let cause = file.trouble.clone().unwrap_or(Cause::Address);
                return Err(OpenFileError::Blocked(cause));
            }
            FileState::Gone | FileState::Purged => return Err(OpenFileError::Gone),
            _ => {}
        }
        let app = apps::get(&mut read, recording.app).await?.found()?;
        drop(read);
        self.pass_through(file, &app, wanted).await
    }

    /// A stream of the bytes of an open file. A copy that cannot be read is checked soon.
    pub async fn read(
        &self,
        content: Content,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, ServiceError> {
        let (id, read) = match content {
            Content::Copy { id, key, bytes } => (id, self.0.storage.read(&key, bytes).await),
            Content::Stream(body) => return Ok(body),
        };
        match read {
            Ok(body) => Ok(body.map_err(io::Error::other).boxed()),
            Err(error) => {
                best_effort("a copy is not checked soon", self.check_now(id)).await;
                Err(error.into())
            }
        }
    }

    /// The absolute path of a copy, if the storage is a folder.
    pub fn path_of_copy(&self, key: &str) -> Option<PathBuf> {
        std::path::absolute(self.0.storage.folder()?.join(key)).ok()
    }

    /// An address of a copy in a bucket, valid for a short time, under which the bucket answers with this
    /// type and disposition. `None`: the copies are in a folder.
    pub async fn signed_address(
        &self,
        key: &str,
        content_type: &str,
        disposition: &str,
    ) -> Result<Option<Url>, ServiceError> {
        let address = self
            .0
            .storage
            .signed_address(key, content_type, disposition);
        Ok(address.await?)
    }

    /// The recording of a file, if the account sees it.
    pub async fn recording_of(
        &self,
        by: &Principal,
        id: FileId,
    ) -> Result<RecordingId, ServiceError> {
        let mut read = self.0.store.read().await?;
        let file = files::get(&mut read, id).await?.found()?;
        let recording = recording_for(&mut read, by, Verb::See, file.recording).await?;
        Ok(recording.id)
    }

    /// Opens a file at the platform. What is not as announced is not passed through: it would get the type of the
    /// file. As for a copy, the first bytes say what it is, not the platform's label.
    async fn pass_through(
        &self,
        file: &File,
        app: &App,
        wanted: Wanted,
    ) -> Result<Opened, OpenFileError> {
        let announced = &file.announced;
        if let Some(why @ (Cause::Empty | Cause::WebPage | Cause::OtherContent)) = &file.trouble {
            return Err(other(why));
        }
        let (answer, part) = self.request_part(file, app, wanted).await?;
        let promise = answer.headers().get(ACCEPT_RANGES);
        let promises = promise.is_some_and(|unit| unit == "bytes");
        let kind = answer.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok());
        let is_text = kind.is_some_and(media_type::is_text);
        let mut body = body_of(answer);
        if part.has_head() {
            body = judged(body, announced).await?;
        } else if is_text {
            let head = Wanted::From(0, Some(HEAD - 1));
            let (answer, part) = self.request_part(file, app, head).await?;
            if !part.has_head() {
                return Err(other(&Cause::OtherContent));
            }
            drop(judged(body_of(answer), announced).await?);
        }
        // A whole file where a range was requested breaks the promise.
        let may_promise = wanted == Wanted::Whole && part.size.is_some();
        // A whole file that ends before its announced size is an error of the connection.
        let part = Part {
            size: part
                .size
                .or(announced.size.filter(|_| part.range.is_none())),
            ..part
        };
        let content_type = media_type::of(&announced.name, announced.media);
        Ok(Opened {
            file: Some((file.id, announced.kind)),
            name: media_type::name(&announced.name, content_type),
            content_type: content_type.to_owned(),
            size: part.size,
            etag: None,
            last_modified: None,
            has_ranges: part.range.is_some() || (promises && may_promise),
            content: Content::Stream(at_most(part.length(), body)),
            range: part.range,
        })
    }

    /// Requests bytes of a file from the platform. The size of the file must be the announced one.
    async fn request_part(
        &self,
        file: &File,
        app: &App,
        wanted: Wanted,
    ) -> Result<(Response, Part), OpenFileError> {
        let answer = self
            .0
            .http
            .get(&file.announced.url, app, wanted.headers())
            .await;
        let answer = answer.map_err(|error| match error {
            GetError::Refused(why) => OpenFileError::Blocked(why),
            error => OpenFileError::Platform(error.to_string()),
        })?;
        let part = match answer.status().as_u16() {
            200 | 206 => Part::of(&answer, wanted).ok_or_else(|| {
                OpenFileError::Platform("it answered with other bytes than requested".to_owned())
            })?,
            404 | 410 => return Err(OpenFileError::Gone),
            416 if wanted != Wanted::Whole => return Err(OpenFileError::Range(None)),
            status => return Err(OpenFileError::Platform(format!("it answered {status}"))),
        };
        if is_compressed(&answer) {
            let why = "it answered with compressed bytes".to_owned();
            return Err(OpenFileError::Platform(why));
        }
        if let (Some(came), Some(announced)) = (part.size, file.announced.size)
            && came != announced
        {
            return Err(other(&Cause::Size { came, announced }));
        }
        Ok((answer, part))
    }
}

/// The error that the platform has something else than was announced.
fn other(why: &Cause) -> OpenFileError {
    OpenFileError::Platform(why.to_string())
}

fn body_of(answer: Response) -> BoxStream<'static, io::Result<Bytes>> {
    answer.bytes_stream().map_err(io::Error::other).boxed()
}

/// The same body, if its first bytes are of what was announced.
async fn judged(
    mut body: BoxStream<'static, io::Result<Bytes>>,
    announced: &Announcement,
) -> Result<BoxStream<'static, io::Result<Bytes>>, OpenFileError> {
    let broken = |error: io::Error| OpenFileError::Platform(error.to_string());
    let mut head: Vec<u8> = Vec::new();
    while (head.len() as u64) < HEAD
        && let Some(chunk) = body.try_next().await.map_err(broken)?
    {
        head.extend_from_slice(&chunk);
    }
    // Another size than the announced one ends with an error.
    let has_announced_size = announced.size.is_some();
    verify_head(&head, announced.media, has_announced_size).map_err(|why| other(&why))?;
    let head = Ok(Bytes::from(head));
    Ok(stream::iter([head]).chain(body).boxed())
}

/// When the copy of a version was made, if no other version has the same second, which is the resolution of HTTP.
/// Of an old copy only the announcement's time is known.
fn last_modified(file: &File, versions: &[File]) -> Option<Timestamp> {
    let time = |file: &File| file.archived_at.unwrap_or(file.announced_at);
    let second = |file: &File| time(file).as_millis().div_euclid(1000);
    let same = versions
        .iter()
        .filter(|other| second(other) == second(file));
    (same.count() == 1).then_some(time(file))
}

/// The range of `size` bytes that is wanted, `None` for the whole, and where it lies.
pub(super) fn part_of(
    size: u64,
    wanted: Wanted,
) -> Result<(Option<Range<u64>>, Range<u64>), OpenFileError> {
    if wanted == Wanted::Whole {
        return Ok((None, 0..size));
    }
    let range = wanted.within(size);
    let range = range.ok_or(OpenFileError::Range(Some(size)))?;
    Ok((Some(range.clone()), range))
}

/// Limits `body` to `length` bytes; an error takes the place of any more.
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
