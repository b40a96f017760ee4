//! Guesses the kind and the participant of a file of the platform's list, which has only its name and
//! time. A later callback corrects a wrong guess.

use crate::{
    file::FileKind,
    naming::NamingRule,
    room::{ParticipantId, RoomId},
};

/// A guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Its kind.
    pub kind: FileKind,
    /// The participant of a track.
    pub participant: Option<ParticipantId>,
    /// Whether the name follows the rule.
    pub reads: bool,
}

/// Guesses from the name, the rule of the recording that it may belong to, and the people in the room.
///
/// A picture is a frame. A name that follows the rule is read by it. A name that ends in a participant's
/// id is their track. Any other file is a composite.
pub fn guess(
    name: &str,
    is_picture: bool,
    room: &RoomId,
    rule: Option<&NamingRule>,
    people: &[ParticipantId],
) -> Guess {
    let read = |name, kind| rule.and_then(|rule| rule.read_back(name, kind, Some(room)));
    let guess = |kind, participant, reads| Guess {
        kind,
        participant,
        reads,
    };
    if is_picture {
        let reads = read(name, FileKind::Frame).is_some();
        return guess(FileKind::Frame, None, reads);
    }
    if read(name, FileKind::Composite).is_some() {
        return guess(FileKind::Composite, None, true);
    }
    if let Some(user) = read(name, FileKind::Track).and_then(|read| read.user)
        && let Ok(user) = ParticipantId::new(user)
    {
        return guess(FileKind::Track, Some(user), true);
    }
    // Where the rule has no `{userid}`, the participant is appended to the name.
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let longest = people
        .iter()
        .filter_map(|person| Some((person, stem.strip_suffix(person.as_str())?)))
        .filter(|(_, before)| before.ends_with(['_', '-', '.']))
        .max_by_key(|(person, _)| person.as_str().len());
    let Some((person, before)) = longest else {
        return guess(FileKind::Composite, None, false);
    };
    let bare = format!("{}.{extension}", &before[..before.len() - 1]);
    let reads = read(&bare, FileKind::Composite).is_some();
    guess(FileKind::Track, Some(person.clone()), reads)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(name: &str, rule: Option<&str>) -> (FileKind, Option<String>, bool) {
        let rule = rule.map(|rule| NamingRule::parse(rule).unwrap());
        let people = ["u1", "au1", "mia"].map(|name| ParticipantId::new(name).unwrap());
        let picture = name.contains(".jpg");
        let room = RoomId::new("board-7").unwrap();
        let guess = guess(name, picture, &room, rule.as_ref(), &people);
        let participant = guess.participant.map(|person| person.to_string());
        (guess.kind, participant, guess.reads)
    }

    #[test]
    fn a_name_is_read_by_the_rule_then_by_participants() {
        use FileKind::{Composite, Frame, Track};
        let plain = Some("ar_{roomid}_{date}_{random}");
        let users = Some("ar_{roomid}_{random}_{userid}");
        let some = |name: &str| Some(name.to_owned());
        for (name, rule, expected) in [
            (
                "ar_board-7_20180912_x7Qa.mp4",
                plain,
                (Composite, None, true),
            ),
            (
                "ar_board-7_20180912_x7Qa_au1.mp4",
                plain,
                (Track, some("au1"), true),
            ),
            (
                "ar_board-7_20180912_x7Qa_0001.jpg",
                plain,
                (Frame, None, true),
            ),
            (
                "ar_board-8_20180912_x7Qa.mp4",
                plain,
                (Composite, None, false),
            ),
            ("ar_board-7_x7Qa_.mp4", users, (Composite, None, true)),
            // A participant without status callbacks.
            ("ar_board-7_x7Qa_zoe.mp4", users, (Track, some("zoe"), true)),
            ("Zq81xkPm_mia.mp4", plain, (Track, some("mia"), false)),
            ("Zq81xkPmmia.mp4", None, (Composite, None, false)),
            ("Zq81xkPm.mp4", None, (Composite, None, false)),
            ("Zq81xkPm.jpg", None, (Frame, None, false)),
        ] {
            assert_eq!(guessed(name, rule), expected, "{name}");
        }
    }
}
