//! Something happened in a room: meetings begin and end, people come and go.

use std::collections::HashSet;

use reelroom_anyrtc::status::{self as wire, What};
use reelroom_domain::{
    callback::Verdict,
    room::{ParticipantId, RoomId},
    time::Timestamp,
    view::Change,
};
use reelroom_store::{
    Conn, alerts, always,
    apps::App,
    inbox::Subject,
    meetings::{self, Heard},
    recordings, rooms,
};

use crate::{
    Service, ServiceError,
    callbacks::understand::{Outcome, Reading},
};

impl Service {
    pub(crate) async fn understand_status(
        &self,
        tx: &mut Conn,
        app: &App,
        call: &Reading,
    ) -> Result<Outcome, ServiceError> {
        let read = match wire::read_raw(&crate::inbox::raw(&call.call), &crate::apps::zone(app)) {
            Ok(read) => read,
            Err(why) => return Ok(Outcome::unread(&call.call, why.to_string())),
        };
        let mut rooms = HashSet::new();
        let mut changes: Vec<Change> = Vec::new();
        for event in &read.events {
            let Ok(room) = RoomId::new(event.room.clone()) else {
                continue;
            };
            let at = event
                .at_ms
                .map_or(call.received_at(), Timestamp::from_millis);
            let is_first = rooms.insert(room.clone());
            if is_first {
                rooms::ensure(tx, app.id, &room, call.received_at()).await?;
                alerts::heard(tx, app.id, &room, call.received_at()).await?;
                changes.push(Change::Room { room: room.clone() });
            }
            let heard = self.note_event(tx, app, &room, event, at).await?;
            // Somebody more in the meeting that is on changes nothing of this, once it was seen to.
            if heard == Heard::OfMeetings || is_first {
                recordings::follow_meeting(tx, app.id, &room).await?;
            }
        }
        let mut expected = Vec::new();
        for change in &changes {
            if let Change::Room { room } = change {
                expected.extend(self.expect_again(tx, app.id, room).await?);
            }
        }
        changes.extend(expected);
        if changes.is_empty() {
            return Ok(Outcome::unrecognised("no event that is known".to_owned()));
        }
        let subject = Subject {
            room: read
                .events
                .iter()
                .find_map(|event| RoomId::new(event.room.clone()).ok()),
            ..Subject::default()
        };
        let skipped = read.skipped.len();
        Ok(Outcome {
            verdict: Verdict::Accepted,
            reason: (skipped > 0).then(|| format!("{skipped} events not understood")),
            recording: None,
            file: None,
            changes,
            subject,
        })
    }

    async fn note_event(
        &self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        event: &wire::StatusEvent,
        at: Timestamp,
    ) -> Result<Heard, ServiceError> {
        let new = self.0.chance.id(at);
        let person = event
            .user
            .as_ref()
            .and_then(|id| ParticipantId::new(id.clone()).ok());
        let heard = match (event.what, person) {
            // It may be late, or told again: only its own time makes it the Begin of another meeting.
            (What::MeetingBegan, _) if event.at_ms.is_none() => {
                meetings::on(tx, app.id, room, at, new).await?
            }
            (What::MeetingBegan, _) => meetings::begin(tx, app.id, room, at, new).await?,
            (What::MeetingEnded, _) => meetings::end(tx, app.id, room, at, new).await?,
            (What::Online, Some(person)) => {
                meetings::join(tx, app.id, room, &person, at, new).await?
            }
            (What::Offline, Some(person)) => meetings::leave(tx, app.id, room, &person, at).await?,
            (What::ScreenOn, Some(person)) => {
                meetings::screen(tx, app.id, room, &person, at, true).await?
            }
            (What::ScreenOff, Some(person)) => {
                meetings::screen(tx, app.id, room, &person, at, false).await?
            }
            // Shared documents are not shown; an event about nobody says nothing.
            _ => Heard::Before,
        };
        // It may have told of a meeting that nobody knew of: an End, too, where somebody came after
        // it, whose Begin is late or lost.
        if heard == Heard::OfMeetings {
            always::want_start(tx, new).await?;
        }
        Ok(heard)
    }
}
