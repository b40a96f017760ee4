//! The platform's calls, and the sandbox's own routes beside them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tower_http::{csrf::CsrfLayer, services::ServeDir};

use crate::{
    faults::{CallFault, Faults},
    platform::Refusal,
    produce::produce,
    request::Request,
    shared::{Addresses, Shared},
    videos,
};

/// Milliseconds until the answer of [`CallFault::Swallow`].
const SWALLOWED: u64 = 60_000;
/// The only `Type` (`VENDOR.md` §1).
const TYPE: &str = "Meet";
/// The length of an automatic recording.
const AUTOMATIC: SignedDuration = SignedDuration::from_secs(4);

type Parameters = Query<HashMap<String, String>>;

/// All routes. A `POST` from another site's page is rejected with 403; callers of the platform send
/// neither `Origin` nor `Sec-Fetch-Site`.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/anyapi/v1/startrecord", get(start).post(start))
        .route("/anyapi/v1/stoprecord", get(stop).post(stop))
        .route("/sandbox/rooms", get(rooms))
        .route("/sandbox/rooms/{room}/end", post(end))
        .route("/sandbox/rooms/{room}/{action}/{user}", post(act))
        .route("/sandbox/auto/{room}", post(record_automatically))
        .route("/sandbox/faults", get(show_faults).post(set_faults))
        .route("/sandbox/callbacks", post(set_callbacks))
        .merge(videos::router())
        .nest_service("/files", ServeDir::new(&shared.files))
        .layer(CsrfLayer::new())
        .with_state(shared)
}

/// The platform's answer: `{"result":"ok"}`, or the reason for a refusal.
fn answer(outcome: Result<(), Refusal>) -> Response {
    let result = outcome.map_or_else(|refusal| refusal.to_string(), |()| "ok".to_owned());
    Json(json!({ "result": result })).into_response()
}

async fn start(State(shared): State<Arc<Shared>>, query: Parameters, body: Bytes) -> Response {
    let fault = shared.state().faults.start;
    with_fault(&shared, fault, || {
        let room = room(&shared, &query)?;
        let request = Request::read(&body)?;
        let mut state = shared.state();
        let started = state.platform.start(room, request, Timestamp::now());
        shared.changed.notify_one();
        started
    })
    .await
}

async fn stop(State(shared): State<Arc<Shared>>, query: Parameters) -> Response {
    let fault = shared.state().faults.stop;
    with_fault(&shared, fault, || {
        let room = room(&shared, &query)?;
        let finished = shared.state().platform.stop(room, Timestamp::now())?;
        shared.changed.notify_one();
        shared.spawn(produce(Arc::clone(&shared), finished));
        Ok(())
    })
    .await
}

/// Performs a call as the fault says.
async fn with_fault(
    shared: &Shared,
    fault: CallFault,
    call: impl FnOnce() -> Result<(), Refusal>,
) -> Response {
    let late = match fault {
        CallFault::Ok => 0,
        CallFault::Late(millis) => millis,
        CallFault::Swallow => SWALLOWED,
        CallFault::Refuse => return Json(json!({ "result": "error" })).into_response(),
        CallFault::Html => {
            return Html("<!doctype html><title>Bad gateway</title><h1>502</h1>").into_response();
        }
        CallFault::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let outcome = call();
    shared.pause(Duration::from_millis(late)).await;
    answer(outcome)
}

/// The room of a call, if its app exists. Names are case sensitive, as on the platform.
fn room<'a>(shared: &Shared, query: &'a HashMap<String, String>) -> Result<&'a str, Refusal> {
    let app = query.get("AppID").ok_or(Refusal::NoApp)?;
    if *app != shared.config.app_id {
        return Err(Refusal::UnknownApp);
    }
    if query.get("Type").is_some_and(|kind| kind != TYPE) {
        return Err(Refusal::UnknownType);
    }
    query
        .get("ArRoomID")
        .map(String::as_str)
        .ok_or(Refusal::NoRoom)
}

/// A refusal on the sandbox's own routes.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotThere => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "result": self.to_string() }))).into_response()
    }
}

/// The rooms. Times are RFC 3339, UTC.
async fn rooms(State(shared): State<Arc<Shared>>) -> Json<Vec<Value>> {
    let rooms = &shared.state().platform.rooms;
    let rooms = rooms.iter().map(|(name, room)| {
        let people = room.people.iter().map(|person| {
            json!({
                "user": person.user,
                "since": person.since.to_string(),
                "screen": person.screen.is_some(),
            })
        });
        json!({
            "room": name,
            "live_since": room.live_since.map(|at| at.to_string()),
            "recording_since": room.run.as_ref().map(|run| run.recording.began.to_string()),
            "people": people.collect::<Vec<_>>(),
        })
    });
    Json(rooms.collect())
}

async fn end(State(shared): State<Arc<Shared>>, Path(room): Path<String>) -> Response {
    let ended = shared.state().platform.end(&room, Timestamp::now());
    shared.changed.notify_one();
    ended.map(|()| answer(Ok(()))).into_response()
}

async fn act(
    State(shared): State<Arc<Shared>>,
    Path((room, action, user)): Path<(String, String, String)>,
) -> Response {
    let now = Timestamp::now();
    let platform = &mut shared.state().platform;
    let done = match &*action {
        "join" => platform.join(&room, &user, now),
        "leave" => platform.leave(&room, &user, now),
        "screen" => platform.toggle_screen(&room, &user, now),
        _ => Err(Refusal::NotThere),
    };
    shared.changed.notify_one();
    done.map(|()| answer(Ok(()))).into_response()
}

async fn record_automatically(
    State(shared): State<Arc<Shared>>,
    Path(room): Path<String>,
) -> Result<Response, Refusal> {
    let now = Timestamp::now();
    let finished = shared
        .state()
        .platform
        .record_automatically(&room, AUTOMATIC, now)?;
    shared.spawn(produce(Arc::clone(&shared), finished));
    Ok(answer(Ok(())))
}

async fn show_faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(shared.state().faults)
}

/// Changes the faults that `changes` names.
async fn set_faults(
    State(shared): State<Arc<Shared>>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Faults>, StatusCode> {
    let faults = &mut shared.state().faults;
    let mut all = json!(faults);
    for (name, fault) in changes {
        all[name] = fault;
    }
    *faults = serde_json::from_value(all).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    Ok(Json(*faults))
}

async fn set_callbacks(
    State(shared): State<Arc<Shared>>,
    Json(addresses): Json<Addresses>,
) -> Response {
    shared.redirect(addresses);
    answer(Ok(()))
}
