//! The emulated platform, as an app.

use reelroom_anyrtc::{Dialect, ReplyForm};
use reelroom_domain::{app::DEFAULT_KIND, ids::AppId};
use reelroom_store::apps::{self, App};
use url::Url;

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
    /// Registers the emulated platform, or moves it to where it listens now.
    pub async fn register_sandbox(&self, sandbox: SandboxApp) -> Result<AppId, ServiceError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let app = App {
            id: self.0.rng.id(now),
            name: "Sandbox".to_owned(),
            app_id: sandbox.app_id,
            api_base: sandbox.api_base.to_string(),
            method: Dialect::default().method.as_str().to_owned(),
            encoding: Dialect::default().encoding.as_str().to_owned(),
            reply_form: ReplyForm::default().as_str().to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            allowed_hosts: Vec::new(),
            public_cloud: false,
            frames: false,
            sandbox: true,
            kinds: vec![DEFAULT_KIND.to_owned()],
            vod_base: sandbox.api_base.to_string(),
            vod_token: None,
            created_at: now,
        };
        let mut app = apps::upsert_sandbox(&mut tx, &app).await?;
        // It is sealed for the id that stands, which may be that of an earlier start.
        app.vod_token = Some(self.seal(app.id, &sandbox.vod_token)?);
        apps::update(&mut tx, &app).await?;
        tx.commit().await?;
        // Registered twice, it is the same one.
        let _ = self.0.sandbox.set(app.id);
        self.0.known_apps.forget();
        self.wake(Job::Understand);
        Ok(app.id)
    }
}
