use leptos::prelude::*;
use reelroom_domain::jump::Found;

use crate::error::ApiError;

/// Rooms and recordings whose name contains `search`; without one the most urgent rooms.
#[server(prefix = "/fn", endpoint = "jump")]
pub async fn jump(search: String, #[server(default)] app: String) -> Result<Found, ApiError> {
    use reelroom_domain::{search::SearchText, user::Role};

    use crate::server::{app_named, require, service};

    require(Role::Viewer)?;
    let search = SearchText::parse(&search);
    Ok(service().jump(app_named(&app)?, search.as_ref()).await?)
}
