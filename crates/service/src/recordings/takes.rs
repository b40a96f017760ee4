//! The files of a recording as its page shows them: one for each take, with its versions.

use std::collections::BTreeMap;

use reelroom_domain::{
    ids::FileId,
    view::{FileVersionView, FileView},
};
use reelroom_store::{apps::App, files::File};

use crate::apps::allow::host_to_allow;

/// The takes of these files, in the order of their times within kind and participant. Blocked ones need
/// their app.
pub(super) fn takes(files: Vec<File>, app: Option<&App>) -> Vec<FileView> {
    let mut versions: BTreeMap<FileId, Vec<File>> = BTreeMap::new();
    for file in files {
        versions.entry(file.take).or_default().push(file);
    }
    let mut takes: Vec<FileView> = versions
        .into_values()
        .filter_map(|versions| take(versions, app))
        .collect();
    takes.sort_by_cached_key(order);
    let mut named: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, file) in takes.iter().enumerate() {
        let key = (file.kind, file.participant.clone(), file.name.clone());
        named.entry(key).or_default().push(index);
    }
    for several in named.into_values().filter(|named| named.len() > 1) {
        for (number, index) in (1..).zip(&several) {
            takes[*index].take = Some((number, several.len()));
        }
    }
    takes
}

fn order(file: &FileView) -> impl Ord + use<> {
    let time = file.started_at.or(file.ended_at);
    let participant = file.participant.clone();
    (
        file.kind,
        participant,
        time.unwrap_or(file.announced_at),
        file.id,
    )
}

/// The versions of a take: the one that is shown, and the others behind it.
fn take(mut versions: Vec<File>, app: Option<&App>) -> Option<FileView> {
    versions.sort_by_key(|file| (file.copy_is_known(), file.version));
    let shown = versions.pop()?;
    versions.sort_by_key(|file| std::cmp::Reverse(file.version));
    let to_allow = app.and_then(|app| host_to_allow(app, &shown));
    let length = shown.announced.length();
    let announced = shown.announced;
    let size = shown.stored.as_ref().map(|stored| stored.size);
    Some(FileView {
        id: shown.take,
        version: shown.version,
        versions: versions.into_iter().map(version).collect(),
        take: None,
        kind: announced.kind,
        media: announced.media,
        participant: announced.participant,
        name: announced.name,
        size: size.or(announced.size),
        length,
        started_at: announced.started_at,
        ended_at: announced.ended_at,
        announced_at: shown.announced_at,
        state: shown.state,
        trouble: shown.trouble,
        to_allow,
        next_try_at: shown.next_try_at,
        tracks: shown.tracks,
        peaks: shown.peaks,
        strip: shown.strip,
        sha256: shown.stored.map(|stored| stored.sha256),
    })
}

fn version(file: File) -> FileVersionView {
    let size = file.stored.as_ref().map(|stored| stored.size);
    FileVersionView {
        version: file.version,
        size: size.or(file.announced.size),
        announced_at: file.announced_at,
        state: file.state,
        trouble: file.trouble,
        next_try_at: file.next_try_at,
        sha256: file.stored.map(|stored| stored.sha256),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        file::{Announcement, FileKind, FileState, Media, UNKNOWN_TYPE},
        room::ParticipantId,
        time::Timestamp,
    };
    use reelroom_store::files::Stored;

    use super::*;

    fn id(number: u128) -> FileId {
        format!("{number:032x}").parse().unwrap()
    }

    fn file(number: u128, take: u128, version: u32, state: FileState) -> File {
        File {
            id: id(number),
            take: id(take),
            version,
            recording: format!("{:032x}", 1).parse().unwrap(),
            announced: Announcement {
                kind: FileKind::Composite,
                media: Media::Video,
                participant: None,
                name: "weekly.mp4".to_owned(),
                size: Some(u64::from(version)),
                length_ms: None,
                // The take that was announced first is the later one.
                started_at: Some(Timestamp::from_millis(if take == 1 { 9 } else { 5 })),
                ended_at: None,
                url: String::new(),
            },
            state,
            trouble: None,
            tries: 0,
            next_try_at: None,
            missing_since: None,
            stored: None,
            tracks: None,
            peaks: None,
            strip: None,
            announced_at: Timestamp::from_millis(10),
            archived_at: None,
            call: None,
        }
    }

    #[test]
    fn takes_are_in_order_and_show_what_we_have() {
        use FileState::{Archived, Failed, Remote};
        let mut track = file(7, 7, 1, Remote);
        track.announced.kind = FileKind::Track;
        track.announced.participant = Some(ParticipantId::new("u1").unwrap());
        let files = vec![
            track,
            file(1, 1, 1, Archived),
            file(2, 1, 2, Archived),
            file(3, 1, 3, Failed),
            file(4, 4, 1, Remote),
            file(5, 4, 2, Remote),
        ];
        let shown: Vec<String> = takes(files, None)
            .iter()
            .map(|file| {
                let others: Vec<u32> = file.versions.iter().map(|other| other.version).collect();
                format!("{} v{} {others:?} {:?}", file.id, file.version, file.take)
            })
            .collect();
        let expected = [
            format!("{} v2 [1] Some((1, 2))", id(4)),
            format!("{} v2 [3, 1] Some((2, 2))", id(1)),
            format!("{} v1 [] None", id(7)),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_copy_of_a_known_kind_is_shown_before_a_newer_one() {
        let copy = |version: u32, content_type: &str| File {
            stored: Some(Stored {
                key: String::new(),
                size: 1,
                sha256: String::new(),
                crc32: None,
                content_type: content_type.to_owned(),
            }),
            ..file(u128::from(version), 1, version, FileState::Archived)
        };
        let shown = |files| takes(files, None)[0].version;
        let known = copy(1, "video/mp4");
        assert_eq!(shown(vec![known.clone(), copy(2, UNKNOWN_TYPE)]), 1);
        assert_eq!(shown(vec![known, copy(2, "video/webm")]), 2);
        let failed = file(3, 1, 3, FileState::Failed);
        assert_eq!(
            shown(vec![copy(1, UNKNOWN_TYPE), copy(2, UNKNOWN_TYPE), failed]),
            2
        );
    }
}
