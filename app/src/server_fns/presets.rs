//! Presets of the start form. Each function takes the room whose page it was called from.

use leptos::prelude::*;
use reelroom_domain::{
    ids::PresetId,
    preset::{BadPresetName, DefaultFor, Move},
};
use reelroom_service::{FillWith, PresetError, SaveAs};

use super::room_form::{RoomForm, StartFields};
use crate::{error::ApiError, server::service};

/// Saves a start form as a preset: as a new one named `preset_name` or, where `preset` is an id, in place of
/// that one.
#[server(prefix = "/fn", endpoint = "save_preset")]
pub async fn save_preset(
    room: String,
    #[server(default)] app: String,
    #[server(default)] preset: String,
    #[server(default)] preset_name: String,
    #[server(flatten)] fields: StartFields,
) -> Result<PresetId, ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let save_as = if preset.is_empty() {
        SaveAs::New(preset_name.clone())
    } else {
        SaveAs::Over(preset_id(&preset)?)
    };
    let answer = service()
        .save_preset(&form.me, form.app, &form.room, fields.into(), save_as)
        .await;
    form.answer_typed::<SavePreset, _>(answer, &[("preset_name", &preset_name)])
}

/// Fills in the start form of `room`. `with` is the id of a preset, `last` for the values used last in the
/// room, or `before` for the values before the last fill-in. The typed `fields` are stored.
#[server(prefix = "/fn", endpoint = "fill_in")]
pub async fn fill_in(
    room: String,
    #[server(default)] app: String,
    with: String,
    #[server(flatten)] fields: StartFields,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let with = match with.as_str() {
        "last" => FillWith::LastUsed,
        "before" => FillWith::Before,
        id => FillWith::Preset(preset_id(id)?),
    };
    let answer = service()
        .fill_in(&form.me, form.app, &form.room, fields.into(), with)
        .await;
    form.answer::<FillIn, _>(answer)
}

/// Renames a preset from the page of `room`.
#[server(prefix = "/fn", endpoint = "rename_preset")]
pub async fn rename_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
    #[server(default)] name: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let id = preset_id(&preset)?;
    let answer = service()
        .rename_preset(&form.me, form.app, &form.room, id, &name)
        .await;
    form.answer::<RenamePreset, _>(answer)
}

/// Moves a preset past a neighbour. `past` is `up` or `down`, a space, and the neighbour's id: one value,
/// which a single button can post.
#[server(prefix = "/fn", endpoint = "move_preset")]
pub async fn move_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
    past: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let id = preset_id(&preset)?;
    let (step, past) = past.split_once(' ').unwrap_or_default();
    let step = Move::parse(step).ok_or_else(|| ApiError::invalid("past", "not_a_move"))?;
    let past = (step, preset_id(past)?);
    let answer = service()
        .move_preset(&form.me, form.app, &form.room, id, past)
        .await;
    form.answer::<MovePreset, _>(answer)
}

/// Makes a preset the default: `begin` is `room` for this room or `all` for all rooms. The suffix ` off`
/// removes the default instead.
#[server(prefix = "/fn", endpoint = "default_preset")]
pub async fn default_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
    begin: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let id = preset_id(&preset)?;
    let (which, id) = match begin.strip_suffix(" off") {
        Some(which) => (which, None),
        None => (begin.as_str(), Some(id)),
    };
    let which = DefaultFor::parse(which).ok_or_else(|| ApiError::invalid("begin", "not_a_word"))?;
    let answer = service()
        .default_preset(&form.me, form.app, &form.room, which, id)
        .await;
    form.answer::<DefaultPreset, _>(answer)
}

/// Deletes a preset from the page of `room`.
#[server(prefix = "/fn", endpoint = "delete_preset")]
pub async fn delete_preset(
    room: String,
    #[server(default)] app: String,
    preset: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let id = preset_id(&preset)?;
    let answer = service()
        .delete_preset(&form.me, form.app, &form.room, id)
        .await;
    form.answer::<DeletePreset, _>(answer)
}

/// Parses a preset id; invalid text gives the error for a deleted preset.
fn preset_id(text: &str) -> Result<PresetId, ApiError> {
    text.parse().map_err(|_| PresetError::Gone.into())
}

impl From<PresetError> for ApiError {
    fn from(error: PresetError) -> Self {
        let code = match error {
            PresetError::Name(BadPresetName::Empty) => "empty",
            PresetError::Name(BadPresetName::TooLong) => "too_long",
            PresetError::Name(BadPresetName::Control) => "control",
            PresetError::Taken => "taken",
            PresetError::Full => "full",
            PresetError::OverLimit(fields) => return Self::of_fields(fields, "too_long"),
            PresetError::Gone => return Self::NotFound,
            PresetError::Service(error) => return error.into(),
        };
        Self::invalid("preset_name", code)
    }
}
