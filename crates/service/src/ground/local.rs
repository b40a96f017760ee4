//! Reads files of this machine in large pieces.

use std::{
    fs::File,
    io::{self, ErrorKind},
    ops::Range,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures::{Stream, stream};
use rustix::{buffer::spare_capacity, io::pread};
use tokio::task::spawn_blocking;

/// The bytes of a piece. Each one is handed over by a thread, so small pieces cost time; a response holds
/// up to two of them, so large pieces cost memory.
const PIECE: usize = 256 << 10;

/// An open file and the bytes of it that are not yet read.
type Rest = (File, Range<u64>);

/// A stream of the bytes `range` of a file; an error if the file does not have all of them.
pub(super) async fn read(
    path: PathBuf,
    range: Range<u64>,
) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + 'static> {
    let end = range.end;
    let file = spawn_blocking(move || open(&path, end)).await??;
    Ok(stream::try_unfold((file, range), next))
}

fn open(path: &Path, end: u64) -> io::Result<File> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size < end {
        let what = format!("{} ends at {size}, before {end}", path.display());
        return Err(io::Error::new(ErrorKind::UnexpectedEof, what));
    }
    Ok(file)
}

async fn next((file, range): Rest) -> io::Result<Option<(Bytes, Rest)>> {
    if range.is_empty() {
        return Ok(None);
    }
    spawn_blocking(move || piece(file, range)).await?.map(Some)
}

/// The first piece of a range that is not empty, and the rest.
fn piece(file: File, range: Range<u64>) -> io::Result<(Bytes, Rest)> {
    let left = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
    let wanted = PIECE.min(left);
    let mut bytes = Vec::with_capacity(wanted);
    pread(&file, spare_capacity(&mut bytes), range.start)?;
    // A vector may have more room than it was asked for.
    bytes.truncate(wanted);
    if bytes.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let rest = range.start + bytes.len() as u64..range.end;
    Ok((bytes.into(), (file, rest)))
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, TryStreamExt};

    use super::*;

    async fn pieces(path: &Path, range: Range<u64>) -> Vec<Bytes> {
        let pieces = read(path.to_owned(), range).await.unwrap();
        pieces.try_collect().await.unwrap()
    }

    #[tokio::test]
    async fn a_range_comes_in_pieces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let all: Vec<u8> = (0..2 * PIECE + 5).map(|n| n.to_le_bytes()[1]).collect();
        std::fs::write(&path, &all).unwrap();
        let size = all.len();
        for (range, count) in [
            (0..size, 3),
            (0..PIECE, 1),
            (1..size, 3),
            (PIECE - 1..PIECE + 1, 1),
            (size - 1..size, 1),
        ] {
            let pieces = pieces(&path, range.start as u64..range.end as u64).await;
            assert_eq!(pieces.len(), count, "{range:?}");
            assert!(pieces.concat() == all[range.clone()], "{range:?}");
        }
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_ends_in_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, vec![7_u8; 2 * PIECE]).unwrap();
        let mut pieces = Box::pin(read(path.clone(), 0..2 * PIECE as u64).await.unwrap());
        assert_eq!(pieces.next().await.unwrap().unwrap().len(), PIECE);
        std::fs::write(&path, "short").unwrap();
        let error = pieces.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}
