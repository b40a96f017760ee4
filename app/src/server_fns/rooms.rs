//! Rooms: their list, label, mark and alerts.

use leptos::prelude::*;
use reelroom_domain::{
    ids::RecordingId,
    room::RoomId,
    watch::{AlertKind, AlwaysRecord},
};
use reelroom_service::{LabelError, RemoveRoomError, ServiceError};

use super::room_form::RoomForm;
use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{answer_form, optional_id, principal, service},
};

/// Adds `room` (as typed) to `app` (empty: the default one) and returns its id.
#[server(prefix = "/fn", endpoint = "add_room")]
pub async fn add_room(room: String, #[server(default)] app: String) -> Result<RoomId, ApiError> {
    let me = principal()?;
    let named = optional_id(&app)?;
    let answer = async {
        let id = RoomId::new(room.as_str()).map_err(|_| ApiError::invalid("room", "not_a_room"))?;
        service().add_room(&me, named, &id).await?;
        Ok::<_, ApiError>(id)
    };
    let answer = answer.await;
    let list = LocalAddress::or_home("/");
    let id = answer.as_ref().ok();
    let done = id.map_or(list.clone(), |id| {
        LocalAddress::or_home(&paths::room(&app, id))
    });
    answer_form::<AddRoom, _>(answer, &done, &list, &[("room", &room), ("app", &app)])
}

/// Saves the label of `room` of `app` (empty: the default one). All fields are as typed; an empty `starred`
/// or `hidden` means no.
#[server(prefix = "/fn", endpoint = "label_room")]
pub async fn label_room(
    room: String,
    #[server(default)] title: String,
    #[server(default)] starred: String,
    #[server(default)] hidden: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let marks = (!starred.is_empty(), !hidden.is_empty());
    let answer = service()
        .label_room(&form.me, form.app, &form.room, &title, marks)
        .await;
    let answer = answer.map_err(|error| match error {
        LabelError::Title(_) => ApiError::invalid("title", "not_a_title"),
        LabelError::Service(error) => error.into(),
    });
    form.answer_typed::<LabelRoom, _>(answer, &[("title", &title)])
}

/// Removes `room` of `app` (empty: the default one), which anyRTC never reported. Its recordings move to the
/// room `into`, as typed.
#[server(prefix = "/fn", endpoint = "remove_room")]
pub async fn remove_room(
    room: String,
    #[server(default)] into: String,
    #[server(default)] app: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let target = Some(into.trim()).filter(|into| !into.is_empty());
    let target = target.map(RoomId::new).transpose();
    let answer = match &target {
        Ok(target) => {
            let removed = service()
                .remove_room(&form.me, form.app, &form.room, target.as_ref())
                .await;
            removed.map_err(|error| match error {
                RemoveRoomError::InUse => ApiError::NotAllowed,
                RemoveRoomError::NoTarget => ApiError::invalid("into", "not_a_room"),
                RemoveRoomError::Service(error) => error.into(),
            })
        }
        Err(_) => Err(ApiError::invalid("into", "not_a_room")),
    };
    if answer.is_ok() {
        let next = match target {
            Ok(Some(into)) => LocalAddress::or_home(&paths::room(&app, &into)),
            _ => LocalAddress::or_home("/"),
        };
        return answer_form::<RemoveRoom, _>(answer, &next, &next, &[]);
    }
    form.answer_typed::<RemoveRoom, _>(answer, &[("into", &into)])
}

/// Turns "always record" on (`yes`) or off for `room`, or on for the next meeting (`once`).
#[server(prefix = "/fn", endpoint = "mark_always")]
pub async fn mark_always(
    #[server(default)] app: String,
    room: String,
    #[server(default)] always: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let always = AlwaysRecord::parse(&always).unwrap_or(AlwaysRecord::Off);
    let answer = service()
        .mark_always(&form.me, form.app, &form.room, always)
        .await;
    form.answer::<MarkAlways, _>(answer)
}

/// Starts the due recording of `room`, with the fields of its form and until the end of the meeting.
#[server(prefix = "/fn", endpoint = "start_now")]
pub async fn start_now(
    #[server(default)] app: String,
    room: String,
) -> Result<RecordingId, ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let answer = service().start_now(&form.me, form.app, &form.room).await;
    form.answer::<StartNow, _>(answer)
}

/// Dismisses `alert` (a kind, in the database's spelling) in `room`.
#[server(prefix = "/fn", endpoint = "dismiss_alert")]
pub async fn dismiss_alert(
    #[server(default)] app: String,
    room: String,
    alert: String,
) -> Result<(), ApiError> {
    let form = RoomForm::parse(room, &app)?;
    let kind = AlertKind::parse(&alert).ok_or(ServiceError::NotFound)?;
    let answer = service()
        .dismiss_alert(&form.me, form.app, &form.room, kind)
        .await;
    form.answer::<DismissAlert, _>(answer)
}
