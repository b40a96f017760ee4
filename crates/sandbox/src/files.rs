//! The files of a recording, and their names.

use std::{collections::HashSet, ops::Range};

use reelroom_anyrtc::callback::Kind;

use crate::{recording::Recording, shared::ZONE};

/// The vendor's own rule, for a start without one.
const DEFAULT_RULE: &str = "ar_{roomid}_{date}_{random}";
/// Bytes of a name before its extension; file systems take 255 with it.
const MAX_STEM: usize = 230;
/// Milliseconds from one frame to the next.
const FRAME_EVERY: u64 = 30_000;
const MIN_FRAMES: u64 = 2;
const MAX_FRAMES: u64 = 6;

/// One file that is to be made.
#[derive(Debug)]
pub(crate) struct Plan {
    pub kind: Kind,
    /// The index of the participant whose track it is.
    pub person: Option<usize>,
    /// Free of characters that a file system does not take.
    pub name: String,
    /// Its part of the recording, in milliseconds; of a frame, empty.
    pub span: Range<u64>,
}

/// All files of a recording: the composite, a track for each participant, frames.
pub(crate) fn plan(recording: &Recording, rule: Option<&str>, random: &str) -> Vec<Plan> {
    let stem = |user| stem(recording, rule, random, user);
    let mut used = HashSet::new();
    let mut plans = Vec::new();
    let mut add = |kind, person, span, stem: &str| {
        let extension = if kind == Kind::Frame { "jpg" } else { "mp4" };
        plans.push(Plan {
            kind,
            person,
            name: distinct(&mut used, stem, extension),
            span,
        });
    };
    let whole = stem(None);
    add(Kind::Composite, None, 0..recording.length, &whole);
    for (index, person) in recording.people.iter().enumerate() {
        let stem = stem(Some(&person.user));
        add(Kind::Track, Some(index), person.span(), &stem);
    }
    let frames = (recording.length / FRAME_EVERY).clamp(MIN_FRAMES, MAX_FRAMES);
    for number in 1..=frames {
        let at = recording.length * (2 * number - 1) / (2 * frames);
        add(Kind::Frame, None, at..at, &format!("{whole}_{number:04}"));
    }
    plans
}

/// The folder for a start's `Path`: its parts that can be folders, at most eight.
pub(crate) fn folder(path: &str) -> Vec<String> {
    path.split(['/', '\\'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && *part != "." && *part != "..")
        .take(8)
        .map(clean)
        .collect()
}

/// The name without its extension of a participant's track, or of the meeting's composite.
fn stem(recording: &Recording, rule: Option<&str>, random: &str, user: Option<&str>) -> String {
    let rule = rule.filter(|rule| !rule.trim().is_empty());
    let rule = rule.unwrap_or(DEFAULT_RULE);
    let began = recording.began.to_zoned(ZONE.clone());
    let mut name = rule
        .strip_suffix(".mp4")
        .unwrap_or(rule)
        .replace("{random}", random)
        .replace("{date}", &began.strftime("%Y%m%d").to_string())
        .replace("{time}", &recording.began.as_second().to_string())
        .replace("{userid}", user.unwrap_or_default())
        .replace("{roomid}", &recording.room);
    // Where the rule does not tell participants apart.
    if let Some(user) = user.filter(|_| !rule.contains("{userid}")) {
        name.push('_');
        name.push_str(user);
    }
    clean(&name)
}

/// A name that every file system takes: no separators, no control characters, no leading dot, not
/// too long.
fn clean(name: &str) -> String {
    let refused = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let mut name = name.replace(refused, "_");
    if name.starts_with('.') {
        name.replace_range(..1, "_");
    }
    name.truncate(name.floor_char_boundary(MAX_STEM));
    name
}

/// A name that no other file of the recording has, ignoring case as some file systems do.
fn distinct(used: &mut HashSet<String>, stem: &str, extension: &str) -> String {
    let stem = if stem.is_empty() { "_" } else { stem };
    let mut name = format!("{stem}.{extension}");
    let mut number = 2;
    while !used.insert(name.to_lowercase()) {
        name = format!("{stem}_{number}.{extension}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::recording::Participant;

    fn names(room: &str, rule: Option<&str>) -> Vec<String> {
        let person = |user: &str, from| Participant {
            user: user.to_owned(),
            camera: true,
            present: std::iter::once(from..5_000).collect(),
        };
        let recording = Recording {
            room: room.to_owned(),
            // 2018-09-11T23:30Z, which is the next day in the platform's zone.
            began: Timestamp::from_second(1_536_708_600).unwrap(),
            length: 5_000,
            people: vec![person("u1", 0), person("u/2", 1_000)],
        };
        plan(&recording, rule, "x7Qa")
            .into_iter()
            .map(|plan| plan.name)
            .collect()
    }

    #[test]
    fn every_file_has_a_name_of_its_own() {
        assert_eq!(
            names("board-weekly", None),
            [
                "ar_board-weekly_20180912_x7Qa.mp4",
                "ar_board-weekly_20180912_x7Qa_u1.mp4",
                "ar_board-weekly_20180912_x7Qa_u_2.mp4",
                "ar_board-weekly_20180912_x7Qa_0001.jpg",
                "ar_board-weekly_20180912_x7Qa_0002.jpg",
            ]
        );
        assert_eq!(
            names("培训", Some("a_{userid}_{time}_{roomid}_{odd}_{.mp4"))[..2],
            [
                "a__1536708600_培训_{odd}_{.mp4",
                "a_u1_1536708600_培训_{odd}_{.mp4",
            ]
        );
    }

    #[test]
    fn no_name_leaves_its_folder_or_grows_too_long() {
        for name in names("../../etc/passwd", Some("{roomid}")) {
            assert!(name.starts_with("_.") && !name.contains('/'), "{name}");
        }
        for name in names(&"培".repeat(200), Some("{roomid}")) {
            assert!(name.len() <= 255, "{name}");
        }
        let all = names(&"培".repeat(200), Some("{roomid}"));
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn a_path_becomes_folders_below_and_never_above() {
        assert_eq!(folder("/a/../b//c:d\\e/."), ["a", "b", "c_d", "e"]);
        assert!(folder("../..").is_empty());
    }
}
