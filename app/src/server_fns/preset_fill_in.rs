use leptos::prelude::*;

use crate::error::ApiError;

/// Fills in the start form of `room`. `with` is the id of a preset, `last` for the values used last in the
/// room, or `before` for the values before the last fill-in. The other fields are those of the start form, as
/// typed; they are stored.
#[server(prefix = "/fn", endpoint = "fill_in")]
pub async fn fill_in(
    room: String,
    #[server(default)] app: String,
    with: String,
    rule: String,
    #[server(default)] path: String,
    #[server(default)] user_data: String,
    #[server(default)] kind: String,
    #[server(default)] stop_after: String,
    #[server(default)] stop_at_end: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{order::StartForm, room::RoomId, user::Role};
    use reelroom_service::FillWith;

    use crate::{
        server::{app_named, require, service},
        server_fns::{back_to_room::back_to_room, preset_errors::preset_id},
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let typed = StartForm {
        rule,
        path,
        user_data,
        kind,
        stop_after,
        stop_at_end: !stop_at_end.is_empty(),
    };
    let with = match with.as_str() {
        "last" => FillWith::LastUsed,
        "before" => FillWith::Before,
        id => FillWith::Preset(preset_id(id)?),
    };
    let answer = service()
        .fill_in(&me, app_named(&app)?, &room, typed, with)
        .await;
    back_to_room::<FillIn, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
