use leptos::prelude::*;

use crate::error::ApiError;

/// Records a person's statement that nothing was recorded. A plain form returns to `room` of `app`.
#[server(prefix = "/fn", endpoint = "give_up_recording")]
pub async fn give_up_recording(
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
    let answer = service().give_up(&me, id).await;
    back_to_room::<GiveUpRecording, _>(&app, &room, answer.map_err(ApiError::from))
}
