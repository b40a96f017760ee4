//! Apps, the hosts of their files, and the patience with them.

use leptos::prelude::*;
use reelroom_domain::{
    app::{AppForm, ConnectionTest},
    ids::AppId,
};
use reelroom_service::{
    AllowHostError, PatienceError, RemoveAppError, SaveAppError, Secret, TokenChange,
};
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    form::yes,
    paths::LocalAddress,
    server::{answer_form, browser, id_named, optional_id, principal, service},
};

/// Saves an app and returns its id. An empty `id` creates an app; an empty `app_id` or `vod_token` keeps the
/// saved value.
#[server(prefix = "/fn", endpoint = "save_app")]
pub async fn save_app(#[server(flatten)] fields: AppFields) -> Result<AppId, ApiError> {
    let me = principal()?;
    let (form, token) = fields.parse()?;
    let typed = to_typed(&form);
    let added = yes(form.id.is_none());
    let answer = service().save_app(&me, &browser(), form, token).await;
    let id = answer.as_ref().map(ToString::to_string).unwrap_or_default();
    let done = apps().with(&[("saved", &id), ("added", added)]);
    answer_form::<SaveApp, _>(answer, &done, &typed, &[])
}

/// Tests the connection of an app with the values in the form. Saves, starts and stops nothing.
#[server(prefix = "/fn", endpoint = "test_app")]
pub async fn test_app(#[server(flatten)] fields: AppFields) -> Result<ConnectionTest, ApiError> {
    let me = principal()?;
    let (form, token) = fields.parse()?;
    // The result is stored; the typed values go back in the address.
    let typed = to_typed(&form);
    let answer = service().test_connection(&me, form, token).await;
    answer_form::<TestApp, _>(answer, &typed, &typed, &[])
}

/// Removes an app that has no recordings, and returns its id.
#[server(prefix = "/fn", endpoint = "remove_app")]
pub async fn remove_app(id: String) -> Result<AppId, ApiError> {
    let me = principal()?;
    let app: AppId = id_named(&id)?;
    let answer = service().remove_app(&me, &browser(), app).await;
    let answer = answer.map(|()| app).map_err(|error| match error {
        RemoveAppError::HasRecordings => ApiError::invalid("app", "has_recordings"),
        RemoveAppError::Service(error) => error.into(),
    });
    answer_form::<RemoveApp, _>(answer, &apps(), &apps(), &[("of", &id)])
}

/// Allows the host of a blocked file for its app.
#[server(prefix = "/fn", endpoint = "allow_host")]
pub async fn allow_host(id: String) -> Result<(), ApiError> {
    let me = principal()?;
    let file = id_named(&id)?;
    Ok(service().allow_host(&me, &browser(), file).await?)
}

/// Sets after how many minutes a file is late, and after how many it is due. Both as typed.
#[server(prefix = "/fn", endpoint = "set_patience")]
pub async fn set_patience(late: String, due: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().set_patience(&me, &browser(), &late, &due).await;
    let answer = answer.map_err(|error| match error {
        PatienceError::Late => ApiError::invalid("late", "not_minutes"),
        PatienceError::Due => ApiError::invalid("due", "not_minutes"),
        PatienceError::Service(error) => error.into(),
    });
    let page = LocalAddress::or_home("/settings");
    let done = page.with(&[("saved", "patience")]);
    answer_form::<SetPatience, _>(answer, &done, &page, &[("late", &late), ("due", &due)])
}

/// The fields of the form of an app, as typed. An empty `public_cloud`, `frames` or `drop_token` means no.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AppFields {
    id: String,
    name: String,
    app_id: String,
    api_base: String,
    method: String,
    encoding: String,
    reply_form: String,
    zone: String,
    allowed_hosts: String,
    #[serde(default)]
    public_cloud: String,
    #[serde(default)]
    frames: String,
    #[serde(default)]
    kinds: String,
    #[serde(default)]
    vod_base: String,
    #[serde(default)]
    vod_token: String,
    #[serde(default)]
    drop_token: String,
}

impl AppFields {
    fn parse(self) -> Result<(AppForm, TokenChange), ApiError> {
        let token = token_change(&self.vod_token, &self.drop_token);
        let id = optional_id(&self.id)?;
        Ok((self.form(id), token))
    }

    /// The form of the app with this id; `None` is a new one.
    pub fn form(self, id: Option<AppId>) -> AppForm {
        AppForm {
            id,
            name: self.name,
            app_id: self.app_id,
            api_base: self.api_base,
            method: self.method,
            encoding: self.encoding,
            reply_form: self.reply_form,
            zone: self.zone,
            allowed_hosts: self.allowed_hosts,
            public_cloud: !self.public_cloud.is_empty(),
            frames: !self.frames.is_empty(),
            kinds: self.kinds,
            vod_base: self.vod_base,
        }
    }
}

/// Any `drop` removes the token. Else a typed token replaces it, and an empty field keeps it.
fn token_change(typed: &str, drop: &str) -> TokenChange {
    match typed.trim() {
        _ if !drop.is_empty() => TokenChange::Remove,
        "" => TokenChange::Keep,
        typed => TokenChange::Set(Secret::new(typed)),
    }
}

/// The page of the apps.
fn apps() -> LocalAddress {
    LocalAddress::or_home("/settings/apps")
}

/// The page of the apps with the typed values except the AppID and the token, because addresses end up in
/// histories and logs.
fn to_typed(typed: &AppForm) -> LocalAddress {
    let id = typed.id.map(|id| id.to_string()).unwrap_or_default();
    apps().with(&[
        ("id", &id),
        ("name", &typed.name),
        ("api_base", &typed.api_base),
        ("method", &typed.method),
        ("encoding", &typed.encoding),
        ("reply_form", &typed.reply_form),
        ("zone", &typed.zone),
        ("allowed_hosts", &typed.allowed_hosts),
        ("public_cloud", yes(typed.public_cloud)),
        ("frames", yes(typed.frames)),
        ("kinds", &typed.kinds),
        ("vod_base", &typed.vod_base),
    ])
}

impl From<AllowHostError> for ApiError {
    fn from(error: AllowHostError) -> Self {
        match error {
            AllowHostError::NotAllowed => Self::NotAllowed,
            AllowHostError::Service(error) => error.into(),
        }
    }
}

impl From<SaveAppError> for ApiError {
    fn from(error: SaveAppError) -> Self {
        match error {
            SaveAppError::Fields(fields) => Self::of_fields(fields, "unusable"),
            SaveAppError::OverLimit(field) => Self::invalid(field, "too_long"),
            SaveAppError::Service(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_id_never_stands_in_an_address() {
        let typed = AppForm {
            name: "Board & co".to_owned(),
            app_id: "a1b2c3d4".to_owned(),
            encoding: "json".to_owned(),
            kinds: "Meet\r\nLive".to_owned(),
            ..AppForm::default()
        };
        assert_eq!(
            to_typed(&typed).as_str(),
            "/settings/apps?name=Board%20%26%20co&encoding=json&kinds=Meet%0D%0ALive"
        );
    }

    #[test]
    fn a_token_is_kept_replaced_or_removed() {
        assert_eq!(token_change(" ", ""), TokenChange::Keep);
        let set = TokenChange::Set(Secret::new("new"));
        assert_eq!(token_change(" new\n", ""), set);
        assert_eq!(token_change("new", "yes"), TokenChange::Remove);
    }
}
