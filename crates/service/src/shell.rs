//! What every page shows around its content.

use reelroom_domain::{
    ids::AppId,
    recording::RecordingState,
    view::{RunningRecording, Shell},
};
use reelroom_store::{
    callbacks,
    recordings::{self, Filter},
    rooms,
};

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Who is signed in, the app that was named or the default one, the counts, and what is being recorded now.
    pub async fn shell(
        &self,
        principal: &Principal,
        app: Option<AppId>,
    ) -> Result<Shell, ServiceError> {
        let shown = self.apps_shown().await?;
        // Around a page of an app that is not there, the side bar is the default one's.
        let named = shown.iter().find(|shown| Some(shown.id) == app);
        let Some(app) = named.or(shown.first()) else {
            return Err(ServiceError::NoApp);
        };
        let mut read = self.0.store.read().await?;
        let running = recordings::in_state(&mut read, &[RecordingState::Recording]).await?;
        let mut recording_now: Vec<RunningRecording> = running
            .into_iter()
            .filter(|recording| recording.app == app.id)
            .map(|recording| RunningRecording {
                id: recording.id,
                started_at: recording.started_at.unwrap_or(recording.requested_at),
                room: recording.room,
            })
            .collect();
        recording_now.sort_by_key(|recording| recording.started_at);
        Ok(Shell {
            me: principal.me(),
            rooms: rooms::count(&mut read, app.id).await?,
            recordings: recordings::count(&mut read, app.id, Filter::default()).await?,
            recording_now,
            last_callback_at: callbacks::last_accepted_at(&mut read).await?,
            app: self.app_view(app),
            apps: shown.iter().map(|app| self.app_view(app)).collect(),
            now: self.now(),
        })
    }
}
