#![doc = include_str!("../README.md")]

mod facts;
mod fragment;
mod movie;
mod picture;
mod sniff;
mod source;
mod track;
mod trouble;

use std::io::{Read, Seek};

use self::source::Source;
pub use self::{
    facts::{Facts, Kind, Medium, Track},
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
