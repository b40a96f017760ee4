//! The platform's words in ours, and what a call is listed by.

use jiff::tz::TimeZone;
use reelroom_anyrtc::{
    callback::{self as wire, Understood},
    raw::Raw,
};
use reelroom_domain::{
    callback::Subject,
    file::{FileKind, Media, NAME_BYTES, plausible_length},
    room::{ParticipantId, RoomId},
};

pub(crate) const fn kind_of(kind: wire::Kind) -> FileKind {
    match kind {
        wire::Kind::Composite => FileKind::Composite,
        wire::Kind::Track => FileKind::Track,
        wire::Kind::Frame => FileKind::Frame,
    }
}

pub(crate) const fn media_of(media: wire::MediaKind) -> Media {
    match media {
        wire::MediaKind::Audio => Media::Audio,
        wire::MediaKind::Video => Media::Video,
        wire::MediaKind::Image => Media::Image,
        wire::MediaKind::Unknown => Media::Unknown,
    }
}

/// A length in seconds as milliseconds; `None` if it is implausible.
pub(crate) fn length_of(seconds: u64) -> Option<i64> {
    let seconds = i64::try_from(seconds).ok()?;
    seconds.checked_mul(1000).and_then(plausible_length)
}

/// The names in a call that is no announcement of a file, by which it is found.
pub(crate) fn subject(raw: &Raw<'_>, zone: &TimeZone) -> Subject {
    let mut subject = Subject::default();
    for field in wire::explain(raw, zone).unwrap_or_default() {
        match field.understood {
            Understood::Kind(kind) => subject.file_kind = Some(kind_of(kind)),
            Understood::Room(room) => subject.room = RoomId::new(room).ok(),
            Understood::Participant(user) => subject.participant = ParticipantId::new(user).ok(),
            Understood::Name(name) if name.len() <= NAME_BYTES => subject.file_name = Some(name),
            _ => {}
        }
    }
    subject
}
