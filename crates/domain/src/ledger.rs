//! The ledger of expected files: what should arrive after a stop, by when, and what has.

use serde::{Deserialize, Serialize};

use crate::{file::FileKind, room::ParticipantId, time::Timestamp};

/// How long after a stop a file may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// Later than this is late: shown, nothing more. Milliseconds.
    pub late_after: i64,
    /// Later than this is due: looked up, then reported. Milliseconds.
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

/// What one recording's files come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Composites announced; one is expected.
    pub composites: u32,
    /// Tracks announced, counted by participant.
    pub tracks: u32,
    /// Participants seen in the room while it recorded, and those whose track came though they
    /// were not. Zero where no status callback told us: then the composite alone makes a recording
    /// ready.
    pub tracks_expected: u32,
    /// Frames announced. How many there will be nobody says.
    pub frames: u32,
    /// Whether frames are expected: then one at least, since nobody says how many.
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

    /// Whether everything that is expected has been announced.
    pub const fn is_complete(&self) -> bool {
        self.composites > 0
            && self.tracks >= self.tracks_expected
            && (self.frames > 0 || !self.frames_expected)
    }

    /// All files announced.
    pub const fn arrived(&self) -> u32 {
        self.composites + self.tracks + self.frames
    }

    /// All files that are expected; of frames those that came, or one.
    pub const fn expected(&self) -> u32 {
        let composites = if self.composites > 1 {
            self.composites
        } else {
            1
        };
        let tracks = if self.tracks > self.tracks_expected {
            self.tracks
        } else {
            self.tracks_expected
        };
        let frames = if self.frames == 0 && self.frames_expected {
            1
        } else {
            self.frames
        };
        composites + tracks + frames
    }
}

/// One line of the ledger: a file that came, or that is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is.
    pub kind: FileKind,
    /// Whose track; `None` for what is none, and for a track of which nobody said whose it is.
    pub who: Option<ParticipantId>,
    /// When it was announced; `None`: it is expected.
    pub arrived_at: Option<Timestamp>,
}

/// How a line stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It came then.
    Arrived(Timestamp),
    /// It is expected, and due then where that is known.
    Expected(Option<Timestamp>),
    /// It is later than usual, and due then.
    Late(Timestamp),
    /// It has been overdue since then.
    Overdue(Timestamp),
}

impl Line {
    /// How it stands at `now`, where files are late from `late_at` on and due at `due_at`.
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

/// The ledger line by line: the composite, a track for each of `expected` and for everybody else
/// whose track came, and one for all frames where they came or are expected (`frames`). `files` in the
/// order of their announcement; a participant's second track has no line of its own.
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

/// How late the missing files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lateness {
    /// Nothing is late.
    InTime,
    /// Later than usual.
    Late,
    /// Due.
    Due,
}

impl Patience {
    /// How late files are at `now` that were expected after a stop at `stopped`.
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
    fn complete_means_the_composite_and_a_track_for_each_participant() {
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
    fn a_line_says_where_it_stands() {
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
