//! The error of making a file.

use std::{io, num::TryFromIntError};

/// The reason why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MediaError {
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
    #[error("H.264 encoder: {0}")]
    Video(#[from] openh264::Error),
    #[error("Opus encoder: {0}")]
    Sound(&'static str),
    #[error("JPEG encoder: {0}")]
    Frame(#[from] jpeg_encoder::EncodingError),
    #[error("MP4 header: {0}")]
    Header(#[from] mp4_atom::Error),
    #[error("too long for one MP4 file")]
    TooLong(#[from] TryFromIntError),
    #[error("the sandbox ends")]
    Interrupted,
}
