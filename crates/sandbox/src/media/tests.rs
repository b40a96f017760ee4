use std::{fs::File, io::BufReader, path::PathBuf, time::Instant};

use jiff::Timestamp;
use mp4_atom::{Codec, Ftyp, Moov, ReadFrom};

use super::*;
use crate::recording::Participant;

fn person(user: &str, camera: bool, stays: &[(u64, u64)]) -> Participant {
    Participant {
        user: user.to_owned(),
        camera,
        present: stays.iter().map(|stay| stay.0..stay.1).collect(),
    }
}

fn recording(length: u64) -> Recording {
    Recording {
        room: "客服培训".to_owned(),
        began: Timestamp::from_millisecond(1_795_000_000_000).unwrap(),
        length,
        people: vec![
            person("u1001", true, &[(0, length)]),
            person("u1002", false, &[(0, length)]),
            person(
                "u1003",
                true,
                &[(length / 4, length / 2), (length * 3 / 4, length)],
            ),
            person("王小明", true, &[(length / 3, length)]),
        ],
    }
}

fn renderer<'a>(work: &'a Path, token: &'a CancellationToken) -> Renderer<'a> {
    Renderer { work, token }
}

fn header(path: &Path) -> Moov {
    let mut file = BufReader::new(File::open(path).unwrap());
    Ftyp::read_from(&mut file).unwrap();
    // Directly after `ftyp`, so that a player can start before the rest is loaded.
    Moov::read_from(&mut file).unwrap()
}

#[test]
fn a_file_is_as_long_as_its_recording_and_seekable() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let renderer = renderer(dir.path(), &token);
    let path = dir.path().join("composite.mp4");
    renderer.clip(&recording(4_217), None, &path).unwrap();

    let moov = header(&path);
    assert_eq!(moov.mvhd.duration, 4_217);
    let [video, audio] = &moov.trak[..] else {
        panic!("{moov:?}")
    };
    assert_eq!(video.mdia.mdhd.duration, 4_217 * 90);
    assert_eq!(audio.mdia.mdhd.duration, 4_217 * 48 + 312);
    let table = &video.mdia.minf.stbl;
    assert!(matches!(table.stsd.codecs[..], [Codec::Avc1(_)]));
    assert_eq!(table.stss.as_ref().unwrap().entries, [1, 25, 49]);
    let first = table.co64.as_ref().unwrap().entries[0];
    let bytes = fs::read(&path).unwrap();
    assert_eq!(&bytes[usize::try_from(first).unwrap() - 12..][..4], b"mdat");
}

#[test]
fn a_track_covers_its_participants_stay() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let renderer = renderer(dir.path(), &token);
    let recording = recording(2_000);
    let path = dir.path().join("track.mp4");
    renderer.clip(&recording, Some(2), &path).unwrap();
    assert_eq!(header(&path).mvhd.duration, 1_500);
    renderer.clip(&recording, Some(1), &path).unwrap();
    let moov = header(&path);
    assert_eq!(moov.trak.len(), 1, "no camera: sound only");
    assert_eq!(moov.mvhd.duration, 2_000);
}

#[test]
fn a_frame_is_a_jpeg_and_an_interruption_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let token = CancellationToken::new();
    let path = dir.path().join("frame.jpg");
    renderer(dir.path(), &token)
        .frame(&recording(1_000), 0, &path)
        .unwrap();
    assert_eq!(fs::read(&path).unwrap()[..3], [0xff, 0xd8, 0xff]);
    token.cancel();
    let path = dir.path().join("never.mp4");
    let made = renderer(dir.path(), &token).clip(&recording(1_000), None, &path);
    assert!(matches!(made, Err(MediaError::Interrupted)));
    assert!(!path.exists());
}

/// Measures the time for a minute of media, or for `SANDBOX_SECONDS`. To be run alone:
#[test]
#[ignore = "a measurement"]
fn a_minute() {
    let dir = std::env::var_os("SANDBOX_MEDIA").map_or_else(std::env::temp_dir, PathBuf::from);
    fs::create_dir_all(&dir).unwrap();
    let token = CancellationToken::new();
    let renderer = renderer(&dir, &token);
    let seconds = std::env::var("SANDBOX_SECONDS").map_or(60, |text| text.parse().unwrap());
    let recording = recording(seconds * 1000);
    let began = Instant::now();
    renderer
        .clip(&recording, None, &dir.join("composite.mp4"))
        .unwrap();
    eprintln!("composite after {:?}", began.elapsed());
    for index in 0..recording.people.len() {
        let path = dir.join(format!("track{index}.mp4"));
        renderer.clip(&recording, Some(index), &path).unwrap();
    }
    renderer
        .frame(&recording, 12_345, &dir.join("frame.jpg"))
        .unwrap();
    eprintln!("all after {:?}", began.elapsed());
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        eprintln!("{}", peak.unwrap_or_default());
    }
}
