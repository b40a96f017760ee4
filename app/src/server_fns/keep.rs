//! Trash, holds, cases and the consent of a second administrator. Plain forms return to the page that they were sent
//! from.

use leptos::prelude::*;
use reelroom_domain::{
    case::CaseForm,
    ids::{CaseId, RecordingId, RequestId},
    keep::{Denied, KeepForm},
    outcome::{ItemOutcome, Outcomes},
    user::Holder,
};
use reelroom_service::{KeepError, Selection, SelectionError};

use crate::{
    error::ApiError,
    form::without_error,
    paths::{self, LocalAddress},
    server::{
        answer_form, browser, form_page, id_named, optional_id, principal, recordings_listed,
        service,
    },
};

/// Moves a recording to the trash.
#[server(prefix = "/fn", endpoint = "trash_recording")]
pub async fn trash_recording(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let these = Selection::These(vec![id]);
    let answer = one(service().trash(&me, &browser(), these).await, id);
    answer_form::<TrashRecording, _>(answer, &done(), &page(), &[])
}

/// Restores a recording from the trash.
#[server(prefix = "/fn", endpoint = "restore_recording")]
pub async fn restore_recording(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = one(service().restore(&me, &browser(), &[id]).await, id);
    answer_form::<RestoreRecording, _>(answer, &done(), &page(), &[])
}

/// Has recordings of the trash purged at once: `ids` are theirs, with commas. Returns the id of the request if a
/// second administrator has to agree.
#[server(prefix = "/fn", endpoint = "delete_now")]
pub async fn delete_now(
    ids: String,
    #[server(default)] typed: String,
    #[server(default)] reason: String,
) -> Result<Option<RequestId>, ApiError> {
    let (me, these) = (principal()?, recordings_listed(&ids)?);
    let answer = service()
        .delete_now(&me, &browser(), &these, &typed, &reason)
        .await;
    let fields = [("typed", &*typed), ("reason", &*reason)];
    // The page of the trash reads it as a report.
    let did = match &answer {
        Ok(Some(_)) => format!("asked.{}", these.len()),
        _ => format!("deleted.{}", these.len()),
    };
    answer_form::<DeleteNow, _>(answer, &done().with(&[("did", &did)]), &page(), &fields)
}

/// Puts a recording on hold.
#[server(prefix = "/fn", endpoint = "hold_recording")]
pub async fn hold_recording(id: String, #[server(default)] reason: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().hold(&me, &browser(), id, &reason).await;
    answer_form::<HoldRecording, _>(answer, &done(), &page(), &[("reason", &*reason)])
}

/// Releases a recording of a case, or with an empty `case` of its own hold. Returns the id of the request if a second
/// administrator has to agree.
#[server(prefix = "/fn", endpoint = "release_recording")]
pub async fn release_recording(
    id: String,
    #[server(default)] case: String,
    #[server(default)] reason: String,
) -> Result<Option<RequestId>, ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let of = optional_id(&case)?;
    let answer = service().release(&me, &browser(), id, of, &reason).await;
    let fields = [("case", &*case), ("reason", &*reason)];
    let done = done_or_asked(&answer);
    answer_form::<ReleaseRecording, _>(answer, &done, &page(), &fields)
}

/// Agrees to a request as a second administrator, who signs with the password.
#[server(prefix = "/fn", endpoint = "agree_to_request")]
pub async fn agree_to_request(id: String, password: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().agree(&me, &browser(), id, &password).await;
    answer_form::<AgreeToRequest, _>(answer, &done(), &page(), &[])
}

/// Refuses a request as a second administrator.
#[server(prefix = "/fn", endpoint = "refuse_request")]
pub async fn refuse_request(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().refuse(&me, &browser(), id).await;
    answer_form::<RefuseRequest, _>(answer, &done(), &page(), &[])
}

/// Opens a case that holds recordings: `ids` are theirs, with commas. Returns its id.
#[server(prefix = "/fn", endpoint = "open_case")]
pub async fn open_case(
    #[server(default)] ids: String,
    #[server(flatten)] form: CaseForm,
) -> Result<CaseId, ApiError> {
    let (me, these) = (principal()?, recordings_listed(&ids)?);
    let opened = service().open_case(&me, &browser(), &form, &these).await;
    let done = match &opened {
        Ok(id) => LocalAddress::or_home(&paths::case(*id)),
        Err(_) => page(),
    };
    answer_form::<OpenCase, _>(opened, &done, &page(), &form.fields())
}

/// Changes the texts of a case.
#[server(prefix = "/fn", endpoint = "change_case")]
pub async fn change_case(id: String, #[server(flatten)] form: CaseForm) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let changed = service().change_case(&me, &browser(), id, &form).await;
    answer_form::<ChangeCase, _>(changed, &done(), &page(), &form.fields())
}

/// Adds recordings to a case: `ids` are theirs, with commas.
#[server(prefix = "/fn", endpoint = "add_to_case")]
pub async fn add_to_case(id: String, ids: String) -> Result<(), ApiError> {
    let (me, id, these) = (principal()?, id_named(&id)?, recordings_listed(&ids)?);
    let added = service().add_to_case(&me, &browser(), id, &these).await;
    answer_form::<AddToCase, _>(added, &done(), &page(), &[])
}

/// Closes a case. Returns the id of the request if a second administrator has to agree.
#[server(prefix = "/fn", endpoint = "close_case")]
pub async fn close_case(
    id: String,
    #[server(default)] reason: String,
) -> Result<Option<RequestId>, ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().close_case(&me, &browser(), id, &reason).await;
    let done = done_or_asked(&answer);
    answer_form::<CloseCase, _>(answer, &done, &page(), &[("reason", &*reason)])
}

/// Lets an account, by its sign-in name, or a group, by its name, look at a case.
#[server(prefix = "/fn", endpoint = "let_look")]
pub async fn let_look(id: String, name: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().let_look(&me, &browser(), id, &name).await;
    answer_form::<LetLook, _>(answer, &done(), &page(), &[("name", &*name)])
}

/// Lets an account (`of` is `user`) or a group no longer look at a case.
#[server(prefix = "/fn", endpoint = "end_look")]
pub async fn end_look(id: String, of: String, holder: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let looker = if of == "group" {
        Holder::Group(id_named(&holder)?)
    } else {
        Holder::User(id_named(&holder)?)
    };
    let answer = service().end_look(&me, &browser(), id, looker).await;
    answer_form::<EndLook, _>(answer, &done(), &page(), &[])
}

/// Changes the settings of the trash and of the second administrator. Returns the id of the request if a second
/// administrator has to agree.
#[server(prefix = "/fn", endpoint = "set_keep_settings")]
pub async fn set_keep_settings(
    #[server(flatten)] form: KeepForm,
) -> Result<Option<RequestId>, ApiError> {
    let me = principal()?;
    let answer = service().set_keep_settings(&me, &browser(), &form).await;
    let done = match &answer {
        Ok(Some(id)) => LocalAddress::or_home(&paths::request(*id)),
        Ok(None) | Err(_) => page().with(&[("saved", "deleting")]),
    };
    answer_form::<SetKeepSettings, _>(answer, &done, &page(), &form.fields())
}

/// The query parameters that repeat a form, and those with its result.
const TYPED: [&str; 12] = [
    "typed",
    "reason",
    "number",
    "name",
    "reference",
    "case",
    "trash_days",
    "request_days",
    "second_for_delete_now",
    "second_for_release",
    "saved",
    "did",
];
/// The parameters with which a dialog is open.
const DIALOG: [&str; 7] = [
    "confirm", "id", "request", "new", "edit", "close", "release",
];

/// The page that the form was sent from, without what was typed before.
fn page() -> LocalAddress {
    let page = form_page().unwrap_or_else(|| LocalAddress::or_home("/"));
    without_error(&page).without(&TYPED)
}

/// The same without its dialog.
fn done() -> LocalAddress {
    page().without(&DIALOG)
}

/// The same, which says whether a second administrator is asked.
fn done_or_asked<E>(answer: &Result<Option<RequestId>, E>) -> LocalAddress {
    match answer {
        Ok(Some(_)) => done().with(&[("did", "asked")]),
        Ok(None) | Err(_) => done(),
    }
}

/// The outcome for one recording.
pub(super) fn one(
    outcomes: Result<Outcomes, impl Into<ApiError>>,
    id: RecordingId,
) -> Result<(), ApiError> {
    let outcomes: Result<Outcomes, ApiError> = outcomes.map_err(Into::into);
    match outcomes?.get(&id) {
        Some(ItemOutcome::Done) => Ok(()),
        Some(ItemOutcome::Denied(denied)) => Err(denied_as(*denied)),
        Some(ItemOutcome::Refused) => Err(ApiError::Forbidden),
        Some(ItemOutcome::TooManyTags) => Err(ApiError::NotAllowed),
        Some(ItemOutcome::Gone) | None => Err(ApiError::NotFound),
    }
}

fn denied_as(denied: Denied) -> ApiError {
    match denied {
        Denied::Held => ApiError::Held,
        Denied::Purged => ApiError::Purged,
        _ => ApiError::NotAllowed,
    }
}

impl From<KeepError> for ApiError {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Denied(denied) => denied_as(denied),
            KeepError::NotHeld | KeepError::Closed | KeepError::NotOpen => Self::NotAllowed,
            KeepError::Invalid(fields) => Self::of_fields(fields, "unusable"),
            KeepError::Password(error) => error.into(),
            KeepError::Service(error) => error.into(),
        }
    }
}

impl From<SelectionError> for ApiError {
    fn from(error: SelectionError) -> Self {
        match error {
            SelectionError::TooMany => Self::invalid("selection", "too_many"),
            SelectionError::Service(error) => error.into(),
        }
    }
}
