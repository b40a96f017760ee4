//! Recordings: start, stop, what a person says about one in an unknown state, and another try of its files.
//! Plain forms return to the page of their room, the last one to its own.

use leptos::prelude::*;
use reelroom_domain::ids::RecordingId;
use reelroom_service::{FormProblem, StartError, StopError};

use super::room_form::{RecordingForm, RoomForm, StartFields};
use crate::{
    error::{ApiError, Problem},
    server::{id_named, principal, service},
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
pub async fn stop_recording(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<StopRecording>(service().stop_recording(&me, id).await)
}

/// Checks whether a recording in an unknown state is running; starts and stops nothing.
#[server(prefix = "/fn", endpoint = "check_recording")]
pub async fn check_recording(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<CheckRecording>(service().check_recording(&me, id).await)
}

/// Records a person's statement that nothing was recorded.
#[server(prefix = "/fn", endpoint = "give_up_recording")]
pub async fn give_up_recording(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<GiveUpRecording>(service().give_up(&me, id).await)
}

/// Records a person's statement that an unconfirmed stop has happened.
#[server(prefix = "/fn", endpoint = "say_stopped")]
pub async fn say_stopped(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<SayStopped>(service().say_stopped(&me, id).await)
}

/// Makes an overdue recording ready without its missing files.
#[server(prefix = "/fn", endpoint = "accept_incomplete")]
pub async fn accept_incomplete(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<AcceptIncomplete>(service().accept_incomplete(&me, id).await)
}

/// Records that a person has seen a failed start.
#[server(prefix = "/fn", endpoint = "mark_seen")]
pub async fn mark_seen(#[server(flatten)] form: RecordingForm) -> Result<(), ApiError> {
    let (me, id) = form.parse()?;
    form.answer::<MarkSeen>(service().mark_seen(&me, id).await)
}

/// Tries the files of a recording at once that failed, are blocked or gone.
#[server(prefix = "/fn", endpoint = "retry_files")]
pub async fn retry_files(id: String) -> Result<(), ApiError> {
    let me = principal()?;
    Ok(service().retry_files(&me, id_named(&id)?).await?)
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Invalid(problems) => {
                let problems = problems.into_iter().map(problem).collect();
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

fn problem(problem: FormProblem) -> Problem {
    match problem {
        // One code for all problems of a rule: the page shows which it is.
        FormProblem::Rule => Problem::new("rule", "rule"),
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
