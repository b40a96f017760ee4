use leptos::prelude::*;

use crate::error::ApiError;

/// Moves a preset past a neighbour. `past` is `up` or `down`, a space, and the neighbour's id: one value,
/// which a single button can post.
#[server(prefix = "/fn", endpoint = "move_preset")]
pub async fn move_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
    past: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{preset::Move, room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::{back_to_room::back_to_room, preset_errors::preset_id},
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let id = preset_id(&preset)?;
    let (step, past) = past.split_once(' ').unwrap_or_default();
    let step = Move::parse(step).ok_or_else(|| ApiError::invalid("past", "not_a_move"))?;
    let past = (step, preset_id(past)?);
    let answer = service()
        .move_preset(&me, app_named(&app)?, &room, id, past)
        .await;
    back_to_room::<MovePreset, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
