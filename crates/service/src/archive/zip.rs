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
use reelroom_store::files::{self, File, Stored};
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
    storage: Storage,
}

impl Service {
    /// The archive of those of these recordings that the account may download, in a folder each if there are
    /// several.
    pub async fn zip(
        &self,
        by: &Principal,
        ids: &BTreeSet<RecordingId>,
    ) -> Result<Zip, OpenFileError> {
        let mut read = self.0.store.read().await?;
        let ids: Vec<RecordingId> = ids.iter().copied().collect();
        let chosen = recordings_for(&mut read, by, Verb::Download, &ids).await?;
        let are_several = chosen.len() > 1;
        let (mut folders, mut of, mut found) = (UniqueNames::default(), 0, Vec::new());
        for recording in chosen {
            let files = files::shown(&mut read, recording.id).await?;
            let folder = folders.add(&name_of(&recording));
            of += files.len();
            if of > MOST_FILES {
                return Err(OpenFileError::TooMany);
            }
            found.extend(files.into_iter().map(|file| (folder.clone(), file)));
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
        let layout = ZipLayout::new(entries);
        Ok(Zip {
            files,
            recordings,
            of,
            name,
            etag: etag(&layout, &copies),
            layout,
            copies: copies.into(),
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
        let read = move |piece| read(storage.clone(), Arc::clone(&copies), piece);
        stream::iter(pieces).then(read).try_flatten().boxed()
    }
}

/// A stream of the bytes of a piece.
async fn read(
    storage: Storage,
    copies: Arc<[Stored]>,
    piece: Piece,
) -> io::Result<BoxStream<'static, io::Result<Bytes>>> {
    Ok(match piece {
        Piece::Bytes(bytes) => stream::once(ready(Ok::<_, io::Error>(bytes.into()))).boxed(),
        Piece::Entry { index, range } => {
            let content = storage.read(&copies[index].key, range).await;
            let content = content.map_err(io::Error::other)?;
            content.map_err(io::Error::other).boxed()
        }
    })
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

/// The SHA-256 of the archive's own bytes, with that of a file in place of its content.
fn etag(layout: &ZipLayout, copies: &[Stored]) -> String {
    let mut digest = Sha256::new();
    for piece in layout.slices(0..layout.total()) {
        match piece {
            Piece::Bytes(bytes) => digest.update(bytes),
            Piece::Entry { index, .. } => digest.update(&copies[index].sha256),
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
        etag(&ZipLayout::new(entries.collect()), copies)
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
