use leptos::prelude::*;

use crate::error::ApiError;

/// Dismisses `alert` (a kind, in the database's spelling) in `room`.
#[server(prefix = "/fn", endpoint = "dismiss_alert")]
pub async fn dismiss_alert(
    #[server(default)] app: String,
    room: String,
    alert: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{room::RoomId, user::Role, watch::AlertKind};
    use reelroom_service::ServiceError;

    use crate::{
        server::{app_named, require, service},
        server_fns::back_to_room::back_to_room,
    };

    let me = require(Role::Operator)?;
    let named = app_named(&app)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let kind = AlertKind::parse(&alert).ok_or(ServiceError::NotFound)?;
    let answer = service().dismiss_alert(&me, named, &room, kind).await;
    back_to_room::<DismissAlert, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}
