use leptos::prelude::*;

use crate::error::ApiError;

/// Marks `room` as always recorded, or takes the mark away where `always` is empty.
#[server(prefix = "/fn", endpoint = "mark_always")]
pub async fn mark_always(
    #[server(default)] app: String,
    room: String,
    #[server(default)] always: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};

    use crate::{
        server::{require, service},
        server_fns::{back_to_room::back_to_room, named_app::named_app},
    };

    let me = require(Role::Operator)?;
    let app = named_app(&app)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let on = !always.is_empty();
    let answer = service().mark_always(&me, app, &room, on).await;
    back_to_room::<MarkAlways, _>(room.as_str(), answer.map_err(ApiError::from))
}
