//! An app goes, where nothing was recorded for it.

use reelroom_domain::{ids::AppId, user::Role, view::Change};
use reelroom_store::{
    StoreError, apps,
    recordings::{self, Filter},
};

use super::settings::real;
use crate::{Principal, Service, ServiceError, require};

/// An app was not removed; it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RemoveAppError {
    /// Recordings belong to it.
    #[error("the app has {0} recordings")]
    HasRecordings(u32),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for RemoveAppError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl Service {
    /// Removes an app, its rooms and what is known of their meetings. Not the sandbox, and none that
    /// has recordings: their files and their history would belong to nobody.
    pub async fn remove_app(&self, by: &Principal, id: AppId) -> Result<(), RemoveAppError> {
        require(by.clone(), Role::Admin)?;
        let mut tx = self.0.store.write().await?;
        let app = real(apps::get(&mut tx, id).await?)?;
        if !apps::remove(&mut tx, id).await? {
            let recordings = recordings::count(&mut tx, id, Filter::default()).await?;
            return Err(RemoveAppError::HasRecordings(recordings));
        }
        tx.commit().await?;
        self.0.known_apps.forget();
        self.0.tested.forget(id);
        self.publish(Change::Apps);
        tracing::info!(app = %id, name = app.name, by = by.name, "app removed");
        Ok(())
    }
}
