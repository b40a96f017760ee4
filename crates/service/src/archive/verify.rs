//! Reads what a downloaded file is from its content.

use std::{fs::File, path::Path};

use reelroom_domain::{
    cause::Cause,
    file::{Media, UNKNOWN_TYPE, plausible_length},
};
use reelroom_media::{Facts, Medium, Track, Trouble, inspect, inspect_head};
use reelroom_store::files::Measured;

/// The number of values in a waveform.
const PEAKS: usize = 240;

/// Reads what a file of `size` bytes is. `has_announced_size` tells that the announcement named exactly this
/// size: then content of no known kind may be what was announced, and has a type that says so. Text is no video,
/// sound or picture. Blocks.
pub(super) fn verify(
    path: &Path,
    size: u64,
    announced: Media,
    has_announced_size: bool,
) -> Result<Measured, Cause> {
    let open = || File::open(path).map_err(|error| Cause::Storage(error.to_string()));
    let facts = match inspect(open()?, size) {
        Ok(facts) => facts,
        Err(trouble) => return without_facts(&trouble, announced, has_announced_size),
    };
    if !fits(&facts, announced) {
        return Err(Cause::OtherContent);
    }
    let is_sound = facts.medium() == Medium::Sound;
    // A decoder that panics costs the waveform, not the copy.
    let peaks = || reelroom_media::peaks(open().ok()?, size, PEAKS);
    let peaks = is_sound.then(|| std::panic::catch_unwind(peaks).ok().flatten());
    Ok(Measured {
        content_type: Some(facts.content_type().to_owned()),
        media: Some(match facts.medium() {
            Medium::Video => Media::Video,
            Medium::Sound => Media::Audio,
            Medium::Picture => Media::Image,
        }),
        length_ms: facts
            .length_ms
            .and_then(|length| i64::try_from(length).ok())
            .and_then(plausible_length),
        tracks: Some(tracks(&facts)).filter(|tracks| !tracks.is_empty()),
        peaks: peaks.flatten(),
    })
}

/// Judges a file by its first [`HEAD`](reelroom_media::HEAD) bytes, as [`verify`] judges the whole.
pub(super) fn verify_head(
    head: &[u8],
    announced: Media,
    has_announced_size: bool,
) -> Result<(), Cause> {
    match inspect_head(head) {
        Ok(facts) if fits(&facts, announced) => Ok(()),
        Ok(_) => Err(Cause::OtherContent),
        Err(trouble) => without_facts(&trouble, announced, has_announced_size).map(drop),
    }
}

fn fits(facts: &Facts, announced: Media) -> bool {
    facts.fits(match announced {
        Media::Audio => Some(Medium::Sound),
        Media::Video => Some(Medium::Video),
        Media::Image => Some(Medium::Picture),
        Media::Unknown => None,
    })
}

/// What is known of a file whose content tells nothing, if it may be what was announced.
fn without_facts(
    trouble: &Trouble,
    announced: Media,
    has_announced_size: bool,
) -> Result<Measured, Cause> {
    match trouble {
        Trouble::Empty => Err(Cause::Empty),
        Trouble::Page => Err(Cause::WebPage),
        Trouble::Truncated(_) | Trouble::Malformed | Trouble::NoSamples => Err(Cause::Damaged),
        Trouble::Io(error) => Err(Cause::Storage(error.to_string())),
        // It begins as an MP4 does.
        Trouble::TooComplex if has_announced_size => Ok(Measured::default()),
        Trouble::Text if announced != Media::Unknown => Err(Cause::OtherContent),
        Trouble::Text | Trouble::Compressed | Trouble::Unknown if has_announced_size => {
            Ok(Measured {
                content_type: Some(UNKNOWN_TYPE.to_owned()),
                ..Measured::default()
            })
        }
        _ => Err(Cause::OtherContent),
    }
}

/// `H.264 1280×720, AAC 48 kHz`.
fn tracks(facts: &Facts) -> String {
    let track = |track: &Track| match track {
        Track::Video {
            codec,
            width,
            height,
        } => format!("{} {width}×{height}", known(codec)),
        Track::Audio {
            codec,
            sample_rate: 0,
        } => known(codec).to_owned(),
        Track::Audio { codec, sample_rate } => {
            format!("{} {} kHz", known(codec), f64::from(*sample_rate) / 1000.0)
        }
    };
    let tracks: Vec<String> = facts.tracks.iter().map(track).collect();
    tracks.join(", ")
}

/// The usual name of a codec, by the first four characters of its parameter (RFC 6381).
fn known(codec: &str) -> &str {
    match codec.get(..4) {
        Some("avc1" | "avc3") => "H.264",
        Some("hvc1" | "hev1") => "H.265",
        Some("av01") => "AV1",
        Some("mp4a") => "AAC",
        _ => codec,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified(bytes: &[u8], media: Media, has_announced_size: bool) -> Result<Measured, Cause> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let whole = verify(file.path(), bytes.len() as u64, media, has_announced_size);
        let head = verify_head(bytes, media, has_announced_size);
        assert_eq!(head, whole.clone().map(drop), "the same by the head");
        whole
    }

    #[test]
    fn pages_pictures_and_nothing_are_no_video() {
        let page = b"<!DOCTYPE html><html><body>Sign in</body></html>";
        let png =
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
            \0\0\0\0IEND\xaeB`\x82";
        for has_size in [true, false] {
            let video = |bytes| verified(bytes, Media::Video, has_size);
            assert_eq!(video(b""), Err(Cause::Empty));
            assert_eq!(video(page), Err(Cause::WebPage));
            assert_eq!(video(png), Err(Cause::OtherContent));
        }
        let picture = verified(png, Media::Image, false).unwrap();
        assert_eq!(picture.content_type.as_deref(), Some("image/png"));
    }

    #[test]
    fn a_codec_has_its_usual_name() {
        let names = ["avc1.42c01f", "mp4a.40.2", "Opus", "x"].map(known);
        assert_eq!(names, ["H.264", "AAC", "Opus", "x"]);
    }

    #[test]
    fn unknown_content_needs_the_announced_size() {
        let unknown = [7, 0, 200, 3, 9].repeat(100);
        let zip = [b"PK\x03\x04".as_slice(), &unknown].concat();
        for content in [unknown, zip] {
            let measured = verified(&content, Media::Video, true).unwrap();
            assert_eq!(measured.content_type.as_deref(), Some(UNKNOWN_TYPE));
            assert_eq!((measured.media, measured.length_ms), (None, None));
            let refused = verified(&content, Media::Video, false);
            assert_eq!(refused, Err(Cause::OtherContent));
        }
    }

    #[test]
    fn text_is_no_media_also_in_the_announced_size() {
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for text in [b"hello world".as_slice(), br#"{"code": 403}"#, svg] {
            for media in [Media::Video, Media::Audio, Media::Image] {
                let refused = verified(text, media, true);
                assert_eq!(refused, Err(Cause::OtherContent), "{media:?}");
            }
            let measured = verified(text, Media::Unknown, true).unwrap();
            assert_eq!(measured.content_type.as_deref(), Some(UNKNOWN_TYPE));
        }
    }
}
