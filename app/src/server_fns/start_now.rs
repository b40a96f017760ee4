use leptos::prelude::*;
use reelroom_domain::ids::RecordingId;

use crate::error::ApiError;

/// Starts the recording that should run already in `room`: as its form has it, to the meeting's end.
#[server(prefix = "/fn", endpoint = "start_now")]
pub async fn start_now(
    #[server(default)] app: String,
    room: String,
) -> Result<RecordingId, ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::{
        server::{require, service},
        server_fns::{back_to_room::back_to_room, named_app::named_app},
    };

    let me = require(Role::Operator)?;
    let app = named_app(&app)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let answer = service().start_now(&me, app, &room).await;
    back_to_room::<StartNow, _>(room.as_str(), answer.map_err(ApiError::from))
}
