use leptos::prelude::*;
use reelroom_domain::view::RecordingView;

use crate::error::ApiError;

/// The page of one recording. An id that is none of ours is an absent recording.
#[server(prefix = "/fn", endpoint = "recording")]
pub async fn load_recording(id: String) -> Result<RecordingView, ApiError> {
    use reelroom_domain::user::Role;
    use reelroom_service::ServiceError;

    use crate::server::{require, service};

    require(Role::Viewer)?;
    let id = id.parse().map_err(|_| ServiceError::NotFound)?;
    Ok(service().recording(id).await?)
}
