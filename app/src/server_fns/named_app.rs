//! The app that a form names.

use reelroom_domain::ids::AppId;

use crate::error::ApiError;

/// The app of that id; nothing typed is the one whose rooms are shown.
pub fn named_app(typed: &str) -> Result<Option<AppId>, ApiError> {
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| ApiError::NotFound)
}
