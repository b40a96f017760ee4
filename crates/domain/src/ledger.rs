//! The ledger of a recording: its expected files, their deadlines, and those that have arrived.

use serde::{Deserialize, Serialize};

use crate::{file::FileKind, room::ParticipantId, time::Timestamp};

/// The deadlines of files after a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// Milliseconds until missing files are shown as late.
    pub late_after: i64,
    /// Milliseconds until missing files are due: looked up, then reported.
    pub due_after: i64,
}

impl Default for Patience {
    /// Late after 20 minutes, due after 60 (5 to 10 are normal: `VENDOR.md` §3).
    fn default() -> Self {
        Self {
            late_after: 20 * 60_000,
            due_after: 60 * 60_000,
        }
    }
}

/// The numbers of a recording's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Composites announced; one is expected.
    pub composites: u32,
    /// Tracks announced, counted by participant.
    pub tracks: u32,
    /// Participants seen in the room while it recorded. Zero without status callbacks: then the
    /// composite alone makes a recording ready.
    pub tracks_expected: u32,
    /// Frames announced.
    pub frames: u32,
    /// Whether frames are expected: at least one, since their number is unknown.
    pub frames_expected: bool,
}

impl Ledger {
    /// Counts one more file.
    pub const fn add(&mut self, kind: FileKind) {
        match kind {
            FileKind::Composite => self.composites += 1,
            FileKind::Track => self.tracks += 1,
            FileKind::Frame => self.frames += 1,
        }
    }

    /// Whether all expected files have been announced.
    pub const fn is_complete(&self) -> bool {
        self.composites > 0
            && self.tracks >= self.tracks_expected
            && (self.frames > 0 || !self.frames_expected)
    }

    /// The number of announced files.
    pub const fn arrived(&self) -> u32 {
        self.composites + self.tracks + self.frames
    }

    /// The number of expected files; of frames, the announced ones or one.
    pub fn expected(&self) -> u32 {
        let tracks = self.tracks.max(self.tracks_expected);
        let frames = self.frames.max(self.frames_expected.into());
        self.composites.max(1) + tracks + frames
    }
}

/// One line of the ledger: an announced or an expected file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its kind.
    pub kind: FileKind,
    /// The participant of a track, if known.
    pub who: Option<ParticipantId>,
    /// When it was announced; `None` while it is expected.
    pub arrived_at: Option<Timestamp>,
}

/// The state of a line at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Announced at that time.
    Arrived(Timestamp),
    /// Expected, and due at that time if known.
    Expected(Option<Timestamp>),
    /// Late, and due at that time.
    Late(Timestamp),
    /// Overdue since that time.
    Overdue(Timestamp),
}

impl Line {
    /// Its state at `now`, if files are late from `late_at` on and due at `due_at`.
    pub fn standing(
        &self,
        late_at: Option<Timestamp>,
        due_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Standing {
        match (self.arrived_at, due_at) {
            (Some(at), _) => Standing::Arrived(at),
            (None, Some(due)) if now >= due => Standing::Overdue(due),
            (None, Some(due)) if late_at.is_some_and(|late| now >= late) => Standing::Late(due),
            (None, due) => Standing::Expected(due),
        }
    }
}

/// The lines of the ledger: the composite, a track for each `expected` participant and each other one
/// with a track, and one line for all frames if any were announced or are expected (`frames`). `files`
/// are in the order of their announcement; a participant's second track has no line.
pub fn lines<'a>(
    files: impl IntoIterator<Item = (FileKind, Option<&'a ParticipantId>, Timestamp)>,
    expected: &[ParticipantId],
    frames: bool,
) -> Vec<Line> {
    let line = |kind, who: Option<&ParticipantId>, arrived_at| Line {
        kind,
        who: who.cloned(),
        arrived_at,
    };
    let mut lines = vec![line(FileKind::Composite, None, None)];
    lines.extend(
        expected
            .iter()
            .map(|who| line(FileKind::Track, Some(who), None)),
    );
    let mut frame = frames.then(|| line(FileKind::Frame, None, None));
    for (kind, who, at) in files {
        if kind == FileKind::Frame {
            let first = frame.get_or_insert_with(|| line(kind, None, None));
            first.arrived_at.get_or_insert(at);
            continue;
        }
        let who = who.filter(|_| kind == FileKind::Track);
        match lines
            .iter_mut()
            .find(|line| line.kind == kind && line.who.as_ref() == who)
        {
            Some(line) => {
                line.arrived_at.get_or_insert(at);
            }
            None => lines.push(line(kind, who, Some(at))),
        }
    }
    lines.extend(frame);
    lines
}

/// The lateness of missing files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateness {
    /// Nothing is late.
    InTime,
    /// Later than usual.
    Late,
    /// Due.
    Due,
}

impl Patience {
    /// The lateness at `now` of files after a stop at `stopped`.
    pub fn lateness(self, stopped: Timestamp, now: Timestamp) -> Lateness {
        let waited = now.since(stopped);
        if waited >= self.due_after {
            Lateness::Due
        } else if waited >= self.late_after {
            Lateness::Late
        } else {
            Lateness::InTime
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_complete_with_the_composite_and_all_tracks() {
        let mut ledger = Ledger {
            tracks_expected: 2,
            ..Ledger::default()
        };
        for kind in [FileKind::Track, FileKind::Composite, FileKind::Frame] {
            ledger.add(kind);
            assert!(!ledger.is_complete(), "{ledger:?}");
        }
        ledger.add(FileKind::Track);
        assert!(ledger.is_complete());
        assert_eq!((ledger.arrived(), ledger.expected()), (4, 4));
    }

    #[test]
    fn of_expected_frames_one_is_enough() {
        let mut ledger = Ledger {
            composites: 1,
            frames_expected: true,
            ..Ledger::default()
        };
        assert!(!ledger.is_complete());
        assert_eq!((ledger.arrived(), ledger.expected()), (1, 2));
        ledger.add(FileKind::Frame);
        assert!(ledger.is_complete());
        ledger.add(FileKind::Frame);
        assert_eq!((ledger.arrived(), ledger.expected()), (3, 3));
    }

    #[test]
    fn each_file_has_its_line() {
        let person = |name: &str| ParticipantId::new(name).unwrap();
        let (ada, bob, guest) = (person("ada"), person("bob"), person("guest"));
        let at = Timestamp::from_millis;
        let files = [
            (FileKind::Track, Some(&bob), at(5)),
            (FileKind::Frame, None, at(6)),
            (FileKind::Track, Some(&bob), at(7)),
            (FileKind::Track, Some(&guest), at(8)),
            (FileKind::Track, None, at(9)),
        ];
        let line = |kind, who: Option<&ParticipantId>, arrived_at: Option<i64>| Line {
            kind,
            who: who.cloned(),
            arrived_at: arrived_at.map(at),
        };
        let expected = [
            line(FileKind::Composite, None, None),
            line(FileKind::Track, Some(&ada), None),
            line(FileKind::Track, Some(&bob), Some(5)),
            line(FileKind::Track, Some(&guest), Some(8)),
            line(FileKind::Track, None, Some(9)),
            line(FileKind::Frame, None, Some(6)),
        ];
        for frames in [false, true] {
            let lines = lines(files, &[ada.clone(), bob.clone()], frames);
            assert_eq!(lines, expected, "{frames}");
        }
        let both = [FileKind::Composite, FileKind::Frame].map(|kind| line(kind, None, None));
        assert_eq!(lines([], &[], false), both[..1]);
        assert_eq!(lines([], &[], true), both);
    }

    #[test]
    fn a_line_has_a_status() {
        let at = Timestamp::from_millis;
        let mut line = Line {
            kind: FileKind::Composite,
            who: None,
            arrived_at: None,
        };
        let standing = |line: &Line, now| line.standing(Some(at(20)), Some(at(60)), at(now));
        assert_eq!(standing(&line, 19), Standing::Expected(Some(at(60))));
        assert_eq!(standing(&line, 20), Standing::Late(at(60)));
        assert_eq!(standing(&line, 60), Standing::Overdue(at(60)));
        assert_eq!(line.standing(None, None, at(99)), Standing::Expected(None));
        line.arrived_at = Some(at(70));
        assert_eq!(standing(&line, 99), Standing::Arrived(at(70)));
    }

    #[test]
    fn lateness_begins_to_the_millisecond() {
        let stopped = Timestamp::from_millis(1000);
        let at = |minutes: i64, more: i64| {
            Patience::default().lateness(stopped, stopped.plus_millis(minutes * 60_000 + more))
        };
        assert_eq!((at(20, -1), at(20, 0)), (Lateness::InTime, Lateness::Late));
        assert_eq!((at(60, -1), at(60, 0)), (Lateness::Late, Lateness::Due));
    }
}
