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
    service()
        .save_app(&me, form)
        .await
        .map_err(|error| match error {
            SaveAppError::Field(field) => ApiError::invalid(field, "unusable"),
            SaveAppError::Service(error) => error.into(),
        })
}
