//! The anyRTC applications that we record for.

use reelroom_anyrtc::{Dialect, client};
use reelroom_domain::{
    ids::AppId,
    user::Role,
    view::{AppForm, AppView, Settings},
};
use reelroom_store::apps::{self, App};
use url::Url;

use crate::{Principal, Secret, Service, ServiceError, require};

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

/// An app was not kept.
#[derive(Debug, thiserror::Error)]
pub enum SaveAppError {
    /// A field that cannot be: its name.
    #[error("{0} is not usable")]
    Field(&'static str),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<reelroom_store::StoreError> for SaveAppError {
    fn from(error: reelroom_store::StoreError) -> Self {
        Self::Service(error.into())
    }
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
    /// The app whose rooms are shown: the first real one, else the sandbox.
    pub(crate) async fn app(&self) -> Result<App, ServiceError> {
        let mut read = self.0.store.read().await?;
        apps::default_app(&mut read)
            .await?
            .ok_or(ServiceError::NoApp)
    }

    /// The app that a call named, else the one whose rooms are shown.
    pub(crate) async fn app_of(&self, named: Option<AppId>) -> Result<App, ServiceError> {
        if let Some(id) = named {
            let mut read = self.0.store.read().await?;
            if let Some(app) = apps::get(&mut read, id).await? {
                return Ok(app);
            }
        }
        self.app().await
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
            sandbox: true,
            kinds: kinds(""),
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
        self.0.to_understand.notify_one();
        Ok(app.id)
    }

    /// What the settings page shows.
    pub async fn settings(&self) -> Result<Settings, ServiceError> {
        let mut read = self.0.store.read().await?;
        let apps = apps::list(&mut read).await?;
        Ok(Settings {
            apps: apps.iter().filter(|app| !app.sandbox).map(form).collect(),
            callback_path: format!("/{}/AR/V1/av", self.callback_secret()),
            status_path: format!("/{}/AR/V1/status", self.callback_secret()),
            public_url: self.0.public_url.as_ref().map(Url::to_string),
        })
    }

    /// Keeps an app: a new one, or changes to one.
    pub async fn save_app(&self, by: &Principal, typed: AppForm) -> Result<(), SaveAppError> {
        require(by.clone(), Role::Admin)?;
        let now = self.now();
        let id = typed.id.unwrap_or_else(|| self.0.chance.id(now));
        let app = parse(typed, id, now)?;
        let mut tx = self.0.store.write().await?;
        match apps::get(&mut tx, id).await? {
            Some(before) => {
                let app = App {
                    created_at: before.created_at,
                    kinds: before.kinds,
                    vod_base: before.vod_base,
                    vod_token: before.vod_token,
                    ..app
                };
                apps::update(&mut tx, &app).await?;
            }
            None => apps::insert(&mut tx, &app).await?,
        }
        tx.commit().await?;
        self.0.known_apps.forget();
        self.0.to_understand.notify_one();
        Ok(())
    }
}

/// The types that were typed, one a line, each once; the platform's own where there are none.
fn kinds(typed: &str) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for kind in typed.lines().map(str::trim).filter(|kind| !kind.is_empty()) {
        if !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    if kinds.is_empty() {
        kinds.push("Meet".to_owned());
    }
    kinds
}

fn form(app: &App) -> AppForm {
    AppForm {
        id: Some(app.id),
        name: app.name.clone(),
        app_id: app.app_id.clone(),
        api_base: app.api_base.clone(),
        method: app.method.clone(),
        encoding: app.encoding.clone(),
        reply_form: app.reply_form.clone(),
        zone: app.zone.clone(),
        allowed_hosts: app.allowed_hosts.join("\n"),
        public_cloud: app.public_cloud,
    }
}

fn parse(
    typed: AppForm,
    id: AppId,
    now: reelroom_domain::time::Timestamp,
) -> Result<App, SaveAppError> {
    let field = SaveAppError::Field;
    let text = |text: String, name| {
        let text = text.trim().to_owned();
        if text.is_empty() || text.len() > 200 {
            Err(field(name))
        } else {
            Ok(text)
        }
    };
    let api_base = Url::parse(typed.api_base.trim()).map_err(|_| field("api_base"))?;
    if !matches!(api_base.scheme(), "http" | "https") || !api_base.has_host() {
        return Err(field("api_base"));
    }
    jiff::tz::TimeZone::get(typed.zone.trim()).map_err(|_| field("zone"))?;
    let method: reelroom_anyrtc::Method = typed.method.parse().map_err(|_| field("method"))?;
    let encoding: reelroom_anyrtc::BodyEncoding =
        typed.encoding.parse().map_err(|_| field("encoding"))?;
    let reply: reelroom_anyrtc::ReplyForm =
        typed.reply_form.parse().map_err(|_| field("reply_form"))?;
    Ok(App {
        id,
        name: text(typed.name, "name")?,
        app_id: text(typed.app_id, "app_id")?,
        api_base: api_base.to_string(),
        method: method.as_str().to_owned(),
        encoding: encoding.as_str().to_owned(),
        reply_form: reply.as_str().to_owned(),
        zone: typed.zone.trim().to_owned(),
        allowed_hosts: typed
            .allowed_hosts
            .split([',', '\n', ' '])
            .map(|host| host.trim().to_ascii_lowercase())
            .filter(|host| !host.is_empty())
            .collect(),
        public_cloud: typed.public_cloud,
        sandbox: false,
        kinds: kinds(""),
        vod_base: apps::VOD_BASE.to_owned(),
        vod_token: None,
        created_at: now,
    })
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
