use leptos::prelude::*;
use reelroom_domain::view::Shell;

use crate::error::ApiError;

/// What every page shows around its content.
#[server(prefix = "/fn", endpoint = "shell")]
pub async fn load_shell() -> Result<Shell, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{require, service};

    let me = require(Role::Viewer)?;
    Ok(service().shell(&me).await?)
}
