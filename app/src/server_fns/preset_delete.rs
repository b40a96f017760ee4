use leptos::prelude::*;

use crate::error::ApiError;

/// Deletes a preset from the page of `room`.
#[server(prefix = "/fn", endpoint = "delete_preset")]
pub async fn delete_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::{back_to_room::back_to_room, preset_errors::preset_id},
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let id = preset_id(&preset)?;
    let answer = service()
        .delete_preset(&me, app_named(&app)?, &room, id)
        .await;
    back_to_room::<DeletePreset, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
