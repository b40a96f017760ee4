use leptos::prelude::*;
use reelroom_domain::inbox::Desk;

use crate::error::ApiError;

/// What stands above the inbox, for administrators; `None` for others. The secret is in it only
/// where `reveal` is not empty.
#[server(prefix = "/fn", endpoint = "inbox_desk")]
pub async fn load_desk(#[server(default)] reveal: String) -> Result<Option<Desk>, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{require, service};

    let me = require(Role::Viewer)?;
    Ok(match me.role {
        Role::Admin => Some(service().desk(&me, !reveal.is_empty()).await?),
        Role::Operator | Role::Viewer => None,
    })
}
