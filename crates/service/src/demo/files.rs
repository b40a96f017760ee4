//! The files of recordings, which have no content.

use std::ops::Range;

use data_encoding::HEXLOWER;
use rand::{Rng, distr::Alphanumeric};
use reelroom_domain::{
    cause::Cause,
    file::{Announcement, FileKind, FileState, Media},
    ids::{FileId, RecordingId},
    naming::{NamingRule, Values},
    room::ParticipantId,
    time::{Civil, Timestamp},
};
use reelroom_store::{
    demo::NEVER,
    files::{DEMO_ADDRESS, DEMO_KEY, File, Stored},
};

use super::{
    choice::{MINUTE, Source},
    rooms::Room,
    starts::OFFSET,
};

/// The states of the copies of a recording's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copies {
    /// That of its first file.
    pub first: FileState,
    /// That of its other files.
    pub others: FileState,
}

/// The facts from which the files of a recording follow.
pub struct Whole<'a> {
    pub id: RecordingId,
    pub room: &'a Room,
    pub rule: &'a NamingRule,
    /// When it started.
    pub from: Timestamp,
    /// When it was stopped.
    pub to: Timestamp,
    /// The participants of its meeting.
    pub people: Vec<&'a ParticipantId>,
    pub copies: Copies,
}

/// A file to be made.
struct Plan {
    kind: FileKind,
    media: Media,
    who: Option<ParticipantId>,
    from: Timestamp,
    to: Timestamp,
    size: u64,
}

/// The files of a recording: composites, tracks and frames.
pub fn files(source: &mut Source, whole: &Whole<'_>) -> Vec<File> {
    let rng = &mut source.rng;
    let mut plans = Vec::new();
    let is_sound = rng.random_ratio(whole.room.theme.sound, 100);
    let media = if is_sound { Media::Audio } else { Media::Video };
    for span in takes(rng, whole.from, whole.to) {
        plans.push(plan(rng, FileKind::Composite, media, None, span));
    }
    if rng.random_ratio(2, 3) {
        plans.extend(tracks(rng, whole, media));
    }
    if !is_sound && rng.random_ratio(1, 10) {
        for _ in 0..rng.random_range(2..=5) {
            let after = rng.random_range(0..whole.to.since(whole.from).max(1));
            let at = whole.from.plus_millis(after);
            plans.push(plan(rng, FileKind::Frame, Media::Image, None, (at, at)));
        }
    }
    made(source, whole, plans)
}

/// The tracks of a recording whose composite is missing.
pub fn only_tracks(source: &mut Source, whole: &Whole<'_>) -> Vec<File> {
    let plans = tracks(&mut source.rng, whole, Media::Video);
    made(source, whole, plans)
}

/// When the takes of a recording begin and end: one, or sometimes two or three with gaps between them.
fn takes(rng: &mut impl Rng, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let length = to.since(from);
    if length < 10 * MINUTE || !rng.random_ratio(6, 100) {
        return vec![(from, to)];
    }
    let count = if rng.random_ratio(1, 5) { 3 } else { 2 };
    let part = length / count;
    let takes = (1..=count).map(|number| {
        let begin = from.plus_millis((number - 1) * part);
        let gap = rng.random_range(10_000..(part / 2).min(4 * MINUTE));
        let end = begin.plus_millis(part);
        let is_last = number == count;
        (begin, if is_last { to } else { end.plus_millis(-gap) })
    });
    takes.collect()
}

/// The tracks of up to five participants.
fn tracks(rng: &mut impl Rng, whole: &Whole<'_>, of_composite: Media) -> Vec<Plan> {
    let count = rng.random_range(1..=whole.people.len().clamp(1, 5));
    let people = whole.people.iter().take(count);
    let tracks = people.map(|who| {
        let has_camera = of_composite == Media::Video && rng.random_ratio(2, 3);
        let media = if has_camera {
            Media::Video
        } else {
            Media::Audio
        };
        let who = Some((*who).clone());
        plan(rng, FileKind::Track, media, who, (whole.from, whole.to))
    });
    tracks.collect()
}

fn plan(
    rng: &mut impl Rng,
    kind: FileKind,
    media: Media,
    who: Option<ParticipantId>,
    (from, to): (Timestamp, Timestamp),
) -> Plan {
    let seconds = u64::try_from(to.since(from) / 1000).unwrap_or_default();
    let size = if kind == FileKind::Frame {
        rng.random_range(60_000..400_000)
    } else {
        seconds * rng.random_range(bytes_a_second(kind, media))
    };
    Plan {
        kind,
        media,
        who,
        from,
        to,
        size,
    }
}

const fn bytes_a_second(kind: FileKind, media: Media) -> Range<u64> {
    match (kind, media) {
        (_, Media::Audio) => 8_000..16_000,
        (FileKind::Composite, _) => 90_000..180_000,
        _ => 40_000..90_000,
    }
}

/// The files of these plans, announced a few minutes after the stop.
fn made(source: &mut Source, whole: &Whole<'_>, plans: Vec<Plan>) -> Vec<File> {
    let begun = Civil::at(whole.from, OFFSET);
    let mut values = Values {
        random: random(&mut source.rng),
        date: format!("{:04}{:02}{:02}", begun.year, begun.month, begun.day),
        time: whole.from.as_millis().div_euclid(1000).to_string(),
        room: whole.room.row.id.clone(),
        user: None,
    };
    let mut announced_at = whole
        .to
        .plus_millis(source.rng.random_range(2 * MINUTE..8 * MINUTE));
    let mut files = Vec::with_capacity(plans.len());
    for plan in plans {
        // The names of frames differ in nothing else.
        if plan.kind == FileKind::Frame {
            values.random = random(&mut source.rng);
        }
        values.user.clone_from(&plan.who);
        let name = whole.rule.file_name(&values, plan.kind);
        let state = if files.is_empty() {
            whole.copies.first
        } else {
            whole.copies.others
        };
        announced_at = announced_at.plus_millis(source.rng.random_range(500..4_000));
        files.push(file(source, whole, plan, name, state, announced_at));
    }
    files
}

fn file(
    source: &mut Source,
    whole: &Whole<'_>,
    plan: Plan,
    name: String,
    state: FileState,
    announced_at: Timestamp,
) -> File {
    let id: FileId = source.ids.id(whole.from);
    let is_archived = state == FileState::Archived;
    let (content_type, tracks) = match plan.media {
        Media::Audio => ("audio/mp4", Some("AAC 48 kHz")),
        Media::Image => ("image/jpeg", None),
        _ => ("video/mp4", Some("H.264 1280×720, AAC 48 kHz")),
    };
    let (trouble, tries) = trouble(state);
    let after = source.rng.random_range(MINUTE / 3..5 * MINUTE);
    File {
        id,
        take: id,
        version: 1,
        recording: whole.id,
        announced: Announcement {
            kind: plan.kind,
            media: plan.media,
            participant: plan.who,
            url: format!("{DEMO_ADDRESS}{id}"),
            name,
            size: Some(plan.size),
            length_ms: (plan.kind != FileKind::Frame).then(|| plan.to.since(plan.from)),
            started_at: Some(plan.from),
            ended_at: Some(plan.to),
        },
        state,
        trouble,
        tries,
        next_try_at: (state == FileState::Remote).then_some(NEVER),
        missing_since: (state == FileState::Gone).then_some(announced_at),
        stored: is_archived.then(|| Stored {
            key: format!("{DEMO_KEY}{id}"),
            size: plan.size,
            sha256: hash(&mut source.rng),
            // Without it, no archive of several files has the file.
            crc32: None,
            content_type: content_type.to_owned(),
        }),
        tracks: tracks.filter(|_| is_archived).map(str::to_owned),
        peaks: None,
        strip: None,
        announced_at,
        archived_at: is_archived.then(|| announced_at.plus_millis(after)),
        call: None,
    }
}

/// Why there is no copy in this state, and after how many tries.
fn trouble(state: FileState) -> (Option<Cause>, u32) {
    match state {
        FileState::Failed => (Some(Cause::Status(502)), 14),
        FileState::Blocked => (Some(Cause::Host("demo.invalid".to_owned())), 1),
        FileState::Gone => (Some(Cause::Status(404)), 11),
        FileState::Remote => (None, 0),
        FileState::Fetching | FileState::Archived | FileState::Purged => (None, 1),
    }
}

/// The value of `{random}`.
fn random(rng: &mut impl Rng) -> String {
    let letters = rng.sample_iter(Alphanumeric).take(4);
    letters.map(char::from).collect()
}

/// A SHA-256, in hexadecimal.
fn hash(rng: &mut impl Rng) -> String {
    let mut bytes = [0_u8; 32];
    rng.fill(&mut bytes[..]);
    HEXLOWER.encode(&bytes)
}
