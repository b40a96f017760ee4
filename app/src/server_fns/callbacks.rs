//! Callbacks in the inbox. Plain forms return to `back`.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::file::FileKind;
use reelroom_service::{AssignError, TestError};

use crate::{
    error::ApiError,
    paths::LocalAddress,
    server::{answer_form, id_named, principal, service},
};

/// The inbox page that a form came from.
fn inbox_page(back: &str) -> LocalAddress {
    const INBOX: &str = "/callbacks";
    LocalAddress::parse(back)
        .filter(|page| page.path() == INBOX)
        .unwrap_or_else(|| LocalAddress::or_home(INBOX))
}

/// Redirects a plain form to the inbox page that it came from, with `done` in its query, or with the error.
fn answer_in_inbox<F: ServerFn<Error = ApiError>>(
    answer: Result<(), impl Into<ApiError>>,
    back: &str,
    done: &[(&str, &str)],
) -> Result<(), ApiError> {
    let page = inbox_page(back);
    answer_form::<F, _>(answer, &page.with(done), &page, &[])
}

/// Assigns the file of a call to a recording; `kind` (composite, track or frame) is for a call that does not
/// say it.
#[server(prefix = "/fn", endpoint = "assign_call")]
pub async fn assign_call(
    id: String,
    #[server(default)] recording: String,
    #[server(default)] kind: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let recording = id_named(&recording)?;
    let kind = FileKind::parse(&kind);
    let answer = service().assign_call(&me, id, recording, kind).await;
    answer_in_inbox::<AssignCall>(answer, &back, &[("assigned", "yes")])
}

/// Takes back the assignment of a call.
#[server(prefix = "/fn", endpoint = "unassign_call")]
pub async fn unassign_call(id: String, #[server(default)] back: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().unassign_call(&me, id_named(&id)?).await;
    answer_in_inbox::<UnassignCall>(answer, &back, &[("assigned", "no")])
}

impl From<AssignError> for ApiError {
    fn from(error: AssignError) -> Self {
        match error {
            AssignError::NotAFile | AssignError::Settled => Self::NotAllowed,
            AssignError::Service(error) => error.into(),
        }
    }
}

/// Marks a call as dealt with, or as open if `dealt` is empty.
#[server(prefix = "/fn", endpoint = "deal_with_call")]
pub async fn deal_with_call(
    id: String,
    #[server(default)] dealt: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().deal_with_call(&me, id, !dealt.is_empty()).await;
    answer_in_inbox::<DealWithCall>(answer, &back, &[])
}

/// Replays a call.
#[server(prefix = "/fn", endpoint = "replay_call")]
pub async fn replay_call(id: String, #[server(default)] back: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().replay_call(&me, id_named(&id)?).await;
    let outcome = match &answer {
        Ok(true) => "changed",
        Ok(false) => "same",
        Err(_) => "",
    };
    answer_in_inbox::<ReplayCall>(answer.map(drop), &back, &[("replayed", outcome)])
}

/// Starts replaying all calls that were not understood.
#[server(prefix = "/fn", endpoint = "replay_all")]
pub async fn replay_all(#[server(default)] back: String) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().replay_all(&me).await;
    answer_in_inbox::<ReplayAll>(answer, &back, &[("replayed", "all")])
}

/// Sends a test callback to the public address or, if `local` is not empty, to the local one. The page shows
/// the result.
#[server(prefix = "/fn", endpoint = "send_test_callback")]
pub async fn send_test_callback(
    #[server(default)] local: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().send_test(&me, !local.is_empty()).await;
    let answer = answer.map(drop).map_err(|error| match error {
        TestError::NoAddress => ApiError::NotAllowed,
        TestError::Service(error) => error.into(),
    });
    answer_in_inbox::<SendTestCallback>(answer, &back, &[("tested", "yes")])
}
