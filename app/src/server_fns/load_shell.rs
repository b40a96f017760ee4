use leptos::prelude::*;
use reelroom_domain::view::Shell;

use crate::error::ApiError;

/// What every page shows around its content, where it is about `app` (empty: the default one).
#[server(prefix = "/fn", endpoint = "shell")]
pub async fn load_shell(#[server(default)] app: String) -> Result<Shell, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{require, service};

    let me = require(Role::Viewer)?;
    Ok(service().shell(&me, app.parse().ok()).await?)
}
