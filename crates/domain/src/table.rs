//! Tables of tests, as a person would write them.

use crate::{
    meeting::{RoomEvent, What},
    room::ParticipantId,
    time::Timestamp,
};

/// The words of each row that is not empty.
pub(crate) fn rows(table: &str) -> Vec<Vec<&str>> {
    lines(table)
        .map(|row| row.split_whitespace().collect())
        .collect()
}

/// The lines that are not empty, without white space around them.
pub(crate) fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The second `second` of an evening.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_572_000_000 + second * 1000)
}

/// An event in a room; without a name it is of the meeting.
pub(crate) fn event((what, who, second): (What, &str, i64)) -> RoomEvent {
    RoomEvent {
        at: at(second),
        what,
        who: (!who.is_empty()).then(|| ParticipantId::new(who).unwrap()),
    }
}

/// The events of a text: `0 begin, 1 online ada`.
pub(crate) fn events(text: &str) -> Vec<RoomEvent> {
    let each = text.split(',').filter(|event| !event.trim().is_empty());
    let event = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let what = What::parse(words[1]).unwrap();
        let who = words.get(2).copied().unwrap_or_default();
        event((what, who, words[0].parse().unwrap()))
    };
    each.map(event).collect()
}
