//! Memory and work do not depend on the size of a file. One test: it measures the whole process.

#[expect(dead_code, reason = "the videos of the test of films")]
mod clip;

use std::{
    cell::Cell,
    io::{Cursor, Read, Result, Seek, SeekFrom},
};

use peak_alloc::PeakAlloc;
use reelroom_media::{Trouble, inspect, peaks};

use self::clip::{fragmented, header_first, header_last, pictures, sound};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// 10 GB.
const LARGE: u64 = 10_000_000_000;
const MIB: usize = 1024 * 1024;

/// A file whose middle repeats eight bytes, of which nothing is kept.
struct Sparse<'a> {
    head: &'a [u8],
    /// The eight bytes, as often as a read wants them.
    middle: &'a [u8],
    tail: &'a [u8],
    at: u64,
    read: &'a Cell<u64>,
}

impl Read for Sparse<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let tail = LARGE - self.tail.len() as u64;
        let behind = self.at.saturating_sub(self.head.len() as u64);
        let part = if self.at >= tail {
            &self.tail[usize::try_from(self.at - tail).unwrap()..]
        } else if let Some(head) = self.head.get(usize::try_from(self.at).unwrap()..)
            && !head.is_empty()
        {
            head
        } else {
            let part = &self.middle[usize::try_from(behind % 8).unwrap()..];
            let left = usize::try_from(tail - self.at).unwrap();
            &part[..part.len().min(left)]
        };
        let len = part.len().min(buffer.len());
        buffer[..len].copy_from_slice(&part[..len]);
        self.at += len as u64;
        self.read.set(self.read.get() + len as u64);
        Ok(len)
    }
}

impl Seek for Sparse<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let SeekFrom::Start(at) = to else {
            panic!("{to:?}")
        };
        self.at = at;
        Ok(at)
    }
}

/// The outcome, the bytes read, and the most memory meanwhile.
fn measure(
    head: &[u8],
    middle: [u8; 8],
    tail: &[u8],
) -> (std::result::Result<(), Trouble>, u64, usize) {
    let read = Cell::new(0);
    let middle = middle.repeat(1024);
    let file = Sparse {
        head,
        middle: &middle,
        tail,
        at: 0,
        read: &read,
    };
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let found = inspect(file, LARGE).map(drop);
    (
        found,
        read.get(),
        MEMORY.peak_usage().saturating_sub(before),
    )
}

#[test]
fn a_large_file_costs_no_more_than_a_small_one() {
    let both = [pictures(), sound()];
    let moov = clip::bytes(&clip::moov(40, &both));
    let media = LARGE - clip::ftyp().len() as u64 - moov.len() as u64;
    let head = [clip::ftyp(), 1_u32.to_be_bytes().to_vec(), b"mdat".to_vec()].concat();
    let head = [head, media.to_be_bytes().to_vec()].concat();
    let (found, read, memory) = measure(&head, [0; 8], &moov);
    assert!(found.is_ok(), "{found:?}");
    assert!(read < 100_000, "{read}");
    assert!(memory < MIB / 16, "{memory}");

    // 10 GB of empty boxes.
    let (found, read, memory) = measure(&clip::ftyp(), *b"\0\0\0\x08free", &[]);
    assert!(matches!(found, Err(Trouble::TooComplex)), "{found:?}");
    assert!(read <= 1 << 32, "{read}");
    assert!(memory < MIB / 16, "{memory}");

    // A table of 10 GB, and a thousand millions of tracks.
    for kind in [b"trak", b"moof"] {
        let size = (LARGE - clip::ftyp().len() as u64).to_be_bytes();
        let head = [&clip::ftyp()[..], &1_u32.to_be_bytes(), b"moov", &size].concat();
        let middle = [&8_u32.to_be_bytes()[..], kind].concat();
        let (found, _, memory) = measure(&head, middle.try_into().unwrap(), &[]);
        assert!(matches!(found, Err(Trouble::TooComplex)), "{found:?}");
        assert!(memory < MIB, "{memory}");
    }

    // Sound that is decoded: packets of silence.
    let sound = clip::opus(&vec![vec![0xfc, 0xff, 0xfe]; 5000]);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let found = peaks(Cursor::new(&sound), sound.len() as u64, 1000);
    assert_eq!(found, Some(vec![0; 1000]));
    let memory = MEMORY.peak_usage().saturating_sub(before);
    assert!(memory < MIB, "{memory}");

    // Each byte of a header at its extremes.
    for plain in [
        header_first(&both),
        header_last(&both),
        fragmented(&both, true),
    ] {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        for at in 0..plain.len() {
            for byte in [0, 0x7f, 0xff] {
                let mut bytes = plain.clone();
                bytes[at] = byte;
                let size = bytes.len() as u64;
                let _ = inspect(Cursor::new(bytes), size);
            }
        }
        let memory = MEMORY.peak_usage().saturating_sub(before);
        assert!(memory < MIB, "{memory}");
    }
}
