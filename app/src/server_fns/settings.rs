use leptos::prelude::*;
use reelroom_domain::view::Settings;

use crate::error::ApiError;

/// What the settings page shows to an administrator; `None` for others: the page has a part for
/// everybody.
#[server(prefix = "/fn", endpoint = "settings")]
pub async fn load_settings() -> Result<Option<Settings>, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{holds_secret, require, service};

    let me = require(Role::Viewer)?;
    Ok(match me.role {
        Role::Admin => {
            holds_secret();
            Some(service().settings(&me).await?)
        }
        Role::Operator | Role::Viewer => None,
    })
}
