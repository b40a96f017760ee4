//! Pictures of videos, by our own encoder.

#[expect(dead_code, reason = "the files of the other tests")]
mod clip;

use std::{
    io::{self, Cursor, Read, Seek, SeekFrom},
    sync::LazyLock,
};

use mp4_atom::{Avc1, Avcc, Visual};
use openh264::{
    OpenH264API,
    encoder::{Encoder, EncoderConfig, IntraFramePeriod, RateControlMode},
    formats::{RgbSliceU8, YUVBuffer},
};
use proptest::prelude::*;
use reelroom_media::{Film, film};

use self::clip::{Entry, chunks, fragmented, groups, header_first, pictures, sound};

/// Samples from one sync sample to the next.
const GROUP: usize = 10;

/// Red pictures of these dimensions that become white from the left, as samples, and their entry.
fn video(width: u16, height: u16, count: usize) -> (Entry, Vec<Vec<u8>>) {
    let config = EncoderConfig::new()
        .intra_frame_period(IntraFramePeriod::from_num_frames(10))
        .rate_control_mode(RateControlMode::Off)
        .skip_frames(false)
        .scene_change_detect(false);
    let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), config).unwrap();
    let (mut sequence, mut picture) = (Vec::new(), Vec::new());
    let size = (usize::from(width), usize::from(height));
    let mut samples = Vec::new();
    for number in 0..count {
        let white = size.0 * number / count;
        let row = (0..size.0).flat_map(|x| if x < white { [255; 3] } else { [255, 0, 0] });
        let rgb: Vec<u8> = row.collect::<Vec<_>>().repeat(size.1);
        let yuv = YUVBuffer::from_rgb8_source(RgbSliceU8::new(&rgb, size));
        let stream = encoder.encode(&yuv).unwrap();
        let mut sample = Vec::new();
        for layer in (0..stream.num_layers()).filter_map(|index| stream.layer(index)) {
            for unit in (0..layer.nal_count()).filter_map(|index| layer.nal_unit(index)) {
                let unit = unit.strip_prefix(&[0]).unwrap_or(unit);
                let unit = unit.strip_prefix(&[0, 0, 1]).unwrap();
                match unit[0] & 0x1f {
                    7 => sequence = unit.to_vec(),
                    8 => picture = unit.to_vec(),
                    _ => {
                        sample.extend(u32::try_from(unit.len()).unwrap().to_be_bytes());
                        sample.extend(unit);
                    }
                }
            }
        }
        samples.push(sample);
    }
    let entry = Avc1 {
        visual: Visual {
            width,
            height,
            ..Visual::default()
        },
        avcc: Avcc::new(&sequence, &picture).unwrap(),
        ..Avc1::default()
    };
    ((1, entry.into()), samples)
}

/// The same video as a file with tables, and as one in fragments.
fn files(width: u16, height: u16, count: usize) -> [Vec<u8>; 2] {
    let (entry, samples) = video(width, height, count);
    let sync = (1..=u32::try_from(count).unwrap()).step_by(GROUP).collect();
    let parts: Vec<_> = samples.chunks(GROUP).map(<[_]>::to_vec).collect();
    [chunks(&entry, &samples, Some(sync)), groups(&entry, &parts)]
}

fn of(file: &[u8], n: u16) -> Option<Film> {
    film(Cursor::new(file), file.len() as u64, n).unwrap()
}

fn dimensions(jpeg: &[u8]) -> (usize, usize) {
    assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]));
    let mut decoder = jpeg_decoder::Decoder::new(jpeg);
    decoder.read_info().unwrap();
    let info = decoder.info().unwrap();
    (info.width.into(), info.height.into())
}

#[test]
fn a_video_has_a_poster_and_a_strip_of_its_key_frames() {
    for file in files(800, 450, 100) {
        let found = of(&file, 20).unwrap();
        assert_eq!(found.times_ms, (0..10).map(|n| n * 400).collect::<Vec<_>>());
        assert_eq!(
            (found.width, found.height, found.length_ms),
            (160, 90, 4000)
        );
        assert_eq!(dimensions(&found.strip), (1600, 90));
        assert_eq!(dimensions(&found.poster), (640, 360));

        // Fewer than there are: one for each part of the time.
        let found = of(&file, 3).unwrap();
        assert_eq!(found.times_ms, [0, 1600, 2800]);
        assert_eq!(dimensions(&found.strip), (480, 90));
        assert_eq!(of(&file, 0), None);
    }
}

#[test]
fn the_colours_are_those_of_the_video() {
    for file in files(320, 180, 40) {
        let found = of(&file, 4).unwrap();
        let strip = decoded(&found.strip);
        let at = |x: usize| {
            let pixel = (45 * 640 + x) * 3;
            [0, 1, 2].map(|value| strip[pixel + value] / 32)
        };
        // The half of the third picture is white.
        assert_eq!((at(80), at(340), at(460)), ([7, 0, 0], [7; 3], [7, 0, 0]));
    }
}

/// The pixels of a JPEG.
fn decoded(jpeg: &[u8]) -> Vec<u8> {
    jpeg_decoder::Decoder::new(jpeg).decode().unwrap()
}

#[test]
fn a_small_or_narrow_video_is_not_made_larger() {
    for (width, height, tile) in [(64, 48, (64, 48)), (160, 640, (40, 160))] {
        for file in files(width, height, 1) {
            let found = of(&file, 9).unwrap();
            assert_eq!(dimensions(&found.strip), tile);
            assert_eq!(dimensions(&found.poster), (width.into(), height.into()));
        }
    }
}

#[test]
fn what_cannot_be_decoded_has_no_pictures() {
    let (entry, samples) = video(64, 48, 2);
    let huge = vec![vec![0; 9 << 20]];
    for file in [
        Vec::new(),
        header_first(&[pictures()]),
        header_first(&[sound()]),
        fragmented(&[pictures(), sound()], true),
        chunks(&entry, &huge, None),
        // The picture's parameters are missing.
        chunks(&pictures(), &samples, None),
    ] {
        assert_eq!(of(&file, 9), None);
    }
}

#[test]
fn a_file_that_cannot_be_read_now_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    impl Seek for Broken {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
    assert!(film(Broken, 100, 9).is_err());
}

/// Videos that are encoded once.
static SMALL: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| files(64, 48, 12));

proptest! {
    #[test]
    fn changed_bytes_are_decoded_or_not(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        for mut file in SMALL.clone() {
            for (index, byte) in &changes {
                *index.get_mut(&mut file) = *byte;
            }
            let _ = of(&file, 9);
        }
    }
}
