//! The apps, cached for calls.

use std::{sync::Arc, time::Duration};

use reelroom_anyrtc::ReplyForm;
use reelroom_domain::ids::AppId;
use reelroom_store::apps::{self, App};
use tokio::time::timeout;

use crate::{Service, ServiceError};

/// The maximum age of the cache: another process may save an app.
const FRESH: Duration = Duration::from_secs(2);
/// The timeout of a read while an older version is cached.
const SOON: Duration = Duration::from_millis(500);

/// The app that a call names, else the default one; `None` if there is no app.
pub(crate) fn named(apps: &[App], id: Option<AppId>) -> Option<&App> {
    apps.iter()
        .find(|app| Some(app.id) == id)
        .or_else(|| apps.first())
}

impl Service {
    /// Every app; an older version if the database does not answer soon.
    pub(crate) async fn known_apps(&self) -> Result<Arc<[App]>, ServiceError> {
        let known = self.0.known_apps.get();
        match known {
            Some((age, apps)) if age < FRESH => Ok(apps),
            Some((_, apps)) => match timeout(SOON, self.read_apps()).await {
                Ok(Ok(apps)) => Ok(apps),
                _ => Ok(apps),
            },
            None => self.read_apps().await,
        }
    }

    async fn read_apps(&self) -> Result<Arc<[App]>, ServiceError> {
        let version = self.0.known_apps.version();
        let mut read = self.0.store.read().await?;
        let apps: Arc<[App]> = apps::list(&mut read).await?.into();
        self.0.known_apps.set(apps.clone(), version);
        Ok(apps)
    }

    /// The form of the answer to a call of an app; the default form if the apps cannot be read.
    pub(crate) async fn reply_form(&self, app: Option<AppId>) -> ReplyForm {
        let apps = self.known_apps().await.ok();
        apps.as_deref()
            .and_then(|apps| named(apps, app)?.reply_form.parse().ok())
            .unwrap_or_default()
    }
}
