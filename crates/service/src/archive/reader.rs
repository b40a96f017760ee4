//! A copy in the storage as a file that is read in place.

use std::{
    io::{self, ErrorKind, Read, Seek, SeekFrom},
    time::Duration,
};

use bytes::Bytes;
use tokio::{runtime::Handle, time::Instant};

use crate::ground::storage::Storage;

/// The bytes of the first request at a place. Each that follows on is for twice as many.
const FIRST: u64 = 16 << 10;
/// The limit of a request.
const MOST: u64 = 1 << 20;
/// The time after which reading fails: from a bucket, a file of many small parts takes hours.
const PATIENCE: Duration = Duration::from_mins(10);

/// A copy, for a thread that may block.
pub(super) struct Reader {
    runtime: Handle,
    storage: Storage,
    key: String,
    size: u64,
    at: u64,
    window: Bytes,
    window_at: u64,
    /// The bytes of the last request.
    length: u64,
    ends_at: Instant,
}

impl Reader {
    /// Reads the copy `key` of `size` bytes, with requests that the current runtime makes.
    pub fn new(storage: Storage, key: String, size: u64) -> Self {
        Self {
            runtime: Handle::current(),
            storage,
            key,
            size,
            at: 0,
            window: Bytes::new(),
            window_at: 0,
            length: FIRST,
            ends_at: Instant::now() + PATIENCE,
        }
    }

    /// The bytes of the window from the current place on.
    fn rest(&self) -> &[u8] {
        let from = self.at.checked_sub(self.window_at);
        let from = from.and_then(|from| usize::try_from(from).ok());
        let rest = from.and_then(|from| self.window.get(from..));
        rest.unwrap_or_default()
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest().is_empty() && self.at < self.size {
            if Instant::now() > self.ends_at {
                return Err(ErrorKind::TimedOut.into());
            }
            let follows_on = self.at == self.window_at + self.window.len() as u64;
            self.length = if follows_on {
                MOST.min(self.length * 2)
            } else {
                FIRST
            };
            let range = self.at..self.size.min(self.at + self.length);
            let window = self
                .runtime
                .block_on(self.storage.get_range(&self.key, range));
            (self.window, self.window_at) = (window.map_err(io::Error::other)?, self.at);
        }
        let read = self.rest().read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StorageLocation;

    #[tokio::test]
    async fn any_place_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
        std::fs::write(folder.path().join("a"), &bytes).unwrap();
        let storage = StorageLocation::Folder(folder.path().to_owned());
        let storage = Storage::open(&storage).unwrap();
        let reader = |key: &str, size| Reader::new(storage.clone(), key.to_owned(), size);
        let (mut whole, mut missing) = (reader("a", 3_000_000), reader("b", 3));
        let read = move || {
            assert!(missing.read(&mut [0; 3]).is_err());
            let mut all = Vec::new();
            whole.read_to_end(&mut all).unwrap();
            assert!(all == bytes);
            for at in [0, 2_999_999, 1_048_575, 17, 3_000_000] {
                let mut some = Vec::new();
                whole.seek(SeekFrom::Start(at)).unwrap();
                Read::by_ref(&mut whole)
                    .take(300)
                    .read_to_end(&mut some)
                    .unwrap();
                let rest = &bytes[usize::try_from(at).unwrap()..];
                assert_eq!(some, rest[..rest.len().min(300)], "{at}");
            }
        };
        tokio::task::spawn_blocking(read).await.unwrap();
    }
}
