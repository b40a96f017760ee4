//! Decides whether two announcements under one name are the same file, versions of it, or takes.

use crate::{file::Announcement, time::Timestamp};

/// The relation of an announcement to a known one with the same recording, kind, participant and name. The
/// closest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// The same file, announced again.
    Same,
    /// The same file with other content.
    Version,
    /// Another file, whose content is of another time.
    Take,
}

impl Identity {
    /// Compares an announcement with a known one.
    ///
    /// Content of another time is another take, unless the address is the same and no size contradicts
    /// it. Otherwise the sizes decide and, where one is unknown, the addresses.
    pub fn of(known: &Announcement, new: &Announcement) -> Self {
        let places = (!known.place().is_empty() && !new.place().is_empty())
            .then(|| known.place() == new.place());
        let sizes = known.size.zip(new.size).map(|(one, other)| one == other);
        if are_apart(known, new) {
            return match (places, sizes) {
                (Some(true), None | Some(true)) => Self::Same,
                _ => Self::Take,
            };
        }
        match (sizes, places) {
            (Some(true), _) | (None, None | Some(true)) => Self::Same,
            (Some(false), _) | (None, Some(false)) => Self::Version,
        }
    }
}

/// Whether the times of both are known and do not overlap. Those that touch do not overlap; those that
/// start together do, also where one is an instant.
fn are_apart(one: &Announcement, other: &Announcement) -> bool {
    let (Some(one), Some(other)) = (span(one), span(other)) else {
        return false;
    };
    one.0 != other.0 && (one.1 <= other.0 || other.1 <= one.0)
}

/// The start and the end of the content, if known. Without an end and a length it is an instant.
fn span(file: &Announcement) -> Option<(Timestamp, Timestamp)> {
    let start = file.started_at?;
    let end = file.end().unwrap_or(start);
    Some((start, end.max(start)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        file::{FileKind, Media},
        table::rows,
    };

    fn announced(place: &str, size: Option<u64>, times: Option<(i64, i64)>) -> Announcement {
        let at = |(from, to): (i64, i64)| [from, to].map(Timestamp::from_millis);
        Announcement {
            kind: FileKind::Composite,
            media: Media::Video,
            participant: None,
            name: "weekly.mp4".to_owned(),
            size,
            length_ms: None,
            started_at: times.map(|times| at(times)[0]),
            ended_at: times.map(|times| at(times)[1]),
            url: place.to_owned(),
        }
    }

    /// Place, size and times of the new announcement, and what it is.
    const TABLE: &str = "
        same   same    overlap  same
        same   same    touching same
        same   same    disjoint same
        same   same    unknown  same
        same   other   overlap  version
        same   other   touching take
        same   other   disjoint take
        same   other   unknown  version
        same   unknown overlap  same
        same   unknown touching same
        same   unknown disjoint same
        same   unknown unknown  same
        other  same    overlap  same
        other  same    touching take
        other  same    disjoint take
        other  same    unknown  same
        other  other   overlap  version
        other  other   touching take
        other  other   disjoint take
        other  other   unknown  version
        other  unknown overlap  version
        other  unknown touching take
        other  unknown disjoint take
        other  unknown unknown  version
        absent same    overlap  same
        absent same    touching take
        absent same    disjoint take
        absent same    unknown  same
        absent other   overlap  version
        absent other   touching take
        absent other   disjoint take
        absent other   unknown  version
        absent unknown overlap  same
        absent unknown touching take
        absent unknown disjoint take
        absent unknown unknown  same
    ";

    #[test]
    fn the_table_of_identities() {
        let known = announced("http://f.example/1?sign=1", Some(10), Some((100, 200)));
        let rows = rows(TABLE);
        assert_eq!(rows.len(), 3 * 3 * 4);
        for row in rows {
            let place = match row[0] {
                "same" => "http://f.example/1?sign=2#x",
                "other" => "http://f.example/2?sign=1",
                _ => "",
            };
            let size = match row[1] {
                "same" => Some(10),
                "other" => Some(11),
                _ => None,
            };
            let times = match row[2] {
                "overlap" => Some((199, 300)),
                "touching" => Some((200, 300)),
                "disjoint" => Some((201, 300)),
                _ => None,
            };
            let expected = match row[3] {
                "same" => Identity::Same,
                "version" => Identity::Version,
                _ => Identity::Take,
            };
            let new = announced(place, size, times);
            assert_eq!(Identity::of(&known, &new), expected, "{row:?}");
            assert_eq!(Identity::of(&new, &known), expected, "{row:?}, reversed");
        }
    }

    #[test]
    fn times_are_read_from_what_was_said() {
        let file = |start: i64, end: Option<i64>, length: Option<i64>| Announcement {
            ended_at: end.map(Timestamp::from_millis),
            length_ms: length,
            ..announced("", None, Some((start, start)))
        };
        for (one, other, apart) in [
            // The end follows from the length, if that is positive.
            (file(0, None, Some(100)), file(50, None, None), false),
            (file(0, None, Some(100)), file(100, None, None), true),
            (file(0, None, Some(-100)), file(-50, None, None), true),
            // An end before the start is none.
            (file(0, Some(-100), None), file(-50, None, None), true),
            // Instants.
            (file(7, None, None), file(7, None, None), false),
            (file(7, None, None), file(8, None, None), true),
            (file(7, Some(9), None), file(7, None, None), false),
        ] {
            assert_eq!(are_apart(&one, &other), apart, "{one:?} {other:?}");
            assert_eq!(are_apart(&other, &one), apart, "{other:?} {one:?}");
        }
    }
}
