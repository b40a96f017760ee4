//! What every page shows around its content.

use reelroom_domain::{ids::AppId, view::Shell};
use reelroom_store::{
    inbox,
    recordings::{self, Filter},
    rooms,
};

use crate::{Principal, Service, ServiceError};

/// How many of the recordings that run the side bar shows.
const RUNNING: u32 = 20;

impl Service {
    /// Who is signed in, the app that was named or the default one, the counts, and what takes its
    /// room now.
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
        let (recording_now, running) = rooms::running(&mut read, app.id, RUNNING).await?;
        Ok(Shell {
            me: principal.me(),
            rooms: rooms::count(&mut read, app.id).await?,
            recordings: recordings::count(&mut read, app.id, Filter::default()).await?,
            recording_now,
            running,
            elsewhere: rooms::running_elsewhere(&mut read, app.id).await?,
            open_callbacks: inbox::count_open(&mut read).await?,
            last_callback_at: inbox::last_accepted_at(&mut read).await?,
            app: self.app_view(app),
            apps: shown.iter().map(|app| self.app_view(app)).collect(),
            now: self.now(),
        })
    }
}
