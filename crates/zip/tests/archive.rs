//! Archives as another reader sees them.

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    ops::Range,
};

use proptest::prelude::*;
use reelroom_zip::{DosTime, Entry, Piece, ZipLayout};
use zip::ZipArchive;

const GIB: u64 = 1 << 30;

fn entry(folder: Option<&str>, name: &str, size: u64, crc32: u32) -> Entry {
    Entry {
        folder: folder.map(str::to_owned),
        name: name.to_owned(),
        size,
        crc32,
        modified: DosTime::default(),
    }
}

fn layout(files: &[(Option<&str>, &str, &[u8])]) -> ZipLayout {
    let entries = files.iter().map(|(folder, name, content)| {
        let size = content.len() as u64;
        entry(*folder, name, size, crc32fast::hash(content))
    });
    ZipLayout::new(entries.collect())
}

/// The bytes of a range; those of entry `n` come from `content(n, range)`.
fn read(
    layout: &ZipLayout,
    range: Range<u64>,
    content: impl Fn(usize, Range<usize>) -> Vec<u8>,
) -> Vec<u8> {
    let pieces = layout.slices(range).map(|piece| match piece {
        Piece::Bytes(bytes) => bytes,
        Piece::Entry { index, range } => {
            let [start, end] = [range.start, range.end].map(|at| usize::try_from(at).unwrap());
            content(index, start..end)
        }
    });
    pieces.flatten().collect()
}

fn whole(layout: &ZipLayout, contents: &[&[u8]]) -> Vec<u8> {
    read(layout, 0..layout.total(), |index, range| {
        contents[index][range].to_vec()
    })
}

/// An archive whose files have only zeros.
struct Zeros<'a> {
    layout: &'a ZipLayout,
    at: u64,
}

impl Read for Zeros<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.at + buffer.len() as u64;
        let bytes = read(self.layout, self.at..end, |_, range| vec![0; range.len()]);
        buffer[..bytes.len()].copy_from_slice(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Seek for Zeros<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.layout.total().saturating_add_signed(by),
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn another_reader_finds_every_file() {
    let files: [(Option<&str>, &str, &[u8]); 5] = [
        (Some("客服 2"), "b.mp4", b"second"),
        (Some("客服 2"), "a/../b.mp4", b""),
        (Some("客服 2"), "B.MP4", b"third"),
        (Some("Board"), "b.mp4", b"fourth"),
        (None, "nul", b"last"),
    ];
    let bytes = whole(&layout(&files), &files.map(|(_, _, content)| content));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    archive.validate_header_consistency().unwrap();
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        assert_eq!(file.unix_mode(), Some(0o100_644));
        assert_eq!(
            file.enclosed_name().unwrap().to_str(),
            Some(&*file.name().unwrap())
        );
        let mut content = String::new();
        // Fails where the CRC-32 is another.
        file.read_to_string(&mut content).unwrap();
        found.push((file.name().unwrap().into_owned(), content));
    }
    let found: Vec<_> = found
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    assert_eq!(
        found,
        [
            ("Board/b.mp4", "fourth"),
            ("_nul", "last"),
            ("客服 2/B (2).MP4", "third"),
            ("客服 2/a_.._b.mp4", ""),
            ("客服 2/b.mp4", "second"),
        ]
    );
}

#[test]
fn small_archives_have_no_zip64() {
    let bytes = whole(&layout(&[(None, "a", &b"1"[..])]), &[&b"1"[..]]);
    // Headers of 30 + 1 and 46 + 1 bytes, one byte of content, and the end record.
    assert_eq!(bytes.len(), 31 + 1 + 47 + 22);
    assert_eq!(bytes[4..6], [10, 0]);
    let empty = whole(&ZipLayout::new(Vec::new()), &[]);
    assert_eq!(empty.len(), 22);
    assert!(ZipArchive::new(Cursor::new(empty)).unwrap().is_empty());
}

#[test]
fn times_are_in_steps_of_two_seconds() {
    let time = DosTime::new((2026, 11, 22), (9, 48, 7)).unwrap();
    let mut of = entry(None, "a", 0, 0);
    of.modified = time;
    let bytes = whole(&ZipLayout::new(vec![of]), &[&b""[..]]);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let time = archive.by_index(0).unwrap().last_modified().unwrap();
    assert_eq!((time.year(), time.month(), time.day()), (2026, 11, 22));
    assert_eq!((time.hour(), time.minute(), time.second()), (9, 48, 6));
    for year in [i64::MIN, 1979, 2108, i64::MAX] {
        assert_eq!(DosTime::new((year, 1, 1), (0, 0, 0)), None);
    }
    assert_eq!(
        DosTime::new((1980, 1, 1), (0, 0, 0)),
        Some(DosTime::default())
    );
}

#[test]
fn large_files_and_offsets_need_zip64() {
    let mark = u64::from(u32::MAX);
    let sizes = [mark - 1, mark, 10 * GIB, 1];
    let names = ["a", "b", "c", "d"];
    let entries = names.iter().zip(sizes);
    let entries = entries.map(|(name, size)| entry(None, name, size, 7));
    let layout = ZipLayout::new(entries.collect());
    let mut archive = ZipArchive::new(Zeros {
        layout: &layout,
        at: 0,
    })
    .unwrap();
    archive.validate_header_consistency().unwrap();
    let mut at = 0;
    // Only the local headers of large files have the field, of 20 bytes.
    for (index, (size, extra)) in sizes.into_iter().zip([0, 20, 20, 0]).enumerate() {
        let file = archive.by_index(index).unwrap();
        assert_eq!(file.name().unwrap(), names[index]);
        assert_eq!((file.size(), file.compressed_size()), (size, size));
        assert_eq!((file.header_start(), file.crc32()), (at, 7));
        at += 31 + extra;
        assert_eq!(file.data_start(), Some(at));
        at += size;
    }
    // The fields of the central headers: none, sizes and offset twice, an offset.
    let directory = 4 * 47 + 2 * (4 + 24) + (4 + 8);
    assert_eq!(archive.central_directory_start(), at);
    assert_eq!(layout.total(), at + directory + 56 + 20 + 22);
}

#[test]
fn many_files_need_zip64() {
    for (count, zip64) in [(65_534, 0), (65_535, 76), (70_000, 76)] {
        // All of one name.
        let entries = (0..count).map(|_| entry(None, "a.jpg", 0, 0));
        let layout = ZipLayout::new(entries.collect());
        let names = (2..=count).map(|number| format!("a ({number}).jpg").len() as u64);
        let names = names.sum::<u64>() + 5;
        let total = count * (30 + 46) + 2 * names + zip64 + 22;
        assert_eq!(layout.total(), total);
        let end = read(&layout, total - 98..total, |_, _| Vec::new());
        assert_eq!(zip64 > 0, end.starts_with(b"PK\x06\x06"), "{count}");
        let bytes = read(&layout, 0..total, |_, _| Vec::new());
        let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len() as u64, count);
    }
}

/// A file: folder, name, content.
type File = (Option<String>, String, Vec<u8>);

fn files() -> impl Strategy<Value = Vec<File>> {
    let folder = prop::option::of("[ab./]{1,2}");
    let content = prop::collection::vec(any::<u8>(), 0..40);
    prop::collection::vec((folder, "(a|b|客|\\.|/){0,3}", content), 0..8)
}

proptest! {
    #[test]
    fn any_range_is_that_part_of_the_whole(files in files(), ranges in prop::collection::vec((0..2000u64, 0..2000u64), 8)) {
        let entries: Vec<_> = files.iter().map(|(folder, name, content)| {
            let crc32 = crc32fast::hash(content);
            entry(folder.as_deref(), name, content.len() as u64, crc32)
        }).collect();
        let layout = ZipLayout::new(entries.clone());
        let content = |index: usize, range: Range<usize>| files[index].2[range].to_vec();
        let all = read(&layout, 0..layout.total(), content);
        prop_assert_eq!(all.len() as u64, layout.total());
        prop_assert_eq!(&read(&ZipLayout::new(entries), 0..u64::MAX, content), &all);
        for (start, length) in ranges {
            let size = all.len();
            let cut = |at: u64| usize::try_from(at).unwrap().min(size);
            let end = start + length;
            prop_assert_eq!(&read(&layout, start..end, content), &all[cut(start)..cut(end)]);
        }
        let mut archive = ZipArchive::new(Cursor::new(all)).unwrap();
        prop_assert_eq!(archive.len(), files.len());
        archive.validate_header_consistency().unwrap();
        let mut found: Vec<Vec<u8>> = Vec::new();
        for index in 0..archive.len() {
            let mut bytes = Vec::new();
            archive.by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
            found.push(bytes);
        }
        let mut contents: Vec<_> = files.iter().map(|(_, _, content)| content.clone()).collect();
        found.sort();
        contents.sort();
        prop_assert_eq!(found, contents);
    }
}
