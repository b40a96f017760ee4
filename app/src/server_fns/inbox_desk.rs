use leptos::prelude::*;
use reelroom_domain::inbox::InboxHeader;

use crate::error::ApiError;

/// What stands above the inbox, for administrators; `None` for others. The secret is masked, unless
/// the page is made for the form that reveals it.
#[server(prefix = "/fn", endpoint = "inbox_desk")]
pub async fn load_desk() -> Result<Option<InboxHeader>, ApiError> {
    use reelroom_domain::user::Role;

    use crate::server::{RevealSecret, holds_secret, require, service};

    let me = require(Role::Viewer)?;
    Ok(match me.role {
        Role::Admin => {
            let reveal = use_context::<RevealSecret>().is_some();
            if reveal {
                holds_secret();
            }
            Some(service().inbox_header(&me, reveal).await?)
        }
        Role::Operator | Role::Viewer => None,
    })
}
