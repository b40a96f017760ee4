//! The stays of participants during a recording: one lane per participant, which becomes one track.

use reelroom_domain::{room::ParticipantId, time::Timestamp, view::ParticipantView};

/// One participant's lane.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The participant.
    pub id: ParticipantId,
    /// The stays within the recording.
    pub stays: Vec<Stay>,
    /// The total length in milliseconds.
    pub millis: i64,
}

/// One stay, relative to the lane's width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// The start in percent.
    pub from: f64,
    /// The width in percent.
    pub width: f64,
    /// Whether it continues.
    pub open: bool,
}

/// The lanes from `start` to `end`, in the order of `people`, without those who were absent.
pub fn lanes_of(people: &[ParticipantView], start: Timestamp, end: Timestamp) -> Vec<Lane> {
    let whole = end.since(start).max(1);
    let mut lanes: Vec<Lane> = Vec::new();
    for person in people {
        let from = person.joined_at.max(start);
        let until = person.left_at.unwrap_or(end).min(end);
        let millis = until.since(from);
        if millis < 0 {
            continue;
        }
        let stay = Stay {
            from: percent(from.since(start), whole),
            width: percent(millis, whole),
            open: person.left_at.is_none(),
        };
        if let Some(lane) = lanes.iter_mut().find(|lane| lane.id == person.id) {
            lane.stays.push(stay);
            lane.millis += millis;
        } else {
            lanes.push(Lane {
                id: person.id.clone(),
                stays: vec![stay],
                millis,
            });
        }
    }
    lanes
}

/// Rounded to tenths, so that server and browser write the same digits.
fn percent(part: i64, whole: i64) -> f64 {
    let tenths = part.saturating_mul(1000) / whole;
    f64::from(i32::try_from(tenths.clamp(0, 1000)).unwrap_or_default()) / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn person(id: &str, joined: i64, left: Option<i64>) -> ParticipantView {
        ParticipantView {
            id: ParticipantId::new(id).unwrap(),
            joined_at: at(joined),
            left_at: left.map(at),
            shares_screen: false,
        }
    }

    #[test]
    fn a_stay_is_cut_to_the_recording_and_who_returns_has_one_lane() {
        let people = [
            person("early", 0, None),
            person("gone before", 0, Some(50)),
            person("twice", 120, Some(140)),
            person("twice", 180, None),
        ];
        let lanes = lanes_of(&people, at(100), at(200));
        let stay = |from, width, open| Stay { from, width, open };
        assert_eq!(lanes.len(), 2);
        assert_eq!(lanes[0].stays, [stay(0.0, 100.0, true)]);
        assert_eq!(
            lanes[1].stays,
            [stay(20.0, 20.0, false), stay(80.0, 20.0, true)]
        );
        assert_eq!((lanes[0].millis, lanes[1].millis), (100_000, 40_000));
    }
}
