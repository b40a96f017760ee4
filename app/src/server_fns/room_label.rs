use leptos::prelude::*;

use crate::error::ApiError;

/// Saves the label of `room` of `app` (empty: the default one). All fields are as typed; an empty `starred`
/// or `hidden` means no.
#[server(prefix = "/fn", endpoint = "label_room")]
pub async fn label_room(
    room: String,
    #[server(default)] title: String,
    #[server(default)] starred: String,
    #[server(default)] hidden: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    use reelroom_domain::{room::RoomId, user::Role};
    use reelroom_service::LabelError;

    use crate::{
        server::{app_named, require, service},
        server_fns::back_to_room::back_to_room_with,
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let marks = (!starred.is_empty(), !hidden.is_empty());
    let answer = service()
        .label_room(&me, app_named(&app)?, &room, &title, marks)
        .await;
    let answer = answer.map_err(|error| match error {
        LabelError::Title(_) => ApiError::invalid("title", "not_a_title"),
        LabelError::Service(error) => error.into(),
    });
    back_to_room_with::<LabelRoom, _>(&app, room.as_str(), &[("title", &title)], answer)
}
