use leptos::prelude::*;
use reelroom_domain::view::Settings;

use crate::error::ApiError;

/// What the settings page shows.
#[server(prefix = "/fn", endpoint = "settings")]
pub async fn load_settings() -> Result<Settings, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{require, service};

    require(Role::Admin)?;
    Ok(service().settings().await?)
}
