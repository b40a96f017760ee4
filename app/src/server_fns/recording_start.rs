use leptos::prelude::*;
use reelroom_domain::ids::RecordingId;

use crate::error::ApiError;

/// Starts a recording in `room` of `app` (empty: the default one). All fields are as typed; an empty
/// `stop_at_end` means no. The service stores the fields for the room even if the start fails.
#[server(prefix = "/fn", endpoint = "start_recording")]
pub async fn start_recording(
    room: String,
    rule: String,
    #[server(default)] path: String,
    #[server(default)] user_data: String,
    #[server(default)] kind: String,
    #[server(default)] stop_after: String,
    #[server(default)] stop_at_end: String,
    #[server(default)] app: String,
) -> Result<RecordingId, ApiError> {
    use reelroom_domain::{order::StartForm, room::RoomId, user::Role};

    use crate::{
        server::{app_named, require, service},
        server_fns::back_to_room::back_to_room,
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
    let answer = service()
        .start_recording(&me, app_named(&app)?, &room, form)
        .await;
    back_to_room::<StartRecording, _>(&app, room.as_str(), answer.map_err(ApiError::from))
}

#[cfg(feature = "ssr")]
mod errors {
    use http::StatusCode;
    use reelroom_service::{FormProblem, StartError};

    use crate::{
        error::{ApiError, Problem},
        server::set_status,
    };

    impl From<StartError> for ApiError {
        fn from(error: StartError) -> Self {
            match error {
                StartError::Invalid(problems) => {
                    set_status(StatusCode::UNPROCESSABLE_ENTITY);
                    Self::Invalid {
                        problems: problems.iter().map(problem).collect(),
                    }
                }
                StartError::RoomTaken { by, since } => {
                    set_status(StatusCode::CONFLICT);
                    Self::RoomTaken {
                        by,
                        since: Some(since),
                    }
                }
                StartError::MeetingOver => {
                    set_status(StatusCode::CONFLICT);
                    Self::MeetingOver
                }
                StartError::Platform(error) => error.into(),
                StartError::Service(error) => error.into(),
            }
        }
    }

    fn problem(problem: &FormProblem) -> Problem {
        match problem {
            // One code for all problems of a rule: the page shows which it is.
            FormProblem::Rule(_) => Problem::new("rule", "rule"),
            FormProblem::Path => Problem::new("path", "not_relative"),
            FormProblem::Kind => Problem::new("kind", "not_a_kind"),
            FormProblem::StopAfter => Problem::new("stop_after", "not_minutes"),
            FormProblem::OverLimit(field) => Problem::new(field.as_str(), "too_long"),
        }
    }
}
