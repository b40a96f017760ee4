use leptos::prelude::*;
use reelroom_domain::ids::PresetId;

use crate::error::ApiError;

/// Saves a start form as a preset: as a new one named `preset_name` or, where `preset` is an id, in
/// place of that one. The other fields are those of the start form, as typed.
#[server(prefix = "/fn", endpoint = "save_preset")]
pub async fn save_preset(
    room: String,
    #[server(default)] app: String,
    #[server(default)] preset: String,
    #[server(default)] preset_name: String,
    rule: String,
    #[server(default)] path: String,
    #[server(default)] user_data: String,
    #[server(default)] kind: String,
    #[server(default)] stop_after: String,
    #[server(default)] stop_at_end: String,
) -> Result<PresetId, ApiError> {
    use reelroom_domain::{order::StartForm, room::RoomId, user::Role};
    use reelroom_service::SaveAs;

    use crate::{
        server::{app_named, require, service},
        server_fns::{back_to_room::back_to_room_with, preset_errors::preset_id},
    };

    let me = require(Role::Operator)?;
    let room = RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
    let form = StartForm {
        rule,
        path,
        user_data,
        kind,
        stop_after,
        stop_at_end: !stop_at_end.is_empty(),
    };
    let save_as = if preset.is_empty() {
        SaveAs::New(preset_name.clone())
    } else {
        SaveAs::Over(preset_id(&preset)?)
    };
    let answer = service()
        .save_preset(&me, app_named(&app)?, &room, form, save_as)
        .await;
    let typed = [("preset_name", preset_name.as_str())];
    back_to_room_with::<SavePreset, _>(&app, room.as_str(), &typed, answer.map_err(ApiError::from))
}
