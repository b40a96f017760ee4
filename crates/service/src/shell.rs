//! The frame of every page: header and side bar.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::AppId,
    view::Shell,
};
use reelroom_store::{
    inbox,
    library::{self as index, Filter},
    recordings, rooms,
};

use crate::{
    Principal, Service, ServiceError, apps::scope::Visible, keep::consent::waiting,
    recordings::library,
};

/// The most running recordings in the side bar.
const RUNNING: u32 = 20;
/// For how long pages show that a recording became ready, or needs attention, in milliseconds.
const NEWS: i64 = 15_000;

impl Service {
    /// The frame for `principal`: the app (the default one if `app` is `None` or not shown), counts and
    /// running recordings.
    pub async fn shell(
        &self,
        principal: &Principal,
        app: Option<AppId>,
    ) -> Result<Shell, ServiceError> {
        let shown = self.apps_for(principal).await?;
        let named = shown.iter().find(|shown| Some(shown.id) == app);
        let Some(app) = named.or(shown.first()) else {
            return Err(ServiceError::NoApp);
        };
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, principal, app.id).await?;
        let scope = visible.scope();
        let (recording_now, running) = rooms::running(&mut read, scope, RUNNING).await?;
        let now = self.now();
        let news = recordings::news(&mut read, scope, now.plus_millis(-NEWS)).await?;
        let news = library::rows(&mut read, principal, Verb::See, news, now).await?;
        let (mut recording_elsewhere, mut elsewhere) = (Vec::new(), 0);
        for other in shown.iter().filter(|other| other.id != app.id) {
            let visible = Visible::load(&mut read, principal, other.id).await?;
            let (some, all) = rooms::running(&mut read, visible.scope(), RUNNING).await?;
            recording_elsewhere.extend(some);
            elsewhere += all;
        }
        let sees_callbacks = principal.may(Verb::See, Thing::Callbacks);
        let (open_callbacks, last_callback_at) = if sees_callbacks {
            let open = inbox::count_open(&mut read).await?;
            (open, inbox::last_accepted_at(&mut read).await?)
        } else {
            (0, None)
        };
        Ok(Shell {
            me: principal.me(),
            rooms: rooms::count(&mut read, scope).await?,
            recordings: index::count(&mut read, Filter::all(scope)).await?,
            recording_now,
            running,
            recording_elsewhere,
            elsewhere,
            news,
            sees_callbacks,
            open_callbacks,
            waiting: waiting(&mut read, principal, now).await?,
            last_callback_at,
            app: self.app_view(app),
            apps: shown.iter().map(|app| self.app_view(app)).collect(),
            now,
        })
    }
}
