//! Whole, cut and hostile files of every kind.

#[expect(dead_code, reason = "the videos of the test of films")]
mod clip;

use std::{f32::consts::TAU, io::Cursor, sync::LazyLock};

use opus_rs::{Application, OpusEncoder};
use proptest::prelude::*;
use reelroom_media::{Cut, Facts, Kind, Medium, Track, Trouble, inspect, peaks};

use self::clip::{fragmented, header_first, header_last, pictures, sound};

/// A second of a tone at half amplitude and a second of silence: AAC-LC, mono, by ffmpeg.
const TONE: &[u8] = include_bytes!("tone.m4a");

fn read(bytes: &[u8]) -> Result<Facts, Trouble> {
    inspect(Cursor::new(bytes), bytes.len() as u64)
}

fn gif() -> Vec<u8> {
    b"GIF89a\x03\0\x02\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x03\0\x02\0\0\x02\x03\x84\x8f\x05\0;"
        .to_vec()
}

fn png() -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\x68\x08\x02\0\0\0\0\0\0\0";
    [&head[..], b"\0\0\0\0IEND\xae\x42\x60\x82"].concat()
}

fn jpeg() -> Vec<u8> {
    let app0 = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";
    let sof = b"\xff\xc0\0\x11\x08\x01\x68\x02\x80\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
    [&app0[..], sof, &[0x5a; 300], b"\xff\xd9"].concat()
}

fn webp() -> Vec<u8> {
    let frame = b"VP8 \x0a\0\0\0\x10\0\0\x9d\x01\x2a\x80\x02\x68\x01";
    let size = u32::try_from(frame.len() + 4).unwrap();
    [b"RIFF", &size.to_le_bytes()[..], b"WEBP", frame].concat()
}

/// Every file that is whole, with its media type.
fn whole() -> Vec<(Vec<u8>, &'static str)> {
    let both = [pictures(), sound()];
    vec![
        (header_first(&both), "video/mp4"),
        (header_last(&both), "video/mp4"),
        (header_last(&[pictures()]), "video/mp4"),
        (header_first(&[sound()]), "audio/mp4"),
        (fragmented(&both, true), "video/mp4"),
        (fragmented(&both, false), "video/mp4"),
        (fragmented(&[sound()], true), "audio/mp4"),
        (jpeg(), "image/jpeg"),
        (png(), "image/png"),
        (gif(), "image/gif"),
        (webp(), "image/webp"),
        (
            b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm".to_vec(),
            "video/webm",
        ),
        (
            b"\x1aE\xdf\xa3\x9fB\x82\x88matroska".to_vec(),
            "video/x-matroska",
        ),
        (b"ID3\x04\0\0\0\0\0\0".to_vec(), "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0\0".to_vec(), "audio/mpeg"),
        (b"\xff\xf1\x4c\x80\x01\x3f\xfc".to_vec(), "audio/aac"),
    ]
}

#[test]
fn the_bytes_say_the_type() {
    for (bytes, content_type) in whole() {
        assert_eq!(read(&bytes).unwrap().content_type(), content_type);
    }
}

#[test]
fn an_mp4_tells_its_length_and_its_tracks() {
    let both = [pictures(), sound()];
    for bytes in [
        header_first(&both),
        header_last(&both),
        fragmented(&both, true),
    ] {
        let facts = read(&bytes).unwrap();
        let expected = Facts {
            kind: Kind::Mp4,
            length_ms: Some(2000),
            tracks: vec![
                Track::Video {
                    codec: "avc1.42c01f".to_owned(),
                    width: 640,
                    height: 360,
                },
                Track::Audio {
                    codec: "mp4a.40.2".to_owned(),
                    sample_rate: 48_000,
                },
            ],
        };
        assert_eq!(facts, expected);
    }
}

#[test]
fn a_length_that_the_header_does_not_tell_is_measured() {
    let mut moov = clip::moov(clip::ftyp().len() as u64 + 16, &[sound()]);
    for length in [0, u64::from(u32::MAX), u64::MAX] {
        moov.mvhd.duration = length;
        let bytes = [clip::ftyp(), clip::mdat(clip::BYTES), clip::bytes(&moov)].concat();
        assert_eq!(read(&bytes).unwrap().length_ms, Some(2000), "{length}");
    }
}

#[test]
fn a_file_of_another_program_is_read() {
    let facts = read(TONE).unwrap();
    let expected = Facts {
        kind: Kind::Mp4,
        length_ms: Some(2000),
        tracks: vec![Track::Audio {
            codec: "mp4a.40.2".to_owned(),
            sample_rate: 16_000,
        }],
    };
    assert_eq!(facts, expected);
}

/// A file of Opus, which is encoded once.
static OPUS: LazyLock<Vec<u8>> = LazyLock::new(opus);

/// A second of a tone at half amplitude and a second of silence, by our own encoder.
fn opus() -> Vec<u8> {
    let mut encoder = OpusEncoder::new(48_000, 1, Application::RestrictedLowDelay).unwrap();
    let mut packets = Vec::new();
    for frame in 0..100_u16 {
        let loudness = if frame < 50 { 0.5 } else { 0.0 };
        let wave = (0..960_u16).map(|sample| {
            let turns = (f32::from(frame) * 960.0 + f32::from(sample)) * 440.0 / 48_000.0;
            loudness * (TAU * turns.fract()).sin()
        });
        let mut packet = [0; 1500];
        let wave: Vec<f32> = wave.collect();
        let length = encoder.encode(&wave, 960, &mut packet).unwrap();
        packets.push(packet[..length].to_vec());
    }
    clip::opus(&packets)
}

#[test]
fn the_loudness_of_a_tone_is_shown_and_so_is_silence() {
    for file in [TONE.to_vec(), OPUS.clone()] {
        let size = file.len() as u64;
        let found = peaks(Cursor::new(&file), size, 8).unwrap();
        let (tone, silence) = found.split_at(4);
        assert!(
            tone.iter().all(|peak| (110..180).contains(peak)),
            "{found:?}"
        );
        assert!(silence[1..].iter().all(|peak| *peak < 3), "{found:?}");
        for n in [0, 1, 1000] {
            let found = peaks(Cursor::new(&file), size, n);
            assert!(found.is_none_or(|found| found.len() == n), "{n}");
        }
    }
}

#[test]
fn what_cannot_be_decoded_has_no_loudness() {
    for file in [
        header_first(&[pictures()]),
        fragmented(&[sound()], true),
        jpeg(),
    ] {
        assert_eq!(peaks(Cursor::new(&file), file.len() as u64, 10), None);
    }
}

/// The variant alone.
fn named(trouble: &Trouble) -> String {
    let text = format!("{trouble:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

#[test]
fn what_is_no_media_is_told_apart() {
    let page = format!("<!DOCTYPE html><title>502</title>{}", " ".repeat(1968));
    let page = &page.as_bytes()[..2000];
    let chinese = b"<html><head>\xb4\xed\xce\xf3</head>"; // 错误 in GB 18030
    let xml = br#"<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>"#;
    let xhtml = br#"<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">"#;
    let table: &[(&[u8], &str)] = &[
        (b"", "Empty"),
        (page, "Page"),
        (b"\xef\xbb\xbf\r\n <HTML lang=zh>", "Page"),
        (b"<!-- 404 --><html>", "Page"),
        (chinese, "Page"),
        (xhtml, "Page"),
        (xml, "Text"),
        (br#"{"code":299,"message":"too frequent"}"#, "Text"),
        ("文件不存在".as_bytes(), "Text"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "Compressed"),
        (b"PK\x03\x04\x14\0", "Compressed"),
        (b"%PDF-1.7\n\0\x01", "Unknown"),
        (&[0; 4000], "Unknown"),
        (b"\x7fELF", "Unknown"),
    ];
    for (bytes, expected) in table {
        let trouble = read(bytes).unwrap_err();
        assert_eq!(named(&trouble), *expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_file_that_is_cut_is_truncated() {
    let both = [pictures(), sound()];
    for (bytes, has_index) in [
        (header_first(&both), true),
        (header_last(&both), true),
        (fragmented(&both, true), true),
        (fragmented(&both, false), false),
    ] {
        for tenth in 1..10 {
            let cut = &bytes[..bytes.len() * tenth / 10];
            let found = read(cut);
            assert!(
                matches!(found, Err(Trouble::Truncated(_))),
                "{tenth}: {found:?}"
            );
        }
        // At each byte, behind the first box's header: without an index a cut between fragments is
        // not seen.
        for len in 8..bytes.len() {
            let found = read(&bytes[..len]);
            let unseen = !has_index && found.is_ok();
            assert!(
                unseen || matches!(found, Err(Trouble::Truncated(_))),
                "{len}: {found:?}"
            );
        }
    }
    for picture in [jpeg(), png(), gif(), webp()] {
        for len in [picture.len() - 1, picture.len() / 2 + 6] {
            let found = read(&picture[..len]);
            assert!(
                matches!(found, Err(Trouble::Truncated(Cut::EndMarker))),
                "{found:?}"
            );
        }
    }
}

#[test]
fn the_place_of_a_cut_is_told() {
    let whole = header_last(&[pictures()]);
    let no_header = &whole[..whole.len() - clip::bytes(&clip::moov(0, &[pictures()])).len()];
    // A box without a size goes to the end, so that only the samples tell what is missing.
    let mut open = header_first(&[pictures()]);
    let media = open.windows(4).rposition(|name| name == b"mdat").unwrap() - 4;
    open[media..media + 4].fill(0);
    open.truncate(open.len() - 9);
    let last = clip::mdat(500).len();
    let pieces = fragmented(&[pictures(), sound()], false);
    let no_media = &pieces[..pieces.len() - last];
    for (bytes, expected) in [
        (&whole[..whole.len() - 1], Cut::Box),
        (no_header, Cut::Header),
        (&open, Cut::Samples),
        (no_media, Cut::Fragment),
    ] {
        let found = read(bytes);
        assert!(
            matches!(found, Err(Trouble::Truncated(cut)) if cut == expected),
            "{found:?}"
        );
    }
}

#[test]
fn a_header_without_samples_is_no_recording() {
    let moov = clip::bytes(&clip::moov(0, &[]));
    let found = read(&[clip::ftyp(), moov].concat());
    assert!(matches!(found, Err(Trouble::NoSamples)), "{found:?}");
}

#[test]
fn bytes_behind_the_last_box_are_ignored() {
    for junk in [&[0; 3][..], &[0; 5000], &[0xfe; 77]] {
        let bytes = [&header_first(&[sound()])[..], junk].concat();
        assert_eq!(read(&bytes).unwrap().length_ms, Some(2000));
    }
}

#[test]
fn a_file_shorter_than_told_is_an_error_of_reading() {
    let bytes = header_last(&[sound()]);
    let found = inspect(Cursor::new(&bytes), bytes.len() as u64 + 1000);
    assert!(matches!(found, Err(Trouble::Io(_))), "{found:?}");
}

#[test]
fn a_sample_entry_nested_in_itself_is_harmless() {
    let mut nest = Vec::new();
    for _ in 0..20_000 {
        let size = u32::try_from(nest.len() + 8).unwrap();
        nest.splice(0..0, [&size.to_be_bytes()[..], b"avc1"].concat());
    }
    let plain = clip::bytes(&clip::moov(0, &[pictures()]));
    let at = plain.windows(4).position(|name| name == b"avcC").unwrap() - 4;
    let _ = read(&[&plain[..at], &nest, &plain[at..]].concat());
}

#[test]
fn sound_alone_fits_an_announced_video_and_a_picture_does_not() {
    let (video, sound, picture) = (
        Some(Medium::Video),
        Some(Medium::Sound),
        Some(Medium::Picture),
    );
    let both = header_first(&[pictures(), clip::sound()]);
    for (bytes, announced, fits) in [
        (&both, video, true),
        (&both, sound, true),
        (&both, picture, false),
        (&header_first(&[clip::sound()]), video, true),
        (&jpeg(), picture, true),
        (&jpeg(), video, false),
        (&jpeg(), None, true),
    ] {
        assert_eq!(read(bytes).unwrap().fits(announced), fits, "{announced:?}");
    }
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(whole()).prop_map(|(bytes, _)| bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_changed_and_cut_file_does_not_panic(
        mut bytes in any_file(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        extremes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3),
        len in any::<prop::sample::Index>(),
    ) {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for (at, high) in extremes {
            let at = at.index(bytes.len());
            let end = bytes.len().min(at + 4);
            bytes[at..end].fill(if high { 0xff } else { 0 });
        }
        bytes.truncate(len.index(bytes.len()) + 1);
        let _ = read(&bytes);
    }

    /// As above, in the header alone, which is a small part of a file.
    #[test]
    fn a_changed_header_does_not_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..6),
        is_fragmented: bool,
    ) {
        let both = [pictures(), sound()];
        let mut bytes = if is_fragmented { fragmented(&both, true) } else { header_first(&both) };
        let end = bytes.windows(4).position(|name| name == b"mdat").unwrap();
        for (at, number) in changes {
            let at = 24 + at.index(end - 28);
            bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
        }
        let _ = read(&bytes);
    }

    #[test]
    fn changed_sound_does_not_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..200),
        is_opus: bool,
    ) {
        let mut bytes = if is_opus { OPUS.clone() } else { TONE.to_vec() };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = peaks(Cursor::new(&bytes), bytes.len() as u64, 20);
    }
}
