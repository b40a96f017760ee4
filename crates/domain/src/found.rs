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
    use crate::table::rows;

    /// A name, its rule, and the guess: the kind, the participant, and whether the name follows the rule.
    const TABLE: &str = "
        ar_board-7_20180912_x7Qa.mp4      plain composite -   true
        ar_board-7_20180912_x7Qa_au1.mp4  plain track     au1 true
        ar_board-7_20180912_x7Qa_0001.jpg plain frame     -   true
        ar_board-8_20180912_x7Qa.mp4      plain composite -   false
        ar_board-7_x7Qa_.mp4              users composite -   true
        ar_board-7_x7Qa_zoe.mp4           users track     zoe true
        Zq81xkPm_mia.mp4                  plain track     mia false
        Zq81xkPmmia.mp4                   none  composite -   false
        Zq81xkPm.mp4                      none  composite -   false
        Zq81xkPm.jpg                      none  frame     -   false
    ";

    /// Nothing tells of the participant zoe: there are no status callbacks.
    #[test]
    fn a_name_is_read_by_the_rule_then_by_participants() {
        let people = ["u1", "au1", "mia"].map(|name| ParticipantId::new(name).unwrap());
        let room = RoomId::new("board-7").unwrap();
        for row in rows(TABLE) {
            let rule = match row[1] {
                "plain" => Some("ar_{roomid}_{date}_{random}"),
                "users" => Some("ar_{roomid}_{random}_{userid}"),
                _ => None,
            };
            let rule = rule.map(|rule| NamingRule::parse(rule).unwrap());
            let is_picture = row[0].contains(".jpg");
            let expected = Guess {
                kind: FileKind::parse(row[2]).unwrap(),
                participant: ParticipantId::new(row[3]).ok().filter(|_| row[3] != "-"),
                reads: row[4] == "true",
            };
            let guess = guess(row[0], is_picture, &room, rule.as_ref(), &people);
            assert_eq!(guess, expected, "{row:?}");
        }
    }
}
