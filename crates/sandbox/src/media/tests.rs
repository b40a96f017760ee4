use std::{fs::File, io::BufReader, time::Instant};

use jiff::Timestamp;
use mp4_atom::{Codec, Ftyp, Moov, ReadFrom};

use super::*;
use crate::take::Attendance;

fn person(user: &str, camera: bool, stays: &[(u64, u64)]) -> Attendance {
    Attendance {
        user: user.to_owned(),
        camera,
        present: stays.iter().map(|stay| stay.0..stay.1).collect(),
    }
}

fn take(length: u64) -> Take {
    Take {
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

fn studio<'a>(dir: &Path, stop: &'a AtomicBool) -> Studio<'a> {
    Studio {
        work: dir.to_owned(),
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
        stop,
    }
}

fn header(path: &Path) -> Moov {
    let mut file = BufReader::new(File::open(path).unwrap());
    Ftyp::read_from(&mut file).unwrap();
    // Right behind `ftyp`: a player can start before it has the rest.
    Moov::read_from(&mut file).unwrap()
}

#[test]
fn a_file_is_as_long_as_its_recording_and_can_be_sought() {
    let dir = tempfile::tempdir().unwrap();
    let go_on = AtomicBool::new(false);
    let studio = studio(dir.path(), &go_on);
    let path = dir.path().join("composite.mp4");
    studio.composite(&take(4_217), &path).unwrap();

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
    let go_on = AtomicBool::new(false);
    let studio = studio(dir.path(), &go_on);
    let take = take(2_000);
    let path = dir.path().join("track.mp4");
    studio.track(&take, 2, &path).unwrap();
    assert_eq!(header(&path).mvhd.duration, 1_500);
    studio.track(&take, 1, &path).unwrap();
    let moov = header(&path);
    assert_eq!(moov.trak.len(), 1, "no camera: sound only");
    assert_eq!(moov.mvhd.duration, 2_000);
}

#[test]
fn a_frame_is_a_jpeg_and_an_interruption_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let go_on = AtomicBool::new(false);
    let path = dir.path().join("frame.jpg");
    studio(dir.path(), &go_on)
        .frame(&take(1_000), 0, &path)
        .unwrap();
    assert_eq!(fs::read(&path).unwrap()[..3], [0xff, 0xd8, 0xff]);
    let stop = AtomicBool::new(true);
    let path = dir.path().join("never.mp4");
    let made = studio(dir.path(), &stop).composite(&take(1_000), &path);
    assert!(matches!(made, Err(MediaError::Interrupted)));
    assert!(!path.exists());
}

/// What a minute costs, or that many seconds; run alone, with its folder kept to look at:
/// `SANDBOX_SECONDS=60 SANDBOX_MEDIA=folder cargo test -p reelroom-sandbox a_minute -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn a_minute() {
    let dir = std::env::var_os("SANDBOX_MEDIA").map_or_else(std::env::temp_dir, PathBuf::from);
    fs::create_dir_all(&dir).unwrap();
    let go_on = AtomicBool::new(false);
    let studio = studio(&dir, &go_on);
    let seconds = std::env::var("SANDBOX_SECONDS").map_or(60, |text| text.parse().unwrap());
    let take = take(seconds * 1000);
    let began = Instant::now();
    studio.composite(&take, &dir.join("composite.mp4")).unwrap();
    eprintln!("composite after {:?}", began.elapsed());
    for index in 0..take.people.len() {
        let path = dir.join(format!("track{index}.mp4"));
        studio.track(&take, index, &path).unwrap();
    }
    studio.frame(&take, 12_345, &dir.join("frame.jpg")).unwrap();
    eprintln!("all after {:?}", began.elapsed());
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        eprintln!("{}", peak.unwrap_or_default());
    }
}
