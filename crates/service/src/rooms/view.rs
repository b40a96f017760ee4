//! The page of one room.

use reelroom_domain::{
    ids::AppId,
    order::StartForm,
    preset::Presets,
    recording::RecordingState,
    room::RoomId,
    user::Role,
    view::{Presence, RecordingRow, RoomView},
};
use reelroom_store::{
    meetings,
    recordings::{self, Filter},
    rooms,
};

use crate::{
    Service, ServiceError,
    presets::view as presets,
    recordings::{library, patience::patience},
    watch,
};

const RECENT: u32 = 10;

impl Service {
    /// A room for an account of this role, also one that does not exist yet: any room may be recorded.
    pub async fn room(
        &self,
        role: Role,
        app: Option<AppId>,
        room: &RoomId,
    ) -> Result<RoomView, ServiceError> {
        let app = self.app_of(app).await?;
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let meeting = meetings::open_of_room(&mut read, app.id, room).await?;
        let participants = match &meeting {
            Some(meeting) => meetings::participants(&mut read, meeting.id).await?,
            None => Vec::new(),
        };
        let present = participants.iter().filter(|one| one.left_at.is_none());
        let people = u32::try_from(present.count()).unwrap_or(u32::MAX);
        let filter = Filter {
            room: Some(room),
            search: None,
        };
        let recent = recordings::page(&mut read, app.id, filter, None, RECENT).await?;
        let patience = patience(&mut read).await?;
        let recent: Vec<RecordingRow> = recent
            .into_iter()
            .map(|summary| library::row(summary, patience, now))
            .collect();
        let (recorded_times, recorded_millis) =
            recordings::totals_of_room(&mut read, app.id, room).await?;
        let label = rooms::label(&mut read, app.id, room).await?;
        let form = presets::first_form(&mut read, app.id, room).await?;
        let (form, presets) = if role.may_record() {
            let presets = presets::presets_of(&mut read, app.id, room).await?;
            (form, presets)
        } else {
            let only_kind = StartForm {
                kind: form.kind,
                ..StartForm::default()
            };
            (only_kind, Presets::default())
        };
        let day = presets::day_of(&mut read, &app, room, now).await?;
        let watch = watch::view::of_room(&mut read, app.id, room).await?;
        drop(read);
        let current = match recent.first() {
            Some(newest) if newest.state != RecordingState::Ready => {
                Some(self.recording(newest.id).await?).filter(|view| !view.row.given_up)
            }
            _ => None,
        };
        Ok(RoomView {
            room: room.clone(),
            label,
            presence: meeting.map_or(Presence::Empty, |meeting| Presence::Live {
                people,
                since: meeting.began_at,
            }),
            participants,
            app: self.app_view(&app),
            current,
            recent,
            recorded_times,
            recorded_millis,
            form,
            presets,
            day,
            watch,
            role,
            now,
        })
    }
}
