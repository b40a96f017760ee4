//! Recordings: start, stop, and what a person says about one in an unknown state. Plain forms return to the
//! page of `room` of `app`.

use leptos::prelude::*;
use reelroom_domain::{ids::RecordingId, user::Role};
use reelroom_service::{FormProblem, StartError, StopError};

use super::room_form::{RoomForm, StartFields, answer_in_room};
use crate::{
    error::{ApiError, Problem},
    server::{id_named, require, service},
};

/// Starts a recording in `room` of `app` (empty: the default one). The service stores the fields for the
/// room even if the start fails.
#[server(prefix = "/fn", endpoint = "start_recording")]
pub async fn start_recording(
    room: String,
    #[server(default)] app: String,
    #[server(flatten)] fields: StartFields,
) -> Result<RecordingId, ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let answer = service()
        .start_recording(&form.me, form.app, &form.room, fields.into())
        .await;
    form.answer::<StartRecording, _>(answer)
}

/// Stops a recording, also one in an unknown state.
#[server(prefix = "/fn", endpoint = "stop_recording")]
pub async fn stop_recording(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().stop_recording(&me, id_named(&id)?).await;
    answer_in_room::<StopRecording>(answer, &room, &app)
}

/// Checks whether a recording in an unknown state is running; starts and stops nothing.
#[server(prefix = "/fn", endpoint = "check_recording")]
pub async fn check_recording(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().check_recording(&me, id_named(&id)?).await;
    answer_in_room::<CheckRecording>(answer, &room, &app)
}

/// Records a person's statement that nothing was recorded.
#[server(prefix = "/fn", endpoint = "give_up_recording")]
pub async fn give_up_recording(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().give_up(&me, id_named(&id)?).await;
    answer_in_room::<GiveUpRecording>(answer, &room, &app)
}

/// Records a person's statement that an unconfirmed stop has happened.
#[server(prefix = "/fn", endpoint = "say_stopped")]
pub async fn say_stopped(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().say_stopped(&me, id_named(&id)?).await;
    answer_in_room::<SayStopped>(answer, &room, &app)
}

/// Makes an overdue recording ready without its missing files. A plain form returns to `room` of `app`.
#[server(prefix = "/fn", endpoint = "accept_incomplete")]
pub async fn accept_incomplete(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().accept_incomplete(&me, id_named(&id)?).await;
    answer_in_room::<AcceptIncomplete>(answer, &room, &app)
}

/// Records that a person has seen a failed start. A plain form returns to `room` of `app`.
#[server(prefix = "/fn", endpoint = "mark_seen")]
pub async fn mark_seen(
    id: String,
    #[server(default)] room: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let me = require(Role::Operator)?;
    let answer = service().mark_seen(&me, id_named(&id)?).await;
    answer_in_room::<MarkSeen>(answer, &room, &app)
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Invalid(problems) => {
                let problems = problems.iter().map(problem).collect();
                Self::Invalid { problems }
            }
            StartError::RoomTaken { by, since } => {
                let since = Some(since);
                Self::RoomTaken { by, since }
            }
            StartError::MeetingOver => Self::MeetingOver,
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

impl From<StopError> for ApiError {
    fn from(error: StopError) -> Self {
        match error {
            StopError::NotAllowed => Self::NotAllowed,
            StopError::Platform(error) => error.into(),
            StopError::Service(error) => error.into(),
        }
    }
}
