//! The reasons why a file is not what it should be.

use std::io;

/// The reason why a file is no whole media file.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// HTML: the page of an error or of a sign-in.
    #[error("the file is a web page")]
    Page,
    /// Plain text, XML or JSON.
    #[error("the file is text")]
    Text,
    /// gzip, zstd or ZIP.
    #[error("the file is compressed or an archive")]
    Compressed,
    /// None of the known kinds.
    #[error("the file is of no known kind")]
    Unknown,
    /// A part is missing. Fetching it again may help.
    #[error("the file is cut: {0}")]
    Truncated(Cut),
    /// Its structure contradicts itself.
    #[error("the structure of the file is broken")]
    Malformed,
    /// A whole header, and not one picture or sound.
    #[error("the file has neither pictures nor sound")]
    NoSamples,
    /// Reading it exceeds a limit.
    #[error("the structure of the file exceeds the limits")]
    TooComplex,
    /// It cannot be read now, or is shorter than its `size`.
    #[error("cannot read the file: {0}")]
    Io(#[from] io::Error),
}

/// The place at which a file is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Cut {
    /// A top-level box reaches beyond the end (ISO/IEC 14496-12 §4.2).
    #[error("a box reaches beyond the end")]
    Box,
    /// `moov`, which is written last by many recorders, is missing (§8.2.1).
    #[error("the header is missing")]
    Header,
    /// A sample of the header's tables lies beyond the end (§8.7).
    #[error("a sample lies beyond the end")]
    Samples,
    /// A sample of a fragment, or an indexed fragment, lies beyond the end, or the first fragment is
    /// missing (§8.8, §8.16.3).
    #[error("a fragment is incomplete")]
    Fragment,
    /// The end marker of a picture is missing.
    #[error("the end marker is missing")]
    EndMarker,
}
