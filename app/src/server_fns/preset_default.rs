use leptos::prelude::*;

use crate::error::ApiError;

/// Makes a preset the default: `begin` is `room` for this room or `all` for all rooms. The suffix ` off`
/// removes the default instead.
#[server(prefix = "/fn", endpoint = "default_preset")]
pub async fn default_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
    begin: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{preset::DefaultFor, room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::{back_to_room::back_to_room, preset_errors::preset_id},
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let id = preset_id(&preset)?;
    let (which, id) = match begin.strip_suffix(" off") {
        Some(which) => (which, None),
        None => (begin.as_str(), Some(id)),
    };
    let which = DefaultFor::parse(which).ok_or_else(|| ApiError::invalid("begin", "not_a_word"))?;
    let answer = service()
        .default_preset(&me, app_named(&app)?, &room, which, id)
        .await;
    back_to_room::<DefaultPreset, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
