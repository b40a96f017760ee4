use leptos::prelude::*;

use crate::error::ApiError;

/// Keeps an app. All fields as typed; an empty `id` makes a new one, an empty `public_cloud` is no.
#[server(prefix = "/fn", endpoint = "save_app")]
pub async fn save_app(
    id: String,
    name: String,
    app_id: String,
    api_base: String,
    method: String,
    encoding: String,
    reply_form: String,
    zone: String,
    allowed_hosts: String,
    #[server(default)] public_cloud: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{user::Role, view::AppForm};
    use reelroom_service::SaveAppError;

    use crate::server::{require, service};

    let me = require(Role::Admin)?;
    let form = AppForm {
        id: if id.is_empty() {
            None
        } else {
            Some(id.parse().map_err(|_| ApiError::NotFound)?)
        },
        name,
        app_id,
        api_base,
        method,
        encoding,
        reply_form,
        zone,
        allowed_hosts,
        public_cloud: !public_cloud.is_empty(),
    };
    let typed = form.clone();
    service().save_app(&me, form).await.map_err(|error| {
        let error = match error {
            SaveAppError::Field(field) => ApiError::invalid(field, "unusable"),
            SaveAppError::Service(error) => error.into(),
        };
        back_to_settings(&typed, &error);
        error
    })
}

/// Sends a plain form back with what was typed, but the AppID: addresses are kept in histories and
/// logs.
#[cfg(feature = "ssr")]
fn back_to_settings(typed: &reelroom_domain::view::AppForm, error: &ApiError) {
    let id = typed.id.map(|id| id.to_string()).unwrap_or_default();
    let fields = [
        ("id", id.as_str()),
        ("name", &typed.name),
        ("api_base", &typed.api_base),
        ("method", &typed.method),
        ("encoding", &typed.encoding),
        ("reply_form", &typed.reply_form),
        ("zone", &typed.zone),
        ("allowed_hosts", &typed.allowed_hosts),
        ("public_cloud", if typed.public_cloud { "yes" } else { "" }),
    ];
    crate::server::back_to_form::<SaveApp>("/settings", &fields, error);
}
