use leptos::prelude::*;
use reelroom_domain::room::RoomId;

use crate::error::ApiError;

/// Adds `room` (as typed) to `app` (empty: the default one) and returns its id.
#[server(prefix = "/fn", endpoint = "add_room")]
pub async fn add_room(room: String, #[server(default)] app: String) -> Result<RoomId, ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        paths::{self, LocalAddress},
        server::{app_named, back_to_form, is_plain_form, redirect, require, service},
    };

    let me = require(Role::Operator)?;
    let named = app_named(&app)?;
    let answer = match RoomId::new(room.as_str()) {
        Ok(id) => {
            let added = service().add_room(&me, named, &id).await;
            added.map(|()| id).map_err(ApiError::from)
        }
        Err(_) => Err(ApiError::invalid("room", "not_a_room")),
    };
    match &answer {
        Ok(id) if is_plain_form() => redirect(&LocalAddress::or_home(&paths::room(&app, id))),
        Ok(_) => {}
        Err(error) => {
            let typed = [("room", room.as_str()), ("app", app.as_str())];
            back_to_form::<AddRoom>(&LocalAddress::or_home("/"), &typed, error);
        }
    }
    answer
}
