//! The platform's HTTP side, and the sandbox's own addresses beside it.

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
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_http::{csrf::CsrfLayer, services::ServeDir};
use url::Url;

use crate::{
    body::read_request,
    faults::{CallFault, Command, Faults},
    platform::Refusal,
    produce::produce,
    shared::{Addresses, Shared},
    videos,
};

/// How long an answer is withheld by [`CallFault::Swallow`].
const SWALLOWED: Duration = Duration::from_mins(1);
/// The one `Type` that there is here (`VENDOR.md` §1).
const TYPE: &str = "Meet";

type Query1 = Query<HashMap<String, String>>;

/// All addresses. A `POST` that another site makes a browser send is refused (403); the platform's
/// callers send neither `Origin` nor `Sec-Fetch-Site`.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/anyapi/v1/startrecord", get(start).post(start))
        .route("/anyapi/v1/stoprecord", get(stop).post(stop))
        .route("/sandbox/rooms", get(rooms))
        .route("/sandbox/rooms/{room}/end", post(end))
        .route("/sandbox/rooms/{room}/join/{user}", post(join))
        .route("/sandbox/rooms/{room}/leave/{user}", post(leave))
        .route("/sandbox/rooms/{room}/screen/{user}", post(screen))
        .route("/sandbox/auto/{room}", post(auto))
        .route("/sandbox/faults", get(show_faults).post(set_faults))
        .route("/sandbox/callbacks", post(set_callbacks))
        .merge(videos::router())
        .nest_service("/files", ServeDir::new(&shared.files))
        .layer(CsrfLayer::new())
        .with_state(shared)
}

/// The platform's answer: `{"result":"ok"}`, or why not.
fn answer(outcome: Result<(), String>) -> Response {
    let result = outcome.err().unwrap_or_else(|| "ok".to_owned());
    Json(json!({ "result": result })).into_response()
}

async fn start(State(shared): State<Arc<Shared>>, query: Query1, body: Bytes) -> Response {
    let fault = shared.faults().start;
    with_fault(&shared, fault, || {
        let room = admit(&shared, &query)?;
        let request = read_request(&body).map_err(|error| error.to_string())?;
        let now = Timestamp::now();
        let started = shared.platform().start(&room, request, now);
        shared.changed.notify_one();
        started.map_err(|refusal| refusal.to_string())
    })
    .await
}

async fn stop(State(shared): State<Arc<Shared>>, query: Query1) -> Response {
    let fault = shared.faults().stop;
    with_fault(&shared, fault, || {
        let room = admit(&shared, &query)?;
        let stopped = shared.platform().stop(&room, Timestamp::now());
        let finished = stopped.map_err(|refusal| refusal.to_string())?;
        shared.changed.notify_one();
        shared.spawn(produce(Arc::clone(&shared), finished, false));
        Ok(())
    })
    .await
}

/// Does what is asked, or what the fault says.
async fn with_fault(
    shared: &Shared,
    fault: CallFault,
    act: impl FnOnce() -> Result<(), String>,
) -> Response {
    match fault {
        CallFault::Ok => answer(act()),
        CallFault::Refuse => answer(Err("error".to_owned())),
        CallFault::Html => {
            Html("<!doctype html><title>Bad gateway</title><h1>502</h1>").into_response()
        }
        CallFault::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        CallFault::Swallow => {
            let outcome = act();
            shared.pause(SWALLOWED).await;
            answer(outcome)
        }
        CallFault::Late(millis) => {
            let outcome = act();
            shared.pause(Duration::from_millis(millis)).await;
            answer(outcome)
        }
    }
}

/// The room of a call from the app that exists. Names are case sensitive, as on the platform.
fn admit(shared: &Shared, query: &HashMap<String, String>) -> Result<String, String> {
    match query.get("AppID") {
        None => return Err("AppID is missing".to_owned()),
        Some(app) if *app != shared.app_id => return Err("AppID is unknown".to_owned()),
        Some(_) => {}
    }
    match query.get("Type") {
        Some(kind) if kind != TYPE => return Err("Type is unknown".to_owned()),
        _ => {}
    }
    let room = query.get("ArRoomID").ok_or(Refusal::NoRoom);
    room.cloned().map_err(|refusal| refusal.to_string())
}

/// A refusal on the sandbox's own addresses.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotThere => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        (status, Json(json!({ "result": self.to_string() }))).into_response()
    }
}

/// A room as `GET /sandbox/rooms` shows it. Times are RFC 3339, UTC.
#[derive(Debug, Serialize)]
struct RoomView {
    room: String,
    live_since: Option<String>,
    recording_since: Option<String>,
    people: Vec<PersonView>,
}

#[derive(Debug, Serialize)]
struct PersonView {
    user: String,
    since: String,
    screen: bool,
}

async fn rooms(State(shared): State<Arc<Shared>>) -> Json<Vec<RoomView>> {
    let platform = shared.platform();
    let view = platform.rooms().iter().map(|(name, room)| RoomView {
        room: name.clone(),
        live_since: room
            .meeting
            .as_ref()
            .map(|meeting| meeting.since.to_string()),
        recording_since: room.run.as_ref().map(|run| run.began.to_string()),
        people: room
            .people()
            .iter()
            .map(|person| PersonView {
                user: person.user.clone(),
                since: person.since.to_string(),
                screen: person.screen.is_some(),
            })
            .collect(),
    });
    Json(view.collect())
}

async fn end(State(shared): State<Arc<Shared>>, Path(room): Path<String>) -> Response {
    let outcome = shared.platform().end(&room, Timestamp::now());
    moved(&shared, outcome)
}

async fn join(
    State(shared): State<Arc<Shared>>,
    Path((room, user)): Path<(String, String)>,
) -> Response {
    let outcome = shared.platform().join(&room, &user, Timestamp::now());
    moved(&shared, outcome)
}

async fn leave(
    State(shared): State<Arc<Shared>>,
    Path((room, user)): Path<(String, String)>,
) -> Response {
    let outcome = shared.platform().leave(&room, &user, Timestamp::now());
    moved(&shared, outcome)
}

async fn screen(
    State(shared): State<Arc<Shared>>,
    Path((room, user)): Path<(String, String)>,
) -> Response {
    let outcome = shared
        .platform()
        .toggle_screen(&room, &user, Timestamp::now());
    moved(&shared, outcome)
}

fn moved(shared: &Shared, outcome: Result<(), Refusal>) -> Response {
    shared.changed.notify_one();
    match outcome {
        Ok(()) => answer(Ok(())),
        Err(refusal) => refusal.into_response(),
    }
}

/// The platform's automatic recording, just over.
const BY_ITSELF: SignedDuration = SignedDuration::from_secs(4);

async fn auto(State(shared): State<Arc<Shared>>, Path(room): Path<String>) -> Response {
    let now = Timestamp::now();
    let recorded = shared.platform().recorded_by_itself(&room, BY_ITSELF, now);
    match recorded {
        Ok(finished) => {
            shared.spawn(produce(Arc::clone(&shared), finished, true));
            answer(Ok(()))
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn show_faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(*shared.faults())
}

async fn set_faults(State(shared): State<Arc<Shared>>, command: Json<Command>) -> Json<Faults> {
    let mut faults = shared.faults();
    faults.obey(command.0);
    Json(*faults)
}

/// Callback addresses; `null` or absent: none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CallbacksBody {
    av: Option<Url>,
    status: Option<Url>,
}

async fn set_callbacks(
    State(shared): State<Arc<Shared>>,
    Json(body): Json<CallbacksBody>,
) -> Response {
    shared.redirect(Addresses {
        av: body.av,
        status: body.status,
    });
    answer(Ok(()))
}
