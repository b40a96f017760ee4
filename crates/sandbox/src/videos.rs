//! The video list (`VENDOR.md` §5): its two calls, with signature, rate limit, codes and pages.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::{SignedDuration, Timestamp};
use reelroom_anyrtc::videos::{Progress, Video, signature, write};
use serde_json::{Value, json};

use crate::{
    catalogue::{Catalogue, Counts},
    faults::ListFault,
    shared::Shared,
};

/// The most that the caller's clock may be off.
const MAX_SKEW: SignedDuration = SignedDuration::from_hours(24);
const MAX_PAGE_SIZE: usize = 100;
const TWO_HOURS: i64 = 2 * 60 * 60_000;

/// A code and its message.
type Refused = (u16, &'static str);

/// One of the two calls.
type List = fn(&Catalogue, &Value, ListFault) -> Result<Value, Refused>;

const TOO_FREQUENT: Refused = (299, "too frequent");
const MISSING: Refused = (400, "parameter is missing");

/// The routes of the two calls and of the counts.
pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route(
            "/oauth/anyapi/v1/videoInfo/getVodListByTime",
            post(async |state, body| answer(state, body, by_time).await),
        )
        .route(
            "/oauth/anyapi/v1/videoInfo/getVodInfoByRoomId",
            post(async |state, body| answer(state, body, of_room).await),
        )
        .route("/sandbox/videos", get(counts))
}

async fn counts(State(shared): State<Arc<Shared>>) -> Json<Counts> {
    let catalogue = &shared.state().catalogue;
    let done = |video: &&Video| video.progress == Progress::Done;
    Json(Counts {
        done: catalogue.videos.iter().filter(done).count(),
        ..catalogue.counts
    })
}

async fn answer(State(shared): State<Arc<Shared>>, body: Bytes, list: List) -> Response {
    let fault = shared.state().faults.video_list;
    if let ListFault::Late(millis) = fault {
        shared.pause(Duration::from_millis(millis)).await;
    }
    let outcome = match fault {
        ListFault::Error => Err((501, "internal error")),
        _ => call(&shared, &body, fault, list),
    };
    let mut answer = match outcome {
        Ok(_) if fault == ListFault::Absent => json!({"code": 200, "message": "ok"}),
        Ok(content) => json!({"code": 200, "message": "ok", "content": content}),
        Err((code, message)) => json!({"code": code, "message": message, "content": null}),
    };
    answer["requestid"] = Value::from(shared.state().platform.letters(16));
    let text = match fault {
        ListFault::TrailingComma => answer.to_string().replace('}', ",}").replace(']', ",]"),
        ListFault::Strings => strings(answer).to_string(),
        _ => answer.to_string(),
    };
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

fn call(shared: &Shared, body: &[u8], fault: ListFault, list: List) -> Result<Value, Refused> {
    let call: Value = serde_json::from_slice(body).map_err(|_| MISSING)?;
    let catalogue = &mut shared.state().catalogue;
    if !catalogue.admit(Instant::now()) {
        return Err(TOO_FREQUENT);
    }
    let app = text(&call, "appId")?;
    if app != shared.config.app_id {
        return Err((247, "app is unknown"));
    }
    let random = text(&call, "random")?;
    let at = number(&call, "timestamp").map_err(|_| (282, "timestamp is invalid"))?;
    let apart = Timestamp::from_millisecond(at).map(|at| at.duration_since(Timestamp::now()).abs());
    if apart.map_or(true, |apart| apart > MAX_SKEW) {
        return Err((282, "timestamp is invalid"));
    }
    let expected = signature(app, at, &shared.config.vod_token, random);
    if !(6..=10).contains(&random.chars().count()) || text(&call, "signature")? != expected {
        return Err((281, "signature is invalid"));
    }
    list(catalogue, &call, fault)
}

/// The files of a time range, without their rooms. The newest is first, so pages shift while files
/// are added.
fn by_time(catalogue: &Catalogue, call: &Value, fault: ListFault) -> Result<Value, Refused> {
    let (from, to) = (number(call, "begTime")?, number(call, "endTime")?);
    let page = usize::try_from(number(call, "pageNum")?.max(1)).unwrap_or(1);
    let largest = match fault {
        ListFault::Hole | ListFault::Shift => 2,
        _ => MAX_PAGE_SIZE,
    };
    let size = usize::try_from(number(call, "pageMax")?).unwrap_or(largest);
    let size = size.clamp(1, largest);
    if fault == ListFault::Crowd && to - from > TWO_HOURS {
        let data = (0..size).map(|id| json!({"fileid": id, "filestatus": 0}));
        return Ok(content(&data.collect::<Vec<_>>(), 1_000_000));
    }
    let inside = |video: &&Video| {
        video.start_ms.is_some_and(|start| start <= to)
            && video.end_ms.is_some_and(|end| end >= from)
    };
    let found: Vec<&Video> = catalogue.videos.iter().rev().filter(inside).collect();
    let (skipped, shown) = match fault {
        ListFault::Short => (1, size - 1),
        ListFault::Hole if page.is_multiple_of(2) => (0, 0),
        ListFault::Shift if page > 1 => (1, size),
        _ => (0, size),
    };
    let page = found.iter().skip((page - 1) * size + skipped).take(shown);
    let data = page.map(|video| {
        write(&Video {
            room: None,
            ..(*video).clone()
        })
    });
    Ok(content(&data.collect::<Vec<_>>(), found.len()))
}

fn of_room(catalogue: &Catalogue, call: &Value, _: ListFault) -> Result<Value, Refused> {
    let room = text(call, "roomId")?;
    let videos = catalogue.videos.iter().rev();
    let data = videos.filter(|video| video.room.as_deref() == Some(room));
    let data: Vec<Value> = data.map(write).collect();
    Ok(content(&data, data.len()))
}

fn content(data: &[Value], count: usize) -> Value {
    json!({"data": data, "cnt": {"cnt": count}})
}

fn text<'a>(call: &'a Value, name: &str) -> Result<&'a str, Refused> {
    let text = call[name].as_str().filter(|text| !text.is_empty());
    text.ok_or(MISSING)
}

fn number(call: &Value, name: &str) -> Result<i64, Refused> {
    call[name].as_i64().ok_or(MISSING)
}

/// Every number as a string.
fn strings(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.to_string()),
        Value::Array(items) => items.into_iter().map(strings).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, strings(value)))
            .collect(),
        other => other,
    }
}
