use leptos::prelude::*;

use crate::error::ApiError;

/// A person says that a recording has stopped, which was not confirmed. `room` of `app` is where a
/// plain form goes back to.
#[server(prefix = "/fn", endpoint = "say_stopped")]
pub async fn say_stopped(
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
    let answer = service().say_stopped(&me, id).await;
    back_to_room::<SayStopped, _>(&app, &room, answer.map_err(ApiError::from))
}
