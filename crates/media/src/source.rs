//! Reading of boxes and tables, in pieces of 4 KiB.
//!
//! Memory does not depend on the file, and work has a limit.

use std::io::{self, Read, Seek, SeekFrom};

use crate::trouble::{Cut, Trouble};

/// The size of a read.
const PIECE: u64 = 4096;
/// The limit of work on one file: 16 million boxes, or a million reads, which are 4 GiB. It is seconds of
/// work, and several times that of a day in fragments of 100 ms.
const MAX_WORK: u32 = 1 << 24;
/// The work of a read; that of a box is 1.
const READ: u32 = 16;
/// The limit of a box that is decoded as a whole. Also limits the depth of nested descriptors in `esds`.
const MAX_LEAF: u64 = 512;
/// The limit of equal boxes in one box.
const MAX_CHILDREN: usize = 1024;

/// A reader that can seek.
pub(crate) trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// A file of a known size.
pub(crate) struct Source<'a> {
    reader: &'a mut dyn Input,
    pub size: u64,
    work_left: u32,
    /// Where `piece` was read.
    piece_at: u64,
    piece: Vec<u8>,
}

/// A box (ISO/IEC 14496-12 §4.2). It lies within the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub kind: [u8; 4],
    /// Where its header begins.
    pub head: u64,
    /// Where its content begins.
    pub start: u64,
    /// Where it ends.
    pub end: u64,
}

impl Atom {
    /// The same box with its content from `skip` on.
    pub(crate) const fn after(self, skip: u64) -> Self {
        Self {
            start: self.start + skip,
            ..self
        }
    }
}

impl<'a> Source<'a> {
    pub(crate) const fn new(reader: &'a mut dyn Input, size: u64) -> Self {
        Self {
            reader,
            size,
            work_left: MAX_WORK,
            piece_at: 0,
            piece: Vec::new(),
        }
    }

    fn spend(&mut self, work: u32) -> Result<(), Trouble> {
        self.work_left = self
            .work_left
            .checked_sub(work)
            .ok_or(Trouble::TooComplex)?;
        Ok(())
    }

    /// Reads into `buffer` what lies at `at`: `len` bytes, or less at the end of the file.
    pub(crate) fn load(&mut self, at: u64, len: u64, buffer: &mut Vec<u8>) -> Result<(), Trouble> {
        self.spend(READ)?;
        let len = len.min(self.size.saturating_sub(at));
        self.reader.seek(SeekFrom::Start(at))?;
        buffer.clear();
        let read = Read::take(&mut *self.reader, len).read_to_end(buffer)?;
        if u64::try_from(read).is_ok_and(|read| read == len) {
            return Ok(());
        }
        Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
    }

    /// The bytes from `at` to `end`, but at most `limit`, of which [`PIECE`] is the limit.
    pub(crate) fn peek(&mut self, at: u64, end: u64, limit: u64) -> Result<&[u8], Trouble> {
        let len = end.min(self.size).saturating_sub(at).min(limit);
        let within = self.piece_at..=self.piece_at + self.piece.len() as u64;
        if !(within.contains(&at) && within.contains(&(at + len))) {
            let mut piece = std::mem::take(&mut self.piece);
            let loaded = self.load(at, PIECE, &mut piece);
            (self.piece, self.piece_at) = (piece, at);
            loaded?;
        }
        let from = usize::try_from(at - self.piece_at).unwrap_or(usize::MAX);
        let bytes = self.piece.get(from..).unwrap_or_default();
        Ok(&bytes[..bytes.len().min(usize::try_from(len).unwrap_or(usize::MAX))])
    }

    /// The first `N` bytes of a box's content after `skip` bytes.
    pub(crate) fn field<const N: usize>(
        &mut self,
        atom: Atom,
        skip: u64,
    ) -> Result<[u8; N], Trouble> {
        let bytes = self.peek(atom.start + skip, atom.end, N as u64)?;
        bytes.first_chunk().copied().ok_or(Trouble::Malformed)
    }

    /// The box at `at`, inside something that ends at `end`; `None` where no header has room, or what
    /// is there is no box.
    pub(crate) fn atom(&mut self, at: u64, end: u64) -> Result<Option<Atom>, Trouble> {
        self.spend(1)?;
        let head = self.peek(at, end, 16)?;
        let Some((&size, rest)) = head.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let Some((&kind, rest)) = rest.split_first_chunk::<4>() else {
            return Ok(None);
        };
        // 0xA9 begins the names of QuickTime's texts.
        if !kind.iter().all(|byte| matches!(byte, b' '..=b'~' | 0xa9)) {
            return Ok(None);
        }
        let (header, size) = match u32::from_be_bytes(size) {
            0 => (8, end - at),
            1 => {
                let cut = Trouble::Truncated(Cut::Box);
                let size = rest.first_chunk().ok_or(cut)?;
                (16, u64::from_be_bytes(*size))
            }
            size => (8, u64::from(size)),
        };
        let atom_end = at.saturating_add(size);
        if size < header {
            return Err(Trouble::Malformed);
        }
        if atom_end > self.size {
            return Err(Trouble::Truncated(Cut::Box));
        }
        if atom_end > end {
            return Err(Trouble::Malformed);
        }
        Ok(Some(Atom {
            kind,
            head: at,
            start: at + header,
            end: atom_end,
        }))
    }

    /// The first box of one kind directly inside `parent`, which must have one.
    pub(crate) fn require(&mut self, parent: Atom, kind: [u8; 4]) -> Result<Atom, Trouble> {
        self.child(parent, kind)?.ok_or(Trouble::Malformed)
    }

    /// The first box of one kind directly inside `parent`.
    pub(crate) fn child(&mut self, parent: Atom, kind: [u8; 4]) -> Result<Option<Atom>, Trouble> {
        let mut at = parent.start;
        while let Some(atom) = self.atom(at, parent.end)? {
            if atom.kind == kind {
                return Ok(Some(atom));
            }
            at = atom.end;
        }
        Ok(None)
    }

    /// The boxes of one kind directly inside `parent`.
    pub(crate) fn children(&mut self, parent: Atom, kind: [u8; 4]) -> Result<Vec<Atom>, Trouble> {
        let mut found = Vec::new();
        let mut rest = parent;
        while let Some(atom) = self.child(rest, kind)? {
            if found.len() == MAX_CHILDREN {
                return Err(Trouble::TooComplex);
            }
            found.push(atom);
            rest.start = atom.end;
        }
        Ok(found)
    }

    /// Decodes a small box without boxes in it.
    pub(crate) fn decode<T: mp4_atom::Atom>(&mut self, atom: Atom) -> Result<T, Trouble> {
        let mut body = self.peek(atom.start, atom.end, MAX_LEAF)?;
        T::decode_body(&mut body).map_err(|_| Trouble::Malformed)
    }

    /// Decodes the first small box of its kind directly inside `parent`, which must have one.
    pub(crate) fn decode_child<T: mp4_atom::Atom>(&mut self, parent: Atom) -> Result<T, Trouble> {
        let atom = self.require(parent, T::KIND.into())?;
        self.decode(atom)
    }
}

/// A table of numbers, read in order.
pub(crate) struct Table {
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl Table {
    /// The `len` bytes of a box's content after `skip` bytes, or as many as it has.
    pub(crate) fn new(atom: Atom, skip: u64, len: u64) -> Self {
        let at = atom.start + skip;
        Self {
            at,
            end: at.saturating_add(len).min(atom.end),
            buffer: Vec::new(),
            used: 0,
        }
    }

    /// The next entry of `N` bytes; `None` at the end.
    pub(crate) fn next<const N: usize>(
        &mut self,
        source: &mut Source,
    ) -> Result<Option<[u8; N]>, Trouble> {
        if self.buffer.len() - self.used < N {
            let len = self.end.saturating_sub(self.at).min(PIECE);
            self.used = 0;
            self.buffer.clear();
            if len >= N as u64 {
                source.load(self.at, len, &mut self.buffer)?;
            }
        }
        let entry = self.buffer[self.used..].first_chunk().copied();
        if entry.is_some() {
            self.used += N;
            self.at += N as u64;
        }
        Ok(entry)
    }

    /// The next number of 32 bits.
    pub(crate) fn number(&mut self, source: &mut Source) -> Result<Option<u32>, Trouble> {
        Ok(self.next(source)?.map(u32::from_be_bytes))
    }
}
