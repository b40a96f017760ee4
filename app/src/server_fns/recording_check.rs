use leptos::prelude::*;

use crate::error::ApiError;

/// Checks whether a recording in an unknown state is running; starts and stops nothing. A plain form
/// returns to `room` of `app`.
#[server(prefix = "/fn", endpoint = "check_recording")]
pub async fn check_recording(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        server::{id_named, require, service},
        server_fns::back_to_room::back_to_room,
    };

    let me = require(Role::Operator)?;
    let id = id_named(&id)?;
    let answer = service().check_recording(&me, id).await;
    back_to_room::<CheckRecording, _>(&app, &room, answer.map_err(ApiError::from))
}
