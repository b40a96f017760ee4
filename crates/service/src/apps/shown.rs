//! Which apps can be shown, and how.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::AppId,
    room::RoomId,
    view::AppView,
};
use reelroom_store::apps::{self, App};

use super::platform::{masked, zone};
use crate::{Found, Principal, Service, ServiceError};

/// The named one of these apps, or the first if `named` is `None`.
fn choose(shown: Vec<App>, named: Option<AppId>) -> Result<App, ServiceError> {
    let mut shown = shown.into_iter();
    let app = match named {
        None => shown.next(),
        Some(id) => shown.find(|app| app.id == id),
    };
    app.found()
}

impl Service {
    /// The apps that can be shown, the default one first: the real ones, and the sandbox where it runs
    /// or where there is nothing else. Never empty.
    pub(crate) async fn apps_shown(&self) -> Result<Vec<App>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let mut shown = apps::list(&mut read).await?;
        let running = self.0.sandbox.get();
        let any_real = shown.iter().any(|app| !app.sandbox);
        shown.retain(|app| !app.sandbox || !any_real || running == Some(&app.id));
        if shown.is_empty() {
            Err(ServiceError::NoApp)
        } else {
            Ok(shown)
        }
    }

    /// The apps that can be shown to an account, the default one first. Never empty.
    pub(crate) async fn apps_for(&self, by: &Principal) -> Result<Vec<App>, ServiceError> {
        let mut shown = self.apps_shown().await?;
        shown.retain(|app| by.may(Verb::See, Thing::App(app.id)));
        if shown.is_empty() {
            Err(ServiceError::NothingGranted)
        } else {
            Ok(shown)
        }
    }

    /// The named app, or the account's default one if `named` is `None`. An app that cannot be shown to it
    /// is not found.
    pub(crate) async fn app_for(
        &self,
        by: &Principal,
        named: Option<AppId>,
    ) -> Result<App, ServiceError> {
        choose(self.apps_for(by).await?, named)
    }

    /// The app of a room with which the account may do this.
    pub(crate) async fn room_for(
        &self,
        by: &Principal,
        verb: Verb,
        named: Option<AppId>,
        room: &RoomId,
    ) -> Result<App, ServiceError> {
        let app = self.app_for(by, named).await?;
        by.require(verb, Thing::Room(app.id, room))?;
        Ok(app)
    }

    /// The ids of the apps that can be shown to an account, the default one first.
    pub async fn app_ids_for(&self, by: &Principal) -> Result<Vec<AppId>, ServiceError> {
        let shown = self.apps_for(by).await?;
        Ok(shown.into_iter().map(|app| app.id).collect())
    }

    /// The ids of the apps that can be shown, the default one first; none where none is configured.
    pub async fn app_ids(&self) -> Result<Vec<AppId>, ServiceError> {
        match self.apps_shown().await {
            Ok(apps) => Ok(apps.into_iter().map(|app| app.id).collect()),
            Err(ServiceError::NoApp) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The named app, or the default one if `named` is `None`. An app that cannot be shown is not found.
    pub(crate) async fn app_of(&self, named: Option<AppId>) -> Result<App, ServiceError> {
        choose(self.apps_shown().await?, named)
    }

    /// The app to name in an address of this app for an account; `None` if it is the account's default one.
    pub(crate) async fn in_address(
        &self,
        by: &Principal,
        app: AppId,
    ) -> Result<Option<AppId>, ServiceError> {
        let default = match self.app_for(by, None).await {
            Ok(default) => Some(default.id),
            // A case may name an account that has no grants.
            Err(ServiceError::NothingGranted) => None,
            Err(error) => return Err(error),
        };
        Ok(Some(app).filter(|app| default != Some(*app)))
    }

    pub(crate) fn app_view(&self, app: &App) -> AppView {
        let now = jiff::Timestamp::from_millisecond(self.now().as_millis()).unwrap_or_default();
        AppView {
            id: app.id,
            name: app.name.clone(),
            masked_id: masked(&app.app_id),
            sandbox: app.sandbox,
            zone: app.zone.clone(),
            zone_offset: zone(app).to_offset(now).seconds(),
            public_cloud: app.public_cloud,
            kinds: app.kinds.clone(),
        }
    }
}
