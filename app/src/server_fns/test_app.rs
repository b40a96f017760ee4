use leptos::prelude::*;
use reelroom_domain::app::ConnectionTest;

use crate::error::ApiError;

/// Tests the connection of a saved app with the values in the form, whose fields are those of `save_app`.
/// Saves, starts and stops nothing.
#[server(prefix = "/fn", endpoint = "test_app")]
pub async fn test_app(
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
) -> Result<ConnectionTest, ApiError> {
    use reelroom_domain::{app::AppForm, user::Role};

    use crate::{
        server::{app_named, is_plain_form, redirect, require, service},
        server_fns::{
            back_to_apps::{back_with_typed, to_typed},
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
    let typed = form.clone();
    let token = token_change(&vod_token, &drop_token);
    match service().test_connection(&me, form, token).await {
        Ok(test) => {
            if is_plain_form() {
                // The result is stored; the typed values go back in the address.
                redirect(&to_typed(&typed));
            }
            Ok(test)
        }
        Err(error) => Err(back_with_typed::<TestApp>(&typed, error.into())),
    }
}
