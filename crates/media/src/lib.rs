#![doc = include_str!("../README.md")]

mod facts;
mod film;
mod fragment;
mod h264;
mod movie;
mod peaks;
mod picture;
mod scale;
mod sniff;
mod source;
mod track;
mod trouble;

use std::io::{self, Read, Seek};

use self::source::Source;
pub use self::{
    facts::{Facts, Kind, Medium, Track},
    film::Film,
    sniff::HEAD,
    trouble::{Cut, Trouble},
};

/// Reads what a file of `size` bytes is, and whether it is whole.
///
/// Blocks. Reads headers and tables in pieces, never the media: give it the file itself and no
/// `BufReader`. Memory stays under 1 MiB whatever the file is.
pub fn inspect(mut reader: impl Read + Seek, size: u64) -> Result<Facts, Trouble> {
    let mut source = Source::new(&mut reader, size);
    match sniff::sniff(source.peek(0, size, sniff::HEAD)?)? {
        Kind::Mp4 => movie::inspect(&mut source),
        kind @ (Kind::Jpeg | Kind::Png | Kind::Gif | Kind::WebP) => {
            picture::inspect(&mut source, kind)
        }
        kind @ (Kind::WebM | Kind::Matroska | Kind::Mp3 | Kind::Adts) => Ok(Facts::of(kind)),
    }
}

/// Reads what a file is from its first [`HEAD`] bytes, or from all of a shorter one: its kind, without length and
/// tracks.
pub fn inspect_head(head: &[u8]) -> Result<Facts, Trouble> {
    let length = usize::try_from(HEAD).unwrap_or(usize::MAX);
    sniff::sniff(&head[..head.len().min(length)]).map(Facts::of)
}

/// The loudness of `n` equal parts of the first track of sound, for a waveform: the highest amplitude
/// in each part's first 50 packets, of which 255 is the largest possible.
///
/// `None` where there is nothing that can be decoded: AAC-LC of one or two channels, and Opus, in an MP4
/// without fragments. Blocks, and decodes `50 × n` packets at most, a second of a processor for 1,000
/// parts. Memory stays under 1 MiB.
pub fn peaks(mut reader: impl Read + Seek, size: u64, n: usize) -> Option<Vec<u8>> {
    let peaks = peaks::read(&mut Source::new(&mut reader, size), n);
    peaks.ok().flatten()
}

/// A poster and a filmstrip of the first track of pictures, of at most `n` key frames.
///
/// `None` where there is nothing that can be decoded: H.264 of 8 bits and 4:2:0, progressive, in an MP4. An
/// error where the file cannot be read now. Blocks, and decodes `n` pictures. Memory stays under 150 MiB,
/// which the largest pictures need.
pub fn film(mut reader: impl Read + Seek, size: u64, n: u16) -> io::Result<Option<Film>> {
    match film::read(&mut Source::new(&mut reader, size), n) {
        Ok(film) => Ok(film),
        Err(Trouble::Io(error)) => Err(error),
        Err(_) => Ok(None),
    }
}
