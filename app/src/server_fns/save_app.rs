use leptos::prelude::*;
use reelroom_domain::ids::AppId;

use crate::error::ApiError;

/// Saves an app and returns its id. All fields are as typed. An empty `id` creates an app; an empty `app_id`
/// or `vod_token` keeps the saved value; an empty `public_cloud`, `frames` or `drop_token` means no.
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
    #[server(default)] frames: String,
    #[server(default)] kinds: String,
    #[server(default)] vod_base: String,
    #[server(default)] vod_token: String,
    #[server(default)] drop_token: String,
) -> Result<AppId, ApiError> {
    use reelroom_domain::{app::AppForm, user::Role};

    use crate::{
        server::{app_named, is_plain_form, redirect, require, service},
        server_fns::{
            back_to_apps::{apps, back_with_typed},
            token_change::token_change,
        },
    };

    let me = require(Role::Admin)?;
    let form = AppForm {
        id: app_named(&id)?,
        name,
        app_id,
        api_base,
        method,
        encoding,
        reply_form,
        zone,
        allowed_hosts,
        public_cloud: !public_cloud.is_empty(),
        frames: !frames.is_empty(),
        kinds,
        vod_base,
    };
    let token = token_change(&vod_token, &drop_token);
    let typed = form.clone();
    match service().save_app(&me, form, token).await {
        Ok(id) => {
            if is_plain_form() {
                redirect(&apps().with(&[("saved", &id.to_string())]));
            }
            Ok(id)
        }
        Err(error) => Err(back_with_typed::<SaveApp>(&typed, error.into())),
    }
}
