//! Reads request bodies of limited size. Their deadline is the listener's.

use std::{error::Error, iter, time::Duration};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;
use tower_http::timeout::TimeoutError;

/// The largest body of a form.
const LARGEST_FORM: usize = 2 << 20;
/// The time and the bytes for which a rejected body is still read, since a client that is sending does
/// not read the answer.
const DRAIN: (Duration, usize) = (Duration::from_secs(2), 2 << 20);

/// Reads the whole body before the handler runs: 408 after the deadline, 413 if it is too large, 400 if
/// the client disconnects.
pub(crate) async fn whole(request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    match read(&mut body, LARGEST_FORM).await {
        Ok(bytes) => next.run(Request::from_parts(parts, bytes.into())).await,
        Err(status) => refuse(status, body).await,
    }
}

/// The whole body of at most `max` bytes, or the status of the answer.
pub(crate) async fn read(body: &mut Body, max: usize) -> Result<Vec<u8>, StatusCode> {
    // From `Content-Length`.
    if body.size_hint().lower() > max as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match Limited::new(body, max).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(error) if is_late(error.as_ref()) => Err(StatusCode::REQUEST_TIMEOUT),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

/// Whether a body's `Content-Length` is over the limit even of a rejected body.
pub(crate) fn announces_too_much(body: &Body) -> bool {
    body.size_hint().lower() > DRAIN.1 as u64
}

/// Answers with `status` to a request whose body was not read to its end, and closes the connection.
pub(crate) async fn refuse(status: StatusCode, mut body: Body) -> Response {
    let (deadline, max) = DRAIN;
    let is_read = !announces_too_much(&body);
    let rest = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, bytes::Bytes::len);
            if read > max {
                break;
            }
        }
    };
    if is_read {
        // The client may never stop sending.
        let _ = timeout(deadline, rest).await;
    }
    (status, [(header::CONNECTION, "close")]).into_response()
}

/// Whether the deadline of the body has passed.
fn is_late(error: &(dyn Error + 'static)) -> bool {
    iter::successors(Some(error), |&error| error.source()).any(<dyn Error>::is::<TimeoutError>)
}
