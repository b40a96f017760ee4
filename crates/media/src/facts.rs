//! The facts about a whole file.

/// A container, or the format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// MP4, M4A or `QuickTime`: the ISO base media file format (ISO/IEC 14496-12).
    Mp4,
    /// `WebM`; only recognised.
    WebM,
    /// Matroska; only recognised.
    Matroska,
    /// MPEG audio, layer III; only recognised.
    Mp3,
    /// AAC in ADTS; only recognised.
    Adts,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// `WebP`.
    WebP,
}

/// The content that a file shows or plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// Moving pictures, with or without sound.
    Video,
    /// Sound only.
    Sound,
    /// A still picture.
    Picture,
}

/// A track that holds at least one sample.
///
/// `codec` is the parameter of RFC 6381, such as `avc1.42c01f` or `mp4a.40.2`; it begins with the four
/// characters of the sample entry, and is these alone where no more is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Track {
    /// Pictures.
    Video {
        /// The codec.
        codec: String,
        /// Pixels.
        width: u16,
        /// Pixels.
        height: u16,
    },
    /// Sound.
    Audio {
        /// The codec.
        codec: String,
        /// Hertz; 0 where the file does not tell.
        sample_rate: u32,
    },
}

/// The facts about a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The container or format.
    pub kind: Kind,
    /// Its length in milliseconds, where it tells: MP4 only.
    pub length_ms: Option<u64>,
    /// Its tracks of pictures and sound: MP4 only.
    pub tracks: Vec<Track>,
}

impl Facts {
    pub(crate) const fn of(kind: Kind) -> Self {
        Self {
            kind,
            length_ms: None,
            tracks: Vec::new(),
        }
    }

    /// The content that it shows or plays. `WebM` and Matroska are taken for video.
    pub fn medium(&self) -> Medium {
        let pictures = |track: &Track| matches!(track, Track::Video { .. });
        match self.kind {
            Kind::Mp4 if self.tracks.iter().any(pictures) => Medium::Video,
            Kind::Mp4 | Kind::Mp3 | Kind::Adts => Medium::Sound,
            Kind::WebM | Kind::Matroska => Medium::Video,
            Kind::Jpeg | Kind::Png | Kind::Gif | Kind::WebP => Medium::Picture,
        }
    }

    /// Whether it is what was announced: a still picture, or something that plays. A meeting without
    /// cameras is announced as video and has sound only. `None` fits anything.
    pub fn fits(&self, announced: Option<Medium>) -> bool {
        let still = |medium| medium == Medium::Picture;
        announced.is_none_or(|announced| still(announced) == still(self.medium()))
    }

    /// Its media type, for `Content-Type`.
    pub fn content_type(&self) -> &'static str {
        match self.kind {
            Kind::Mp4 if self.medium() == Medium::Sound => "audio/mp4",
            Kind::Mp4 => "video/mp4",
            Kind::WebM => "video/webm",
            Kind::Matroska => "video/x-matroska",
            Kind::Mp3 => "audio/mpeg",
            Kind::Adts => "audio/aac",
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Gif => "image/gif",
            Kind::WebP => "image/webp",
        }
    }
}
