use leptos::prelude::*;

use crate::error::ApiError;

/// Stops a recording, also one in an unknown state. A plain form returns to `room` of `app`.
#[server(prefix = "/fn", endpoint = "stop_recording")]
pub async fn stop_recording(
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
    let answer = service().stop_recording(&me, id).await;
    back_to_room::<StopRecording, _>(&app, &room, answer.map_err(ApiError::from))
}

#[cfg(feature = "ssr")]
mod errors {
    use http::StatusCode;
    use reelroom_service::StopError;

    use crate::{error::ApiError, server::set_status};

    impl From<StopError> for ApiError {
        fn from(error: StopError) -> Self {
            match error {
                StopError::NotAllowed => {
                    set_status(StatusCode::CONFLICT);
                    Self::NotAllowed
                }
                StopError::Platform(error) => error.into(),
                StopError::Service(error) => error.into(),
            }
        }
    }
}
