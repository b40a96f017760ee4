//! The alerts: raised and cleared as the facts change.

use std::time::Duration;

use reelroom_domain::{
    time::Timestamp,
    watch::{self, AlertKind},
};
use reelroom_store::alerts::{self, Alert, Watched};

use crate::{Service, ServiceError, ground::jobs::pause_until};

/// The changes of the alerts, and the time of the next one.
#[derive(Debug, Default, PartialEq, Eq)]
struct Changes {
    raise: Vec<Alert>,
    clear: Vec<Alert>,
    next: Option<Timestamp>,
}

impl Service {
    /// Updates the alerts. The next round is when the next one may be raised.
    pub(crate) async fn alerts_round(&self) -> Result<Option<Duration>, ServiceError> {
        let now = self.now();
        let (watched, gone, stored) = {
            let mut read = self.0.store.read().await?;
            (
                alerts::watched(&mut read).await?,
                alerts::of_gone_files(&mut read).await?,
                alerts::all(&mut read).await?,
            )
        };
        let found = compare(&watched, gone, &stored, now);
        if !(found.raise.is_empty() && found.clear.is_empty()) {
            let mut tx = self.0.store.write().await?;
            for alert in &found.clear {
                alerts::clear(&mut tx, alert).await?;
            }
            for alert in &found.raise {
                alerts::raise(&mut tx, alert).await?;
                tracing::info!(room = %alert.room, kind = alert.kind.as_str(), "alert raised");
            }
            tx.commit().await?;
            for alert in found.clear.iter().chain(&found.raise) {
                self.publish_room(alert.app, &alert.room);
            }
        }
        Ok(found.next.map(|at| pause_until(at, now)))
    }
}

/// Compares the alerts of the facts at `now`, and those about files that are `gone`, with the stored ones. A dismissed
/// alert is stored until the end of its recording or meeting, or while files are gone, so that it is not raised again.
fn compare(watched: &[Watched], gone: Vec<Alert>, stored: &[Alert], now: Timestamp) -> Changes {
    let mut found = Changes::default();
    let mut holds = gone;
    for room in watched {
        for (kind, since) in watch::alerts(&room.facts) {
            if since > now {
                found.next = Some(found.next.map_or(since, |at| at.min(since)));
                continue;
            }
            holds.push(Alert {
                app: room.app,
                room: room.room.clone(),
                kind,
                recording: room.recording,
                meeting: room.meeting.filter(|_| room.recording.is_none()),
                since,
                dismissed_at: None,
            });
        }
    }
    for old in stored {
        let holds = holds.iter().any(|new| is_same(new, old));
        let goes_on = old.kind != AlertKind::FilesGone
            && watched.iter().any(|room| {
                let about = old.recording.is_some() && room.recording == old.recording
                    || old.meeting.is_some() && room.meeting == old.meeting;
                about && room.app == old.app && room.room == old.room
            });
        let is_kept = holds || (old.dismissed_at.is_some() && goes_on);
        if !is_kept {
            found.clear.push(old.clone());
        }
    }
    holds.retain(|new| !stored.iter().any(|old| is_same(new, old)));
    found.raise = holds;
    found
}

/// Whether both are of the same kind, room, and recording or meeting.
fn is_same(one: &Alert, other: &Alert) -> bool {
    (one.app, &one.room, one.kind, one.recording, one.meeting)
        == (
            other.app,
            &other.room,
            other.kind,
            other.recording,
            other.meeting,
        )
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        ids::RecordingId,
        room::RoomId,
        watch::{EMPTY_FOR, Facts, LONG},
    };

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn room(recording: char, people: u32) -> Watched {
        let id: RecordingId = recording.to_string().repeat(32).parse().unwrap();
        Watched {
            app: "a".repeat(32).parse().unwrap(),
            room: RoomId::new("hall").unwrap(),
            meeting: None,
            recording: Some(id),
            facts: Facts {
                recording_since: Some(at(0)),
                is_taken: true,
                people,
                heard_at: Some(at(1)),
                empty_since: Some(at(0)),
                ..Facts::default()
            },
        }
    }

    #[test]
    fn alerts_are_raised_and_cleared_with_the_facts() {
        let early = compare(&[room('1', 0)], vec![], &[], at(EMPTY_FOR - 1));
        assert_eq!((early.raise.len(), early.next), (0, Some(at(EMPTY_FOR))));

        let found = compare(&[room('1', 0)], vec![], &[], at(EMPTY_FOR));
        assert_eq!(found.next, Some(at(LONG)));
        let [empty] = &found.raise[..] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (empty.kind, empty.since),
            (AlertKind::EmptyRoom, at(EMPTY_FOR))
        );

        let nothing_new = compare(&[room('1', 0)], vec![], &found.raise, at(EMPTY_FOR + 1));
        assert_eq!((nothing_new.raise.len(), nothing_new.clear.len()), (0, 0));
        for now in [&[room('1', 1)][..], &[], &[room('2', 1)]] {
            let gone = compare(now, vec![], &found.raise, at(EMPTY_FOR + 2));
            assert_eq!(gone.clear, found.raise);
        }
        let another = compare(&[room('2', 0)], vec![], &found.raise, at(EMPTY_FOR + 2));
        assert_eq!((another.clear.len(), another.raise.len()), (1, 1));
    }

    #[test]
    fn a_dismissal_holds_for_the_recording() {
        let mut stored = compare(&[room('1', 0)], vec![], &[], at(EMPTY_FOR)).raise;
        stored[0].dismissed_at = Some(at(EMPTY_FOR + 1));
        // A participant comes, and leaves again.
        for people in [1, 0] {
            let still = compare(&[room('1', people)], vec![], &stored, at(EMPTY_FOR + 2));
            assert_eq!((still.raise.len(), still.clear.len()), (0, 0), "{people}");
        }
        let over = compare(&[], vec![], &stored, at(EMPTY_FOR + 3));
        assert_eq!(over.clear, stored);
    }

    #[test]
    fn gone_files_are_an_alert_until_they_are_back() {
        let alert = |recording: char| Alert {
            app: "a".repeat(32).parse().unwrap(),
            room: RoomId::new("hall").unwrap(),
            kind: AlertKind::FilesGone,
            recording: Some(recording.to_string().repeat(32).parse().unwrap()),
            meeting: None,
            since: at(5),
            dismissed_at: None,
        };
        let raised = compare(&[], vec![alert('1')], &[], at(9));
        assert_eq!(raised.raise, [alert('1')]);
        let mut stored = raised.raise;
        stored[0].dismissed_at = Some(at(10));
        let still = compare(&[], vec![alert('1')], &stored, at(11));
        assert_eq!((still.raise.len(), still.clear.len()), (0, 0));
        // Also while the recording of another alert runs in the room.
        let back = compare(&[room('1', 1)], vec![], &stored, at(12));
        assert_eq!(back.clear, stored);
        let newer = compare(&[], vec![alert('2')], &stored, at(13));
        assert_eq!((newer.raise, newer.clear), (vec![alert('2')], stored));
    }
}
