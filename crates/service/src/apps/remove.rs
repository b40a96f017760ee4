//! Remove an app that has no recordings.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    change::Change,
    ids::AppId,
};
use reelroom_store::{acts, apps};

use super::settings::real;
use crate::{Browser, Principal, Service, ServiceError, ground::tested};

/// An app was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveAppError {
    /// It has recordings, or had some.
    #[error("the app has recordings")]
    HasRecordings,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Removes an app with its rooms and meetings. Not the sandbox, and no app that has recordings.
    pub async fn remove_app(
        &self,
        by: &Principal,
        browser: &Browser,
        id: AppId,
    ) -> Result<(), RemoveAppError> {
        by.require(Verb::Change, Thing::Settings)?;
        let mut tx = self.change_settings().await?;
        let app = real(apps::get(&mut tx, id).await?)?;
        if !apps::remove(&mut tx, id).await? {
            return Err(RemoveAppError::HasRecordings);
        }
        tested::forget(&mut tx, id).await?;
        let act = self.settings_act(by, browser, SettingsChange::AppRemoved, &app.name, &[]);
        acts::commit(tx, &act).await?;
        self.0.known_apps.forget();
        self.publish(Change::App { app: id });
        tracing::info!(app = %id, name = app.name, by = by.name, "app removed");
        Ok(())
    }
}
