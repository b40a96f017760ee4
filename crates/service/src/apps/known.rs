//! The apps, as calls need them: at hand without asking the database for each call.

use std::{sync::Arc, time::Duration};

use reelroom_anyrtc::ReplyForm;
use reelroom_domain::ids::AppId;
use reelroom_store::apps::{self, App};
use tokio::time::timeout;

use crate::{Service, ServiceError};

/// For so long they are believed: another process may save one.
const FRESH: Duration = Duration::from_secs(2);
/// How long a call waits for apps that were read before.
const SOON: Duration = Duration::from_millis(500);

/// The app that a call named, else the default one; `None`: there is none at all.
pub(crate) fn named(apps: &[App], id: Option<AppId>) -> Option<&App> {
    apps.iter()
        .find(|app| Some(app.id) == id)
        .or_else(|| apps.first())
}

impl Service {
    /// Every app; empty where there is none yet. Where the database does not answer soon, as they
    /// were read last.
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
        let mut read = self.0.store.read().await?;
        let apps: Arc<[App]> = apps::list(&mut read).await?.into();
        self.0.known_apps.set(apps.clone());
        Ok(apps)
    }

    /// How a call of that app is to be answered; the default form where the apps cannot be read.
    pub(crate) async fn reply_form(&self, app: Option<AppId>) -> ReplyForm {
        let apps = self.known_apps().await.ok();
        apps.as_deref()
            .and_then(|apps| named(apps, app)?.reply_form.parse().ok())
            .unwrap_or_default()
    }
}
