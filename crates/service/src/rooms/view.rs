//! The page of one room.

use reelroom_anyrtc::client::names_type;
use reelroom_domain::{
    access::{Thing, Verb},
    cause::Cause,
    ids::{AppId, RecordingId},
    meeting::participants,
    order::StartForm,
    preset::Presets,
    recording::{Origin, RecordingEvent, RecordingState},
    room::RoomId,
    time::Timestamp,
    usage::DAY,
    view::{HistoryEvent, Presence, RecordingRow, RecordingView, RoomView},
    watch::RoomWatch,
};
use reelroom_store::{alerts, always, meetings, notes, presets as stored, recordings, rooms};

use crate::{Principal, Service, ServiceError, presets::view as presets, recordings::library};

const RECENT: u32 = 10;
/// The lines of the room's history on its page.
const NOTES: u32 = 5;
/// How long a recording that became ready stays on the page of its room, in milliseconds.
const SHOWN_READY: i64 = 10 * 60_000;

impl Service {
    /// A room, also one that does not exist yet: any room may be recorded.
    pub async fn room(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<RoomView, ServiceError> {
        let app = self.room_for(by, Verb::See, app, room).await?;
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let meeting = meetings::open_of_room(&mut read, app.id, room).await?;
        let stays = match &meeting {
            Some(meeting) => meetings::stays(&mut read, meeting.id).await?,
            None => Vec::new(),
        };
        let participants = participants(&stays);
        let present = participants.iter().filter(|one| one.left_at.is_none());
        let people = u32::try_from(present.count()).unwrap_or(u32::MAX);
        let recent = recordings::of_room(&mut read, app.id, room, None, RECENT).await?;
        let recent = library::rows(&mut read, by, Verb::See, recent, now).await?;
        let (recorded_times, recorded_millis) =
            recordings::totals_of_room(&mut read, app.id, room).await?;
        let known = rooms::get(&mut read, app.id, room).await?;
        let last_used = stored::last_used(&mut read, app.id, room).await?;
        let last_used = last_used.map(StartForm::from);
        let kind = last_used.as_ref().map(|form| form.kind.clone());
        let (form, presets) = if by.role().may_record() {
            let form = presets::first_form(&mut read, app.id, room).await?;
            let presets = presets::presets_of(&mut read, app.id, room, last_used).await?;
            (form, presets)
        } else {
            (StartForm::default(), Presets::default())
        };
        let day = presets::day_of(&mut read, &app, room, now).await?;
        let time_form = presets::time_form(&mut read, app.id).await?;
        let watch = RoomWatch {
            always: always::of_room(&mut read, app.id, room).await?,
            alerts: alerts::of_room(&mut read, app.id, room).await?,
            notes: notes::of_room(&mut read, app.id, room, NOTES).await?,
        };
        let is_reported = rooms::is_reported(&mut read, app.id, room).await?;
        drop(read);
        let shown = known.as_ref().and_then(|known| known.recording);
        let newest = recent
            .iter()
            .find(|row| Some(row.id) == shown && may_be_current(row, now));
        let current = match newest {
            Some(newest) => Some(self.recording(by, newest.id).await?),
            None => None,
        };
        let began = meeting.as_ref().map(|meeting| meeting.began_at);
        let current = current.filter(|view| is_current(view, began, now));
        let refusal = current.as_ref().and_then(refusal_of);
        let refused_kind = refusal.is_some_and(names_type);
        let form = match (&refusal, &current) {
            (Some(_), Some(current)) if by.role().may_record() => {
                let mut read = self.0.store.read().await?;
                let sent = stored::sent_form(&mut read, current.row.id).await?;
                sent.map_or(form, StartForm::from)
            }
            _ => form,
        };
        Ok(RoomView {
            room: room.clone(),
            is_known: known.is_some(),
            is_reported,
            label: known.map(|known| known.label).unwrap_or_default(),
            presence: meeting.map_or(Presence::Empty, |meeting| Presence::Live {
                people,
                since: meeting.began_at,
            }),
            participants,
            stays,
            app: self.app_view(&app),
            current,
            recent,
            recorded_times,
            recorded_millis,
            kind,
            form,
            refused_kind,
            presets,
            may_assign: by.may(Verb::Change, Thing::Callbacks),
            day,
            time_form,
            watch,
            role: by.role(),
            now,
        })
    }

    /// The form that this recording of the room was started with; `None` if it has none.
    pub async fn sent_form(
        &self,
        by: &Principal,
        app: AppId,
        room: &RoomId,
        id: RecordingId,
    ) -> Result<Option<StartForm>, ServiceError> {
        by.require(Verb::Change, Thing::Room(app, room))?;
        let mut read = self.0.store.read().await?;
        let recording = recordings::get(&mut read, id).await?.filter(|recording| {
            (recording.app, &recording.room, recording.origin) == (app, room, Origin::Started)
        });
        if recording.is_none() {
            return Ok(None);
        }
        let sent = stored::sent_form(&mut read, id).await?;
        Ok(sent.map(StartForm::from))
    }
}

/// The platform's words when it refused the start of a recording.
fn refusal_of(view: &RecordingView) -> Option<&str> {
    let refused = HistoryEvent::Took(RecordingEvent::StartRefused);
    let mut lines = view.history.iter().rev();
    let last = lines.find(|line| !line.event.is_said())?;
    let last = Some(last).filter(|line| line.event == refused)?;
    match &last.cause {
        Some(Cause::Words(words)) => Some(words),
        _ => None,
    }
}

/// Whether a room's newest recording may be its current one, as far as its row tells: a ready one only
/// within a day of its stop, so that an old one costs no further statements.
fn may_be_current(row: &RecordingRow, now: Timestamp) -> bool {
    let is_fresh = |stopped| now.since(stopped) < DAY;
    row.state != RecordingState::Ready
        || row.origin == Origin::Started && row.stopped_at.is_some_and(is_fresh)
}

/// Whether a room's newest recording is its current one: until it is ready, and for [`SHOWN_READY`] from
/// then on, unless a meeting began after its stop.
fn is_current(view: &RecordingView, began: Option<Timestamp>, now: Timestamp) -> bool {
    if view.row.state != RecordingState::Ready {
        return true;
    }
    let ready = HistoryEvent::Took(RecordingEvent::LastFileArrived);
    let ready = view.history.iter().rfind(|line| line.event == ready);
    ready.is_some_and(|line| now.since(line.at) < SHOWN_READY) && began <= view.row.stopped_at
}
