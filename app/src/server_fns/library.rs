use leptos::prelude::*;
use reelroom_domain::view::Library;

use crate::error::ApiError;

/// A page of the library of `app` (empty: the default one). `search`, `room` and `before` may be empty.
#[server(prefix = "/fn", endpoint = "library")]
pub async fn load_library(
    search: String,
    room: String,
    before: String,
    #[server(default)] app: String,
) -> Result<Library, ApiError> {
    use reelroom_domain::{room::RoomId, search::SearchText, user::Role};
    use reelroom_service::LibraryQuery;

    use crate::server::{app_named, require, service};

    require(Role::Viewer)?;
    let room = if room.is_empty() {
        None
    } else {
        Some(RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?)
    };
    let query = LibraryQuery {
        app: app_named(&app)?,
        search: SearchText::parse(&search),
        room,
        before: Some(before).filter(|before| !before.is_empty()),
    };
    Ok(service().library(query).await?)
}
