//! Why a file could not be made.

use std::io;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MediaError {
    /// The disk did not take it.
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
    /// The picture's encoder refused.
    #[error("the picture's encoder: {0}")]
    Picture(#[from] openh264::Error),
    /// The sound's encoder refused.
    #[error("the sound's encoder: {0}")]
    Sound(&'static str),
    /// The file's header could not be written.
    #[error("the file's header: {0}")]
    Header(#[from] mp4_atom::Error),
    /// The still picture's encoder refused.
    #[error("the still picture's encoder: {0}")]
    Still(#[from] jpeg_encoder::EncodingError),
    /// The encoder gave nothing.
    #[error("the encoder gave no sample")]
    NoPicture,
    /// More than an MP4 file's tables can count.
    #[error("too long for one file")]
    TooLong,
    /// The sandbox is being shut down.
    #[error("interrupted")]
    Interrupted,
}
