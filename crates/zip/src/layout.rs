//! Where each file and each record of an archive lies (APPNOTE.TXT, section 4.3.6).

use std::{collections::HashMap, ops::Range};

use crate::{
    name::{UniqueNames, safe_name},
    record::{DosTime, Record, end_records},
};

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name of its folder, if it lies in one.
    pub folder: Option<String>,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The CRC-32 of its content.
    pub crc32: u32,
    /// When it was last modified.
    pub modified: DosTime,
}

/// Successive bytes of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A part of a file's content.
    Entry {
        /// The position of the file in the list that [`ZipLayout::new`] took.
        index: usize,
        /// The part.
        range: Range<u64>,
    },
}

/// The layout of an archive: files in the order of their paths, each after its local header, then the
/// central directory and its end records.
#[derive(Debug, Clone)]
pub struct ZipLayout {
    files: Vec<Placed>,
    end: Vec<u8>,
    end_at: u64,
}

#[derive(Debug, Clone)]
struct Placed {
    index: usize,
    record: Record,
    /// Where its content lies in the archive.
    content: Range<u64>,
}

impl ZipLayout {
    /// The layout of these files, whose sizes add up to less than 2⁶³. It depends on nothing else. Names
    /// are made safe and unique; the first of several equal names stays as it is.
    pub fn new(entries: Vec<Entry>) -> Self {
        let paths = paths(&entries);
        let mut files: Vec<_> = paths.into_iter().zip(entries).enumerate().collect();
        files.sort_by(|(_, (a, _)), (_, (b, _))| a.cmp(b));
        let mut end_at = 0;
        let files = files.into_iter().map(|(index, (path, entry))| {
            let record = Record {
                path,
                size: entry.size,
                crc32: entry.crc32,
                modified: entry.modified,
                offset: end_at,
            };
            let begin = end_at + record.local_header().len() as u64;
            end_at = begin + record.size;
            Placed {
                index,
                record,
                content: begin..end_at,
            }
        });
        let files: Vec<_> = files.collect();
        let headers = files.iter().map(|file| file.record.central_header());
        let mut end: Vec<u8> = headers.flatten().collect();
        end.extend(end_records(files.len(), end.len() as u64, end_at));
        Self { files, end, end_at }
    }

    /// The length of the archive in bytes.
    pub fn total(&self) -> u64 {
        self.end_at + self.end.len() as u64
    }

    /// The bytes `range` of the archive, in order. Those after its end are left out.
    pub fn slices(&self, range: Range<u64>) -> impl Iterator<Item = Piece> {
        let first = self
            .files
            .partition_point(|file| file.content.end <= range.start);
        let end = bytes(&self.end, self.end_at, &range);
        let last = range.end;
        self.files[first..]
            .iter()
            .take_while(move |file| file.record.offset < last)
            .flat_map(move |file| {
                let header = file.record.local_header();
                let content = part(&file.content, &range).map(|range| Piece::Entry {
                    index: file.index,
                    range,
                });
                [bytes(&header, file.record.offset, &range), content]
            })
            .flatten()
            .chain(end)
    }
}

/// The path of each entry.
fn paths(entries: &[Entry]) -> Vec<String> {
    let mut folders: HashMap<String, UniqueNames> = HashMap::new();
    let path = |entry: &Entry| {
        let folder = entry.folder.as_deref().map(safe_name);
        let folder = folder.map(|folder| format!("{folder}/"));
        let folder = folder.unwrap_or_default();
        let names = folders.entry(folder.to_lowercase()).or_default();
        folder + &names.add(&entry.name)
    };
    entries.iter().map(path).collect()
}

/// The part of `place` that is in `range`, counted from the start of `place`; `None` where it is empty.
fn part(place: &Range<u64>, range: &Range<u64>) -> Option<Range<u64>> {
    let (start, end) = (place.start.max(range.start), place.end.min(range.end));
    (start < end).then(|| start - place.start..end - place.start)
}

/// The part of `bytes`, which lie at the offset `at`, that is in `range`.
fn bytes(bytes: &[u8], at: u64, range: &Range<u64>) -> Option<Piece> {
    let part = part(&(at..at + bytes.len() as u64), range)?;
    let [start, end] = [part.start, part.end].map(usize::try_from);
    Some(Piece::Bytes(bytes.get(start.ok()?..end.ok()?)?.to_vec()))
}
