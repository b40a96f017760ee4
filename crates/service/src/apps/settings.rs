//! The apps in the settings: shown, added, changed.

use std::str::FromStr;

use reelroom_anyrtc::{BodyEncoding, Method, ReplyForm};
use reelroom_domain::{
    access::{Thing, Verb},
    act::{SettingsChange, detail},
    app::{AppForm, AppSettings, DEFAULT_KIND, VideoToken},
    change::Change,
    ids::{AppId, FileId},
    order::KIND_BYTES,
    time::Timestamp,
    view::Settings,
};
use reelroom_store::{
    Conn, StoreError, acts,
    apps::{self, App, VOD_BASE},
    files,
};
use url::Url;

use crate::{
    Browser, Found, Principal, Secret, Service, ServiceError,
    apps::platform::masked,
    ground::{guard, jobs::Job, secret::MASK, tested},
};

/// An app was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveAppError {
    /// The fields of these names are invalid.
    #[error("{0:?} are not usable")]
    Fields(Vec<&'static str>),
    /// The field of this name is over its limit.
    #[error("{0} is too long")]
    OverLimit(&'static str),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A change of the token of the video list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TokenChange {
    /// None.
    #[default]
    Keep,
    /// This is the new token.
    Set(Secret),
    /// It is removed.
    Remove,
}

impl Service {
    /// The settings page for `by`, without secrets.
    pub async fn settings(&self, by: &Principal) -> Result<Settings, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        let first = self.app_ids().await?.first().copied();
        let rejected = self.rejected().await?;
        let mut read = self.0.store.read().await?;
        let mut shown = Vec::new();
        for app in apps::list(&mut read).await? {
            if app.sandbox {
                continue;
            }
            shown.push(AppSettings {
                masked_id: masked(&app.app_id),
                token: self.video_token(&app),
                is_default: first == Some(app.id),
                has_recordings: apps::has_recordings(&mut read, app.id).await?,
                test: tested::get(&mut read, &app).await?,
                typed: tested::get_typed(&mut read, by.user, app.id).await?,
                form: form(app),
            });
        }
        Ok(Settings {
            apps: shown,
            callback_path: format!("/{MASK}/AR/V1/av"),
            status_path: format!("/{MASK}/AR/V1/status"),
            public_url: self.0.public_url.as_ref().map(Url::to_string),
            rejected,
        })
    }

    fn video_token(&self, app: &App) -> VideoToken {
        match (&app.vod_token, self.vod_token(app)) {
            (None, _) => VideoToken::Absent,
            (Some(sealed), Ok(_)) => VideoToken::Set { at: sealed.set_at },
            (Some(sealed), Err(_)) => VideoToken::Locked { at: sealed.set_at },
        }
    }

    /// Saves an app: a new one, or changes to one.
    pub async fn save_app(
        &self,
        by: &Principal,
        browser: &Browser,
        typed: AppForm,
        token: TokenChange,
    ) -> Result<AppId, SaveAppError> {
        by.require(Verb::Change, Thing::Settings)?;
        let now = self.now();
        let mut tx = self.change_settings().await?;
        let before = match typed.id {
            None => None,
            Some(id) => Some(real(apps::get(&mut tx, id).await?)?),
        };
        let id = typed.id.unwrap_or_else(|| self.0.rng.id(now));
        let mut app = parse(&typed, &token, before.as_ref(), id, now)?;
        self.change_token(&mut app, token)?;
        let (change, fields) = if let Some(before) = &before {
            apps::update(&mut tx, &app).await?;
            release_blocked(&mut tx, &app).await?;
            (SettingsChange::AppChanged, changed(before, &app))
        } else {
            apps::insert(&mut tx, &app).await?;
            (SettingsChange::AppAdded, String::new())
        };
        let fields = [(detail::FIELDS, fields)];
        let act = self.settings_act(by, browser, change, &app.name, &fields);
        acts::commit(tx, &act).await?;
        tracing::info!(app = %id, name = app.name, by = by.name, "app saved");
        self.publish_saved_app(id);
        Ok(id)
    }

    /// Publishes a change of an app, and wakes the jobs that it may concern.
    pub(super) fn publish_saved_app(&self, app: AppId) {
        self.0.known_apps.forget();
        self.publish(Change::App { app });
        self.wake(Job::Understand);
        self.wake(Job::Fetch);
    }

    fn change_token(&self, app: &mut App, token: TokenChange) -> Result<(), SaveAppError> {
        match token {
            TokenChange::Keep => {}
            TokenChange::Remove => app.vod_token = None,
            TokenChange::Set(token) => {
                app.vod_token = Some(self.seal(app.id, &token).map_err(ServiceError::from)?);
            }
        }
        Ok(())
    }

    /// An app as it is stored, and as a form describes it; nothing is stored.
    pub(crate) async fn typed_app(
        &self,
        typed: &AppForm,
        token: TokenChange,
    ) -> Result<(App, App), SaveAppError> {
        let id = typed.id.found()?;
        let mut read = self.0.store.read().await?;
        let kept = real(apps::get(&mut read, id).await?)?;
        let mut app = parse(typed, &token, Some(&kept), id, self.now())?;
        self.change_token(&mut app, token)?;
        Ok((kept, app))
    }
}

/// An app that may be changed: it exists and is not the sandbox.
pub(crate) fn real(app: Option<App>) -> Result<App, ServiceError> {
    app.filter(|app| !app.sandbox).found()
}

/// Releases the blocked files whose address `app` allows now. One that is blocked for a redirect is tried
/// again, and may be blocked again.
pub(super) async fn release_blocked(conn: &mut Conn, app: &App) -> Result<(), StoreError> {
    let mut blocked = files::blocked(conn, app.id).await?;
    blocked.retain(|(_, address)| guard::allows(app, address));
    let ids: Vec<FileId> = blocked.into_iter().map(|(id, _)| id).collect();
    files::renew(conn, &ids).await
}

/// The names of the fields in which two apps differ, with commas.
fn changed(before: &App, after: &App) -> String {
    let fields = [
        ("name", before.name == after.name),
        ("app_id", before.app_id == after.app_id),
        ("api_base", before.api_base == after.api_base),
        ("method", before.method == after.method),
        ("encoding", before.encoding == after.encoding),
        ("reply_form", before.reply_form == after.reply_form),
        ("zone", before.zone == after.zone),
        ("allowed_hosts", before.allowed_hosts == after.allowed_hosts),
        ("public_cloud", before.public_cloud == after.public_cloud),
        ("frames", before.frames == after.frames),
        ("kinds", before.kinds == after.kinds),
        ("vod_base", before.vod_base == after.vod_base),
        ("vod_token", before.vod_token == after.vod_token),
    ];
    let changed = fields.iter().filter(|(_, is_same)| !is_same);
    let changed: Vec<&str> = changed.map(|(name, _)| *name).collect();
    changed.join(", ")
}

/// The form of an app, without its secrets.
fn form(app: App) -> AppForm {
    AppForm {
        id: Some(app.id),
        name: app.name,
        app_id: String::new(),
        api_base: app.api_base,
        method: app.method,
        encoding: app.encoding,
        reply_form: app.reply_form,
        zone: app.zone,
        allowed_hosts: app.allowed_hosts.join(" "),
        public_cloud: app.public_cloud,
        frames: app.frames,
        kinds: app.kinds.join("\n"),
        vod_base: app.vod_base,
    }
}

/// Validates a form; what is not in it is as `before`. The error names every invalid field.
fn parse(
    typed: &AppForm,
    token: &TokenChange,
    before: Option<&App>,
    id: AppId,
    now: Timestamp,
) -> Result<App, SaveAppError> {
    if let Some(field) = typed.over_limit() {
        return Err(SaveAppError::OverLimit(field));
    }
    let app_id = match (typed.app_id.trim(), before) {
        ("", Some(before)) => Some(before.app_id.clone()),
        (typed, _) => text(typed),
    };
    let vod_base = match typed.vod_base.trim() {
        "" => Some(VOD_BASE.to_owned()),
        typed => base(typed),
    };
    let is_token = match token {
        TokenChange::Set(token) => {
            token.reveal().len() <= AppForm::LINE_BYTES
                && !token.reveal().chars().any(char::is_control)
        }
        TokenChange::Keep | TokenChange::Remove => true,
    };
    let mut invalid = Vec::new();
    // The error names the fields in this order.
    let app = App {
        id,
        name: or_invalid("name", text(&typed.name), &mut invalid),
        app_id: or_invalid("app_id", app_id, &mut invalid),
        api_base: or_invalid("api_base", base(&typed.api_base), &mut invalid),
        method: or_invalid("method", word::<Method>(&typed.method), &mut invalid),
        encoding: or_invalid(
            "encoding",
            word::<BodyEncoding>(&typed.encoding),
            &mut invalid,
        ),
        reply_form: or_invalid(
            "reply_form",
            word::<ReplyForm>(&typed.reply_form),
            &mut invalid,
        ),
        zone: or_invalid("zone", zone(&typed.zone), &mut invalid),
        allowed_hosts: or_invalid("allowed_hosts", hosts(&typed.allowed_hosts), &mut invalid),
        public_cloud: typed.public_cloud,
        frames: typed.frames,
        sandbox: false,
        kinds: or_invalid("kinds", kinds(&typed.kinds), &mut invalid),
        vod_base: or_invalid("vod_base", vod_base, &mut invalid),
        vod_token: before.and_then(|before| before.vod_token.clone()),
        created_at: before.map_or(now, |before| before.created_at),
    };
    if !is_token {
        invalid.push("vod_token");
    }
    if invalid.is_empty() {
        Ok(app)
    } else {
        Err(SaveAppError::Fields(invalid))
    }
}

/// The value of a field; if it has none, a default, and its name is added to `invalid`.
fn or_invalid<T: Default>(
    field: &'static str,
    value: Option<T>,
    invalid: &mut Vec<&'static str>,
) -> T {
    value.unwrap_or_else(|| {
        invalid.push(field);
        T::default()
    })
}

fn text(typed: &str) -> Option<String> {
    let text = typed.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A word that names a value of `T`, as that is spelled.
fn word<T: FromStr + ToString>(typed: &str) -> Option<String> {
    typed.parse::<T>().ok().map(|word| word.to_string())
}

/// The name of a time zone.
fn zone(typed: &str) -> Option<String> {
    let name = typed.trim();
    jiff::tz::TimeZone::get(name).ok()?;
    Some(name.to_owned())
}

/// A base address, to which a path can be appended.
fn base(typed: &str) -> Option<String> {
    let url = Url::parse(typed.trim()).ok()?;
    // A password would be shown in the settings.
    let plain = url.username().is_empty() && url.password().is_none();
    let usable = matches!(url.scheme(), "http" | "https") && url.has_host() && plain;
    usable.then(|| url.to_string())
}

/// The allowed hosts of a text, separated by white space or commas.
fn hosts(typed: &str) -> Option<Vec<String>> {
    typed
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|host| !host.is_empty())
        .map(|host| Some(host.to_ascii_lowercase()).filter(|host| guard::is_entry(host)))
        .collect()
}

/// The types of a text with one a line, without duplicates; the default type if there is none.
fn kinds(typed: &str) -> Option<Vec<String>> {
    let mut kinds: Vec<String> = Vec::new();
    for kind in typed.lines().map(str::trim).filter(|kind| !kind.is_empty()) {
        if kind.len() > KIND_BYTES || kind.chars().any(char::is_control) {
            return None;
        }
        if !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    if kinds.is_empty() {
        kinds.push(DEFAULT_KIND.to_owned());
    }
    (kinds.len() <= 20).then_some(kinds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_unique_lines() {
        let read = |typed: &str| kinds(typed).unwrap();
        assert_eq!(read(" Meet \r\n\nLive\nMeet"), ["Meet", "Live"]);
        assert_eq!(read(" \n"), ["Meet"]);
        assert_eq!(kinds(&"x".repeat(65)), None);
        let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
        assert_eq!(kinds(&many.join("\n")), None);
    }

    #[test]
    fn hosts_are_separated_by_spaces_or_commas() {
        let read = hosts("CDN.example, files.example:9000\r\n10.20.0.0/16 ").unwrap();
        assert_eq!(read, ["cdn.example", "files.example:9000", "10.20.0.0/16"]);
        assert_eq!(hosts(" "), Some(vec![]));
        assert_eq!(hosts("cdn.example http://files.example"), None);
    }

    #[test]
    fn a_base_is_an_address_without_a_password() {
        for bad in [
            "",
            "ftp://a",
            "http://",
            "x",
            "http://u:p@host/",
            "http://u@host/",
        ] {
            assert_eq!(base(bad), None, "{bad}");
        }
        assert_eq!(base(" https://h:1/p ").as_deref(), Some("https://h:1/p"));
    }

    #[test]
    fn an_empty_app_id_keeps_the_stored_one() {
        let typed = AppForm {
            name: "A".to_owned(),
            app_id: "id".to_owned(),
            api_base: "http://a".to_owned(),
            method: "get".to_owned(),
            encoding: "json".to_owned(),
            reply_form: "string".to_owned(),
            zone: "UTC".to_owned(),
            ..AppForm::default()
        };
        let now = Timestamp::from_millis(0);
        let id: AppId = crate::SharedRng::from_seed(1).id(now);
        let keep = TokenChange::Keep;
        let app = parse(&typed, &keep, None, id, now).unwrap();
        let renamed = AppForm {
            name: "B".to_owned(),
            app_id: String::new(),
            ..typed.clone()
        };
        let renamed = parse(&renamed, &keep, Some(&app), id, now).unwrap();
        assert_eq!(changed(&app, &renamed), "name");
        assert_eq!(changed(&app, &app), "");
        assert_eq!(
            (renamed.app_id.as_str(), renamed.name.as_str()),
            ("id", "B")
        );
        // A new app needs an AppID. Every invalid field is named.
        let wrong = AppForm {
            app_id: " ".to_owned(),
            zone: "Nowhere".to_owned(),
            allowed_hosts: "127.0.0.0/8".to_owned(),
            ..typed
        };
        let token = TokenChange::Set(Secret::new("a\nb"));
        match parse(&wrong, &token, None, id, now) {
            Err(SaveAppError::Fields(fields)) => {
                assert_eq!(fields, ["app_id", "zone", "allowed_hosts", "vod_token"]);
            }
            other => panic!("{other:?}"),
        }
    }
}
