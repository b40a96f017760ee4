//! The records of an archive (APPNOTE.TXT, section 4.3). Their numbers are little-endian.

/// The largest number of a four-byte field. It says that the value is in the Zip64 field.
const MARK: u64 = 0xFFFF_FFFF;
/// The largest number of a two-byte field; as [`MARK`].
const SHORT_MARK: usize = 0xFFFF;

/// The version that is needed to extract a stored file, and one with Zip64 (section 4.4.3.2).
const VERSION: u16 = 10;
const ZIP64_VERSION: u16 = 45;
/// Attributes are those of UNIX (section 4.4.2).
const MADE_BY: u16 = (3 << 8) | ZIP64_VERSION;
/// A regular file that its owner may write and everyone may read (section 4.4.15).
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// Bit 11: the name is UTF-8 (section 4.4.4).
const UTF8: u16 = 1 << 11;
/// No compression (section 4.4.5).
const STORED: u16 = 0;

/// A date and time of MS-DOS, in steps of two seconds (section 4.4.6). The default is the first one,
/// 1980-01-01 00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DosTime {
    date: u16,
    time: u16,
}

impl DosTime {
    /// A valid date (year, month, day) and time (hour, minute, second); `None` before 1980 and after 2107.
    pub fn new(date: (i64, u8, u8), time: (u8, u8, u8)) -> Option<Self> {
        let year = u16::try_from(date.0.checked_sub(1980)?).ok()?;
        (year < 128).then(|| Self {
            date: (year << 9) | (u16::from(date.1) << 5) | u16::from(date.2),
            time: (u16::from(time.0) << 11) | (u16::from(time.1) << 5) | u16::from(time.2 / 2),
        })
    }
}

impl Default for DosTime {
    fn default() -> Self {
        Self {
            date: (1 << 5) | 1,
            time: 0,
        }
    }
}

/// A file as its headers describe it.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its path, with `/` after folders.
    pub path: String,
    /// Bytes.
    pub size: u64,
    pub crc32: u32,
    pub modified: DosTime,
    /// The offset of its local header.
    pub offset: u64,
}

impl Record {
    /// The local file header (section 4.3.7).
    pub(crate) fn local_header(&self) -> Vec<u8> {
        let extra = zip64_field(&self.large_sizes());
        Writer::default()
            .u32(0x0403_4b50)
            .common(self, &extra)
            .bytes(self.path.as_bytes())
            .bytes(&extra)
            .0
    }

    /// The header in the central directory (section 4.3.12).
    pub(crate) fn central_header(&self) -> Vec<u8> {
        let mut large = self.large_sizes();
        large.extend((self.offset >= MARK).then_some(self.offset));
        let extra = zip64_field(&large);
        Writer::default()
            .u32(0x0201_4b50)
            .u16(MADE_BY)
            .common(self, &extra)
            // Length of the comment, number of the disk, internal attributes.
            .u16(0)
            .u16(0)
            .u16(0)
            .u32(ATTRIBUTES)
            .u32(four_bytes(self.offset))
            .bytes(self.path.as_bytes())
            .bytes(&extra)
            .0
    }

    /// The original and the compressed size, where they need Zip64. The field of a local header has
    /// both or is absent (section 4.5.3).
    fn large_sizes(&self) -> Vec<u64> {
        if self.size >= MARK {
            vec![self.size, self.size]
        } else {
            Vec::new()
        }
    }
}

/// The records after a central directory of `count` headers, which has `size` bytes from `offset`: with
/// Zip64, its end record and locator (sections 4.3.14 and 4.3.15), and the end record (section 4.3.16).
pub(crate) fn end_records(count: usize, size: u64, offset: u64) -> Vec<u8> {
    let mut records = Writer::default();
    if count >= SHORT_MARK || size >= MARK || offset >= MARK {
        records = records
            .u32(0x0606_4b50)
            // The size of the rest of this record.
            .u64(44)
            .u16(MADE_BY)
            .u16(ZIP64_VERSION)
            // The number of this disk, and of that of the central directory.
            .u32(0)
            .u32(0)
            // On this disk, and in all.
            .u64(count as u64)
            .u64(count as u64)
            .u64(size)
            .u64(offset)
            .u32(0x0706_4b50)
            .u32(0)
            .u64(offset + size)
            // The number of disks.
            .u32(1);
    }
    records
        .u32(0x0605_4b50)
        .u16(0)
        .u16(0)
        .u16(two_bytes(count))
        .u16(two_bytes(count))
        .u32(four_bytes(size))
        .u32(four_bytes(offset))
        // The length of the comment.
        .u16(0)
        .0
}

/// The extra field with these values (section 4.5.3); nothing without values.
fn zip64_field(values: &[u64]) -> Vec<u8> {
    if values.is_empty() {
        return Vec::new();
    }
    let field = Writer::default().u16(1).u16(two_bytes(values.len() * 8));
    values
        .iter()
        .fold(field, |field, value| field.u64(*value))
        .0
}

/// The number, or the mark where it needs Zip64.
fn four_bytes(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The number, or the mark where it needs Zip64.
fn two_bytes(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// Written bytes.
#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(self, number: u16) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u32(self, number: u32) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u64(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Appends the fields that both headers of a file have, from the needed version to the length of the extra field.
    fn common(self, record: &Record, extra: &[u8]) -> Self {
        let version = if extra.is_empty() {
            VERSION
        } else {
            ZIP64_VERSION
        };
        self.u16(version)
            .u16(UTF8)
            .u16(STORED)
            .u16(record.modified.time)
            .u16(record.modified.date)
            .u32(record.crc32)
            .u32(four_bytes(record.size))
            .u32(four_bytes(record.size))
            .u16(two_bytes(record.path.len()))
            .u16(two_bytes(extra.len()))
    }
}
