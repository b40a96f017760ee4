use leptos::prelude::*;
use reelroom_domain::view::RoomView;

use crate::error::ApiError;

/// The page of one room of `app` (empty: the default one), known or not yet. `room` is its id to the
/// letter.
#[server(prefix = "/fn", endpoint = "room_view")]
pub async fn load_room(room: String, #[server(default)] app: String) -> Result<RoomView, ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::server::{app_named, require, service};

    let me = require(Role::Viewer)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    Ok(service().room(me.role, app_named(&app)?, &room).await?)
}
