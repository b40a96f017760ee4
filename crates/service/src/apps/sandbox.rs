//! The emulated platform, as an app.

use reelroom_domain::ids::AppId;
use reelroom_store::apps::{self, App};
use url::Url;

use super::plain::plain;
use crate::{Secret, Service, ServiceError, ground::jobs::Job};

/// The emulated platform, as an app.
#[derive(Debug, Clone)]
pub struct SandboxApp {
    /// Its AppID.
    pub app_id: String,
    /// Where it listens.
    pub api_base: Url,
    /// The secret that its video list asks for.
    pub vod_token: Secret,
}

impl Service {
    /// Registers the emulated platform, or updates the address of the registered one.
    pub async fn register_sandbox(&self, sandbox: SandboxApp) -> Result<AppId, ServiceError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let app = App {
            app_id: sandbox.app_id,
            api_base: sandbox.api_base.to_string(),
            sandbox: true,
            vod_base: sandbox.api_base.to_string(),
            ..plain(self.0.rng.id(now), "Sandbox", now)
        };
        let mut app = apps::upsert_sandbox(&mut tx, &app).await?;
        // Sealed for the stored id, which may be that of an earlier start.
        app.vod_token = Some(self.seal(app.id, &sandbox.vod_token)?);
        apps::update(&mut tx, &app).await?;
        tx.commit().await?;
        // A second registration has the same id.
        let _ = self.0.sandbox.set(app.id);
        self.0.known_apps.forget();
        self.wake(Job::Understand);
        self.wake(Job::AutoStart);
        Ok(app.id)
    }
}
