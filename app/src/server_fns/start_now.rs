use leptos::prelude::*;
use reelroom_domain::ids::RecordingId;

use crate::error::ApiError;

/// Starts the due recording of `room`, with the fields of its form and until the end of the meeting.
#[server(prefix = "/fn", endpoint = "start_now")]
pub async fn start_now(
    #[server(default)] app: String,
    room: String,
) -> Result<RecordingId, ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::back_to_room::back_to_room,
    };

    let me = require(Role::Operator)?;
    let named = app_named(&app)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let answer = service().start_now(&me, named, &room).await;
    back_to_room::<StartNow, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
