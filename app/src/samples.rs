//! Rows for unit tests, which change what they are about.

use reelroom_domain::{
    about::{RecordingTitle, Tags},
    file::{FileKind, FileState, Media},
    ledger::{Lateness, Ledger},
    recording::{Origin, RecordingState},
    room::RoomId,
    time::Timestamp,
    view::{FileView, RecordingRow},
};

/// A ready recording without files.
pub fn recording_row(requested_at: Timestamp) -> RecordingRow {
    RecordingRow {
        id: "0192f00d0192f00d0192f00d0192f00d".parse().unwrap(),
        room: RoomId::new("r").unwrap(),
        title: String::new(),
        own_title: RecordingTitle::default(),
        tags: Tags::default(),
        seen: true,
        origin: Origin::Started,
        state: RecordingState::Ready,
        requested_at,
        started_at: None,
        stopped_at: None,
        length: None,
        file_name: None,
        ledger: Ledger::default(),
        lateness: Lateness::InTime,
        failed: None,
        bytes: 0,
        archived: 0,
        archive: None,
        thumbnail: None,
        film: None,
        may_download: true,
    }
}

/// An archived file, whose id has this digit alone.
pub fn file(digit: char, kind: FileKind) -> FileView {
    let media = match kind {
        FileKind::Frame => Media::Image,
        FileKind::Composite | FileKind::Track => Media::Video,
    };
    FileView {
        id: digit.to_string().repeat(32).parse().unwrap(),
        version: 1,
        versions: Vec::new(),
        take: None,
        kind,
        media,
        participant: None,
        name: digit.to_string(),
        size: None,
        length: None,
        started_at: None,
        ended_at: None,
        announced_at: Timestamp::from_millis(0),
        state: FileState::Archived,
        trouble: None,
        to_allow: None,
        next_try_at: None,
        tracks: None,
        peaks: None,
        strip: None,
        sha256: None,
    }
}
