//! The anyRTC applications that we record for.

pub(crate) mod connection;
pub(crate) mod remove;
pub(crate) mod settings;
pub(crate) mod tested;
mod try_list;

use reelroom_anyrtc::{Dialect, client};
use reelroom_domain::{app::DEFAULT_KIND, ids::AppId, view::AppView};
use reelroom_store::apps::{self, App};
use url::Url;

use crate::{Secret, Service, ServiceError, jobs::Job};

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

/// The platform's zone; UTC where its name is not known.
pub(crate) fn zone(app: &App) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&app.zone).unwrap_or(jiff::tz::TimeZone::UTC)
}

/// As the platform's client wants it.
pub(crate) fn platform(app: &App) -> Option<client::App> {
    Some(client::App {
        app_id: app.app_id.clone(),
        api_base: Url::parse(&app.api_base).ok()?,
        dialect: Dialect {
            method: app.method.parse().ok()?,
            encoding: app.encoding.parse().ok()?,
        },
    })
}

/// The first and the last letters of an AppID: `anyrtc··7f3c`.
pub(crate) fn masked(app_id: &str) -> String {
    let letters: Vec<char> = app_id.chars().collect();
    let tail = letters.len().min(4);
    let head = if letters.len() >= 12 {
        6
    } else {
        letters.len().saturating_sub(tail).min(2)
    };
    let part = |letters: &[char]| letters.iter().collect::<String>();
    format!(
        "{}··{}",
        part(&letters[..head]),
        part(&letters[letters.len() - tail.min(letters.len() - head)..])
    )
}

impl Service {
    /// The apps that can be shown, the default one first: the real ones, and the sandbox where it runs
    /// or where there is nothing else. Never none.
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

    /// The ids of the apps that can be shown, the default one first; none where none is configured.
    pub async fn app_ids(&self) -> Result<Vec<AppId>, ServiceError> {
        match self.apps_shown().await {
            Ok(apps) => Ok(apps.into_iter().map(|app| app.id).collect()),
            Err(ServiceError::NoApp) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The app that somebody named; the default one where nobody named one. An app that cannot be
    /// shown is not found: its rooms are not those of another app.
    pub(crate) async fn app_of(&self, named: Option<AppId>) -> Result<App, ServiceError> {
        let mut shown = self.apps_shown().await?.into_iter();
        let found = match named {
            None => shown.next(),
            Some(id) => shown.find(|app| app.id == id),
        };
        found.ok_or(ServiceError::NotFound)
    }

    /// What an address has to name where it is about this app: nothing where it is the default one.
    pub(crate) async fn in_address(&self, app: AppId) -> Result<Option<AppId>, ServiceError> {
        let shown = self.app_ids().await?;
        Ok(Some(app).filter(|_| shown.first() != Some(&app)))
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

    /// Registers the emulated platform, or moves it to where it listens now.
    pub async fn register_sandbox(&self, sandbox: SandboxApp) -> Result<AppId, ServiceError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let app = App {
            id: self.0.chance.id(now),
            name: "Sandbox".to_owned(),
            app_id: sandbox.app_id,
            api_base: sandbox.api_base.to_string(),
            method: Dialect::default().method.as_str().to_owned(),
            encoding: Dialect::default().encoding.as_str().to_owned(),
            reply_form: reelroom_anyrtc::ReplyForm::default().as_str().to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_keeps_its_ends_only() {
        assert_eq!(masked("anyrtcU1Gi0lZf7f3c"), "anyrtc··7f3c");
        assert_eq!(masked("sandbox"), "sa··dbox");
        assert_eq!(masked("abc"), "··abc");
        assert_eq!(masked(""), "··");
    }
}
