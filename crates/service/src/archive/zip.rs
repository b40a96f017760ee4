//! Open the copies of one or several recordings as a ZIP archive, which is read while it is sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::ready,
    io,
    ops::Range,
    sync::Arc,
};

use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use reelroom_domain::{
    access::Verb,
    ids::{FileId, RecordingId},
    recording::Recording,
    time::Civil,
};
use reelroom_store::{
    files::{self, File, Stored},
    recordings,
};
use reelroom_zip::{DosTime, Entry, Piece, UniqueNames, ZipLayout, safe_name};
use sha2::{Digest, Sha256};

use crate::{
    Content, OpenFileError, Opened, Principal, Service, Wanted,
    archive::{media_type, open::part_of},
    ground::storage::Storage,
    recordings::select::recordings_for,
};

/// The most files of an archive: its layout is in memory while it is read.
const MOST_FILES: usize = 65_535;

/// The text in an archive of several recordings that names those of which files are left out, in both languages: an
/// archive is the same for every reader, so that a download can go on.
const LEFT_OUT: &str = "left-out.txt";

/// An archive of the copies of one or several recordings.
pub struct Zip {
    /// The files in it.
    pub files: Vec<FileId>,
    /// The number of files of each recording in it.
    pub recordings: BTreeMap<RecordingId, u32>,
    /// How many files the recordings have, with those that have no copy.
    pub of: usize,
    name: String,
    etag: String,
    layout: ZipLayout,
    copies: Arc<[Stored]>,
    left_out: Bytes,
    storage: Storage,
}

impl Service {
    /// The archive of those of these recordings that the account may download, in a folder each if there are
    /// several. Of several, a text in it says what is left out and why.
    pub async fn zip(
        &self,
        by: &Principal,
        ids: &BTreeSet<RecordingId>,
    ) -> Result<Zip, OpenFileError> {
        let mut read = self.0.store.read().await?;
        let all: Vec<RecordingId> = ids.iter().copied().collect();
        let chosen = recordings_for(&mut read, by, Verb::Download, &all).await?;
        let are_several = chosen.len() > 1;
        let (mut folders, mut of, mut found) = (UniqueNames::default(), 0, Vec::new());
        let (mut denied, mut left_out) = (ids.clone(), Vec::new());
        for recording in chosen {
            denied.remove(&recording.id);
            let files = files::shown(&mut read, recording.id).await?;
            let folder = folders.add(&name_of(&recording));
            left_out.extend(why(&files).map(|why| format!("{folder}: {why}\n")));
            of += files.len();
            if of > MOST_FILES {
                return Err(OpenFileError::TooMany);
            }
            found.extend(files.into_iter().map(|file| (folder.clone(), file)));
        }
        let denied: Vec<RecordingId> = denied.into_iter().collect();
        for recording in recordings::get_all(&mut read, &denied).await? {
            let name = folders.add(&name_of(&recording));
            left_out.push(format!("{name}: you may not download it / 无权下载\n"));
        }
        drop(read);
        let name = match found.first() {
            Some((folder, _)) if !are_several => safe_name(&format!("{folder}.zip")),
            _ => "recordings.zip".to_owned(),
        };
        let (mut entries, mut copies, mut files) = (Vec::new(), Vec::new(), Vec::new());
        let mut recordings = BTreeMap::new();
        let none = if found.iter().any(|(_, file)| file.is_demo()) {
            OpenFileError::Demo
        } else {
            OpenFileError::NoneArchived
        };
        for (folder, file) in found {
            let Some((copy, crc32)) = file.copy_with_crc32() else {
                continue;
            };
            entries.push(Entry {
                folder: are_several.then_some(folder),
                name: media_type::name(&file.announced.name, &copy.content_type),
                size: copy.size,
                crc32,
                modified: dos_time(&file),
            });
            copies.push(copy.clone());
            files.push(file.id);
            *recordings.entry(file.recording).or_default() += 1;
        }
        if files.is_empty() {
            return Err(none);
        }
        let left_out = if all.len() > 1 {
            left_out.concat()
        } else {
            String::new()
        };
        if !left_out.is_empty() {
            // It follows the copies, so its position is none of theirs.
            entries.push(Entry {
                folder: None,
                name: LEFT_OUT.to_owned(),
                size: left_out.len() as u64,
                crc32: crc32fast::hash(left_out.as_bytes()),
                modified: DosTime::default(),
            });
        }
        let left_out = Bytes::from(left_out);
        let layout = ZipLayout::new(entries);
        Ok(Zip {
            files,
            recordings,
            of,
            name,
            etag: etag(&layout, &copies, &left_out),
            layout,
            copies: copies.into(),
            left_out,
            storage: self.0.storage.clone(),
        })
    }
}

impl Zip {
    /// Opens the archive for reading. An error of the storage ends its body.
    pub fn open(&self, wanted: Wanted) -> Result<Opened, OpenFileError> {
        let size = self.layout.total();
        let (range, bytes) = part_of(size, wanted)?;
        Ok(Opened {
            file: None,
            name: self.name.clone(),
            content_type: "application/zip".to_owned(),
            size: Some(size),
            range,
            etag: Some(self.etag.clone()),
            last_modified: None,
            has_ranges: true,
            content: Content::Stream(self.read(bytes)),
        })
    }

    fn read(&self, range: Range<u64>) -> BoxStream<'static, io::Result<Bytes>> {
        let pieces: Vec<Piece> = self.layout.slices(range).collect();
        let (copies, storage) = (Arc::clone(&self.copies), self.storage.clone());
        let left_out = self.left_out.clone();
        let read = move |piece| {
            let copies = Arc::clone(&copies);
            read(storage.clone(), copies, left_out.clone(), piece)
        };
        stream::iter(pieces).then(read).try_flatten().boxed()
    }
}

/// A stream of the bytes of a piece.
async fn read(
    storage: Storage,
    copies: Arc<[Stored]>,
    left_out: Bytes,
    piece: Piece,
) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
    let bytes: Bytes = match piece {
        Piece::Bytes(bytes) => bytes.into(),
        Piece::Entry { index, range } => match copies.get(index) {
            Some(copy) => {
                let content = storage.read(&copy.key, range).await;
                let content = content.map_err(io::Error::other)?;
                return Ok(content.map_err(io::Error::other).boxed());
            }
            None => part(&left_out, &range),
        },
    };
    Ok(stream::once(ready(Ok::<_, io::Error>(bytes))).boxed())
}

/// The bytes `range` of a text.
fn part(text: &Bytes, range: &Range<u64>) -> Bytes {
    let at = |at: u64| usize::try_from(at).map_or(text.len(), |at| at.min(text.len()));
    text.slice(at(range.start)..at(range.end))
}

/// Why files of a recording are left out; `None` if all are in the archive.
fn why(files: &[File]) -> Option<String> {
    let without = files.iter().filter(|file| file.copy_with_crc32().is_none());
    match (files.len(), without.count()) {
        (0, _) => Some("no files / 没有文件".to_owned()),
        (_, 0) => None,
        (all, without) => Some(format!(
            "files without a copy: {without} of {all} / 没有副本的文件：{without}/{all}"
        )),
    }
}

/// The name of a recording's archive or folder: `board-weekly 2026-11-22 0900 UTC`. It depends on no
/// setting, so that a download goes on.
fn name_of(recording: &Recording) -> String {
    let start = recording.started_at.unwrap_or(recording.requested_at);
    let at = Civil::at(start, 0);
    let (room, year, month, day) = (&recording.room, at.year, at.month, at.day);
    let (hour, minute) = (at.hour, at.minute);
    format!("{room} {year}-{month:02}-{day:02} {hour:02}{minute:02} UTC")
}

/// When the content of the file starts, in UTC.
fn dos_time(file: &File) -> DosTime {
    let start = file.announced.started_at.map(|at| Civil::at(at, 0));
    let time = start.and_then(|at| {
        let (date, time) = ((at.year, at.month, at.day), (at.hour, at.minute, at.second));
        DosTime::new(date, time)
    });
    time.unwrap_or_default()
}

/// The SHA-256 of the archive's own bytes, with that of a file in place of its content, and of the text.
fn etag(layout: &ZipLayout, copies: &[Stored], left_out: &[u8]) -> String {
    let mut digest = Sha256::new();
    for piece in layout.slices(0..layout.total()) {
        match piece {
            Piece::Bytes(bytes) => digest.update(bytes),
            Piece::Entry { index, .. } => match copies.get(index) {
                Some(copy) => digest.update(&copy.sha256),
                None => digest.update(left_out),
            },
        }
    }
    HEXLOWER.encode(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(sha256: &str) -> Stored {
        Stored {
            key: String::new(),
            size: 3,
            sha256: sha256.to_owned(),
            crc32: Some(7),
            content_type: String::new(),
        }
    }

    fn tag(names: &[&str], copies: &[Stored]) -> String {
        let entries = names.iter().map(|name| Entry {
            folder: None,
            name: (*name).to_owned(),
            size: 3,
            crc32: 7,
            modified: DosTime::default(),
        });
        etag(&ZipLayout::new(entries.collect()), copies, b"")
    }

    #[test]
    fn the_tag_changes_with_names_and_contents() {
        let copies = [copy("aa"), copy("bb")];
        let first = tag(&["a", "b"], &copies);
        assert_eq!(tag(&["a", "b"], &copies), first);
        assert_ne!(tag(&["b", "a"], &copies), first);
        assert_ne!(tag(&["a", "c"], &copies), first);
        assert_ne!(tag(&["a", "b"], &[copy("aa"), copy("cc")]), first);
    }
}
