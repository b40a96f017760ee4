use leptos::prelude::*;

use crate::error::ApiError;

/// Records a person's statement that an unconfirmed stop has happened. A plain form returns to
/// `room` of `app`.
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
