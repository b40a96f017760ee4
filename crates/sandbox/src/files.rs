//! The files of a recording: which there are, and how they are called.

use std::{collections::HashSet, ops::Range};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use url::Url;

use crate::take::Take;

/// What a start asks for, beside the room (`VENDOR.md` §1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// A folder for the files.
    pub path: Option<String>,
    /// Given back with each file.
    pub user_data: Option<String>,
    /// How the files are called.
    pub rule: Option<String>,
}

/// The vendor's own rule, for a start that gives none.
const DEFAULT_RULE: &str = "ar_{roomid}_{date}_{random}";
/// Bytes of a name before its extension; file systems take 255 with it.
const LONGEST_STEM: usize = 230;
/// A frame for each begun half minute, but at least and at most so many.
const FRAME_EVERY: u64 = 30_000;
const FRAMES: Range<u64> = 2..6;

/// One file that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// What it shows.
    pub shows: Shows,
    /// Its name, free of what a file system does not take.
    pub name: String,
    /// Its part of the recording, in milliseconds.
    pub span: Range<u64>,
}

/// What a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shows {
    /// The meeting.
    Composite,
    /// The participant of that index.
    Track(usize),
    /// One picture, at that time.
    Frame(u64),
}

/// A file that was made.
#[derive(Debug)]
pub(crate) struct Made {
    /// What it is.
    pub plan: Plan,
    /// Bytes.
    pub size: u64,
    /// Where it is found.
    pub url: Url,
}

impl Made {
    /// When its content starts and ends.
    pub(crate) fn times(&self, take: &Take) -> (Timestamp, Timestamp) {
        let at = |millis: u64| {
            let since = SignedDuration::from_millis(i64::try_from(millis).unwrap_or(0));
            take.began.checked_add(since).unwrap_or(take.began)
        };
        (at(self.plan.span.start), at(self.plan.span.end))
    }
}

/// How the names of a recording's files come about.
#[derive(Debug)]
pub(crate) enum Naming<'a> {
    /// By a rule (`None`: the vendor's own), with that `{random}`.
    Rule {
        /// The rule.
        rule: Option<&'a str>,
        /// What `{random}` becomes, the same in each name.
        random: &'a str,
        /// The zone of `{date}`.
        zone: &'a TimeZone,
    },
    /// Random letters, as in an automatic recording.
    Letters(&'a str),
}

/// All files of a recording: the composite, a track for each participant, frames.
pub(crate) fn plan(take: &Take, naming: &Naming<'_>) -> Vec<Plan> {
    let mut used = HashSet::new();
    let mut plans = Vec::new();
    let mut add = |shows, span, stem: String, extension: &str| {
        let name = distinct(&mut used, &stem, extension);
        plans.push(Plan { shows, name, span });
    };
    add(
        Shows::Composite,
        0..take.length,
        naming.stem(take, None),
        ".mp4",
    );
    for (index, person) in take.people.iter().enumerate() {
        let stem = naming.stem(take, Some(&person.user));
        add(Shows::Track(index), person.span(), stem, ".mp4");
    }
    let frames = (take.length / FRAME_EVERY).clamp(FRAMES.start, FRAMES.end);
    for number in 0..frames {
        let at = take.length * (2 * number + 1) / (2 * frames);
        let stem = format!("{}_{:04}", naming.stem(take, None), number + 1);
        add(Shows::Frame(at), at..at, stem, ".jpg");
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

impl Naming<'_> {
    /// The name without its extension, of a participant's track or of the meeting.
    fn stem(&self, take: &Take, user: Option<&str>) -> String {
        match self {
            Self::Letters(letters) => match user {
                Some(user) => clean(&format!("{letters}_{user}")),
                None => (*letters).to_owned(),
            },
            Self::Rule { rule, random, zone } => {
                let rule = rule.filter(|rule| !rule.trim().is_empty());
                let rule = rule.unwrap_or(DEFAULT_RULE);
                let rule = rule.strip_suffix(".mp4").unwrap_or(rule);
                let began = take.began.to_zoned((*zone).clone());
                let mut name = expand(rule, |token| {
                    Some(match token {
                        "random" => (*random).to_owned(),
                        "date" => began.strftime("%Y%m%d").to_string(),
                        "time" => take.began.as_second().to_string(),
                        "roomid" => take.room.clone(),
                        "userid" => user.unwrap_or_default().to_owned(),
                        _ => return None,
                    })
                });
                // A rule that does not tell participants apart: their files must differ.
                if let Some(user) = user.filter(|_| !rule.contains("{userid}")) {
                    name.push('_');
                    name.push_str(user);
                }
                clean(&name)
            }
        }
    }
}

/// Replaces each `{token}` that is known; all else stays as it is.
fn expand(rule: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut name = String::new();
    let mut rest = rule;
    while let Some((before, after)) = rest.split_once('{') {
        name.push_str(before);
        let known = after
            .split_once('}')
            .and_then(|(token, behind)| Some((value(token)?, behind)));
        rest = if let Some((value, behind)) = known {
            name.push_str(&value);
            behind
        } else {
            name.push('{');
            after
        };
    }
    name + rest
}

/// What every file system takes: no separators, no control characters, no leading dot, not
/// too long.
fn clean(name: &str) -> String {
    let allowed = |c: char| {
        if c.is_control() || "/\\:*?\"<>|".contains(c) {
            '_'
        } else {
            c
        }
    };
    let mut clean: String = name.chars().map(allowed).collect();
    if clean.starts_with('.') {
        clean.replace_range(..1, "_");
    }
    cut(&mut clean, LONGEST_STEM);
    clean
}

fn cut(text: &mut String, longest: usize) {
    let end = (0..=longest.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    text.truncate(end.unwrap_or(0));
}

/// A name that none of the recording's files has yet; file systems may not tell cases apart.
fn distinct(used: &mut HashSet<String>, stem: &str, extension: &str) -> String {
    let stem = if stem.is_empty() { "_" } else { stem };
    let mut name = format!("{stem}{extension}");
    let mut number = 2;
    while !used.insert(name.to_lowercase()) {
        name = format!("{stem}_{number}{extension}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::take::Attendance;

    fn names(room: &str, rule: Option<&str>) -> Vec<String> {
        let person = |user: &str, from| Attendance {
            user: user.to_owned(),
            camera: true,
            present: std::iter::once(from..5_000).collect(),
        };
        let take = Take {
            room: room.to_owned(),
            // 2018-09-11T23:30Z: the platform's day is the next.
            began: Timestamp::from_second(1_536_708_600).unwrap(),
            length: 5_000,
            people: vec![person("u1", 0), person("u/2", 1_000)],
        };
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let naming = Naming::Rule {
            rule,
            random: "x7Qa",
            zone: &zone,
        };
        plan(&take, &naming)
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
