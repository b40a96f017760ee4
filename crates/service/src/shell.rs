//! The frame of every page: header and side bar.

use reelroom_domain::{ids::AppId, view::Shell};
use reelroom_store::{
    inbox,
    recordings::{self, Filter},
    rooms,
};

use crate::{
    Principal, Service, ServiceError,
    recordings::{library, patience::patience},
};

/// The most running recordings in the side bar.
const RUNNING: u32 = 20;
/// How long pages tell that a recording became ready, or needs attention, in milliseconds.
const NEWS: i64 = 15_000;

impl Service {
    /// The frame for `principal`: the app (the default one if `app` is `None` or not shown), counts and
    /// running recordings.
    pub async fn shell(
        &self,
        principal: &Principal,
        app: Option<AppId>,
    ) -> Result<Shell, ServiceError> {
        let shown = self.apps_shown().await?;
        let named = shown.iter().find(|shown| Some(shown.id) == app);
        let Some(app) = named.or(shown.first()) else {
            return Err(ServiceError::NoApp);
        };
        let mut read = self.0.store.read().await?;
        let (recording_now, running) = rooms::running(&mut read, app.id, false, RUNNING).await?;
        let since = self.now().plus_millis(-NEWS);
        let news = recordings::news(&mut read, app.id, since).await?;
        let patience = patience(&mut read).await?;
        let others = rooms::running(&mut read, app.id, true, RUNNING).await?;
        Ok(Shell {
            me: principal.me(),
            rooms: rooms::count(&mut read, app.id).await?,
            recordings: recordings::count(&mut read, app.id, Filter::default()).await?,
            recording_now,
            running,
            recording_elsewhere: others.0,
            elsewhere: others.1,
            news: news
                .into_iter()
                .map(|summary| library::row(summary, patience, self.now()))
                .collect(),
            open_callbacks: inbox::count_open(&mut read).await?,
            last_callback_at: inbox::last_accepted_at(&mut read).await?,
            app: self.app_view(app),
            apps: shown.iter().map(|app| self.app_view(app)).collect(),
            now: self.now(),
        })
    }
}
