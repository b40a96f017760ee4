//! Error responses of forms about presets.

use http::StatusCode;
use reelroom_domain::{ids::PresetId, preset::BadPresetName};
use reelroom_service::PresetError;

use crate::{
    error::{ApiError, Problem},
    server::set_status,
};

/// Parses a preset id; invalid text gives the error for a deleted preset.
pub fn preset_id(text: &str) -> Result<PresetId, ApiError> {
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
            PresetError::OverLimit(fields) => {
                set_status(StatusCode::UNPROCESSABLE_ENTITY);
                let too_long = fields
                    .iter()
                    .map(|field| Problem::new(field.as_str(), "too_long"));
                return Self::Invalid {
                    problems: too_long.collect(),
                };
            }
            PresetError::Gone => {
                set_status(StatusCode::NOT_FOUND);
                return Self::NotFound;
            }
            PresetError::Service(error) => return error.into(),
        };
        set_status(StatusCode::UNPROCESSABLE_ENTITY);
        Self::invalid("preset_name", code)
    }
}
