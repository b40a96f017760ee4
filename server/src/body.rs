//! Reads request bodies of limited size. Their deadline is the listener's.

use std::{error::Error, iter, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use tokio::time::timeout;
use tower_http::timeout::TimeoutError;

/// The largest body of a form.
const LARGEST_FORM: usize = 2 << 20;
/// How long, and how much, is still read of a body that was refused: a client that is sending hears
/// no answer. One that announces more would not hear it either.
const COURTESY: (Duration, usize) = (Duration::from_secs(2), 2 << 20);

/// Reads the whole body before the handler runs: 408 after the deadline, 413 where it is too large,
/// 400 where the client broke off.
pub(crate) async fn whole(request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    match read(&mut body, LARGEST_FORM).await {
        Ok(bytes) => next.run(Request::from_parts(parts, bytes.into())).await,
        Err(status) => refuse(status, body).await,
    }
}

/// The whole body, or the status to answer.
pub(crate) async fn read(body: &mut Body, most: usize) -> Result<Vec<u8>, StatusCode> {
    // From `Content-Length`.
    if body.size_hint().lower() > most as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if is_late(&error) {
                StatusCode::REQUEST_TIMEOUT
            } else {
                StatusCode::BAD_REQUEST
            }
        })?;
        let data = frame.into_data().unwrap_or_default();
        if bytes.len() + data.len() > most {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Whether a body's `Content-Length` is more than is read even of one that is refused.
pub(crate) fn announces_too_much(body: &Body) -> bool {
    body.size_hint().lower() > COURTESY.1 as u64
}

/// Answers `status` to a request whose body was not read to its end, and closes the connection.
pub(crate) async fn refuse(status: StatusCode, mut body: Body) -> Response {
    let (patience, most) = COURTESY;
    let is_read = !announces_too_much(&body);
    let rest = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, bytes::Bytes::len);
            if read > most {
                break;
            }
        }
    };
    if is_read {
        // The client may never stop sending.
        let _ = timeout(patience, rest).await;
    }
    (status, [(header::CONNECTION, "close")]).into_response()
}

/// Whether the deadline of the body has passed.
fn is_late(error: &(dyn Error + 'static)) -> bool {
    iter::successors(Some(error), |&error| error.source()).any(<dyn Error>::is::<TimeoutError>)
}
