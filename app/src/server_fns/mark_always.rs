use leptos::prelude::*;

use crate::error::ApiError;

/// Turns "always record" on for `room`, or off if `always` is empty.
#[server(prefix = "/fn", endpoint = "mark_always")]
pub async fn mark_always(
    #[server(default)] app: String,
    room: String,
    #[server(default)] always: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::back_to_room::back_to_room,
    };

    let me = require(Role::Operator)?;
    let named = app_named(&app)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let on = !always.is_empty();
    let answer = service().mark_always(&me, named, &room, on).await;
    back_to_room::<MarkAlways, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
