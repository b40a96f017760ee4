//! Handing a file out: from our copy, or passed through from the platform while there is none.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use reelroom_domain::{cause::Cause, file::FileState, ids::FileId, time::Timestamp};
use reelroom_store::{apps, files, recordings};

use crate::{
    Service, ServiceError,
    files::{guard, media_type},
};

/// Which bytes are wanted (RFC 9110 §14.1.2, one range).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All.
    Whole,
    /// From the first to the last named, or to the end.
    From(u64, Option<u64>),
    /// The last so many.
    Last(u64),
}

/// A file that is ready to be read.
pub struct Opened {
    /// The platform's name for it.
    pub name: String,
    /// The content type that we give it.
    pub content_type: &'static str,
    /// Bytes of the whole file, where known.
    pub size: Option<u64>,
    /// The bytes that follow: first and last; `None`: the whole file.
    pub range: Option<(u64, u64)>,
    /// A strong entity tag: the SHA-256 of our copy. `None` while the file is passed through.
    pub etag: Option<String>,
    /// When it was announced.
    pub announced_at: Timestamp,
    /// The bytes.
    pub body: BoxStream<'static, Result<Bytes, std::io::Error>>,
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

impl Wanted {
    /// First and last byte within `size`; `None`: the whole.
    fn within(self, size: u64) -> Result<Option<(u64, u64)>, OpenFileError> {
        let last = size.checked_sub(1).ok_or(OpenFileError::Range(Some(size)));
        match self {
            Self::Whole => Ok(None),
            Self::From(from, _) if from >= size => Err(OpenFileError::Range(Some(size))),
            Self::From(from, to) => {
                let last = last?;
                Ok(Some((from, to.map_or(last, |to| to.min(last)))))
            }
            Self::Last(0) => Err(OpenFileError::Range(Some(size))),
            Self::Last(count) => Ok(Some((size.saturating_sub(count), last?))),
        }
    }

    fn header(self) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::From(from, to) => Some(format!(
                "bytes={from}-{}",
                to.map(|to| to.to_string()).unwrap_or_default()
            )),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }
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
            let range = wanted.within(stored.size)?;
            let bytes = range.map_or(0..stored.size, |(first, last)| first..last + 1);
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
                body: body.map_err(std::io::Error::other).boxed(),
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
        let url = guard::allowed(&file.announced.url, app).map_err(OpenFileError::Blocked)?;
        let mut request = self.0.http.get(url);
        if let Some(range) = wanted.header() {
            request = request.header("range", range);
        }
        let answer = request
            .send()
            .await
            .map_err(|e| OpenFileError::Platform(e.to_string()))?;
        let range = match answer.status().as_u16() {
            200 => None,
            206 => content_range(&answer),
            404 | 410 => return Err(OpenFileError::Gone),
            416 => return Err(OpenFileError::Range(None)),
            status => return Err(OpenFileError::Platform(format!("it answered {status}"))),
        };
        let size = match range {
            Some((_, _, size)) => size,
            None => answer.content_length(),
        };
        Ok(Opened {
            content_type: media_type::of(&file.announced.name, file.announced.media),
            name: file.announced.name,
            size,
            range: range.map(|(first, last, _)| (first, last)),
            etag: None,
            announced_at: file.announced_at,
            body: answer.bytes_stream().map_err(std::io::Error::other).boxed(),
        })
    }
}

/// `bytes 0-99/1234` → (0, 99, Some(1234)).
fn content_range(answer: &reqwest::Response) -> Option<(u64, u64, Option<u64>)> {
    let text = answer
        .headers()
        .get("content-range")?
        .to_str()
        .ok()?
        .strip_prefix("bytes ")?;
    let (range, size) = text.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, size.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_file() {
        let within = |wanted: Wanted, size| wanted.within(size).ok();
        assert_eq!(within(Wanted::Whole, 0), Some(None));
        assert_eq!(within(Wanted::From(0, None), 10), Some(Some((0, 9))));
        assert_eq!(within(Wanted::From(3, Some(99)), 10), Some(Some((3, 9))));
        assert_eq!(within(Wanted::Last(4), 10), Some(Some((6, 9))));
        assert_eq!(within(Wanted::Last(40), 10), Some(Some((0, 9))));
        for wanted in [Wanted::From(10, None), Wanted::Last(0)] {
            assert_eq!(within(wanted, 10), None, "{wanted:?}");
        }
        assert_eq!(within(Wanted::From(0, None), 0), None);
    }
}
