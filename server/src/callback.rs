//! What the platform calls: bytes, secret, limits; then `reelroom_service` takes it in.

use axum::{
    body::{Body, to_bytes},
    extract::{Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reelroom_domain::{callback::CallbackKind, ids::AppId};
use reelroom_service::{RawCall, TakeInError};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

use crate::ServerState;

/// The most that is read of a body.
const LARGEST: usize = 1 << 20;

/// What the address may carry beside the path.
#[derive(Debug, Default, Deserialize)]
struct CallQuery {
    secret: Option<String>,
    app: Option<String>,
}

/// `POST /AR/V1/av`, in its three forms.
pub(crate) async fn file(State(state): State<ServerState>, request: Request) -> Response {
    take_in(&state, CallbackKind::Av, request).await
}

/// `POST /AR/V1/status`, in its three forms.
pub(crate) async fn status(State(state): State<ServerState>, request: Request) -> Response {
    take_in(&state, CallbackKind::Status, request).await
}

async fn take_in(state: &ServerState, kind: CallbackKind, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // A query that cannot be read brings no secret.
    let query = Query::<CallQuery>::try_from_uri(&parts.uri).map(|Query(query)| query);
    let query = query.unwrap_or_default();
    let body = match read(body, state.limits.body).await {
        Ok(body) => body,
        Err(status) => return status.into_response(),
    };
    let remote = state
        .trusted_proxies
        .caller(&parts.extensions, &parts.headers);
    let text = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let call = RawCall {
        kind,
        body,
        content_type: text(header::CONTENT_TYPE).map(str::to_owned),
        remote,
        secret: secret_in(parts.uri.path()).or(query.secret),
        app: query.app.and_then(|app| app.parse::<AppId>().ok()),
    };
    match state.service.take_in(call).await {
        Ok(taken) => {
            let status = if taken.well_formed {
                StatusCode::OK
            } else {
                StatusCode::BAD_REQUEST
            };
            (
                status,
                [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
                taken.reply,
            )
                .into_response()
        }
        Err(TakeInError::NotAllowed) => StatusCode::NOT_FOUND.into_response(),
        Err(TakeInError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(TakeInError::NotDurable(error)) => {
            tracing::error!(%error, "callback not taken in");
            not_now()
        }
    }
}

/// Nothing was kept, and that is our fault.
pub(crate) fn not_now() -> Response {
    let later = [(header::RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, later).into_response()
}

/// The secret in front of the fixed path or behind it. Not by an extractor: an address that cannot
/// be read brings no secret, and is answered like any other without one.
fn secret_in(path: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let (["AR", "V1", _, secret] | [secret, "AR", "V1", _]) = segments[..] else {
        return None;
    };
    // What may stand in a secret needs no escape, but some clients write `~` as one.
    url::form_urlencoded::parse(secret.as_bytes())
        .next()
        .map(|(secret, _)| secret.into_owned())
}

/// The whole body, or what to answer: 413 over the limit, 408 where it takes too long, 400 where the
/// sender broke off.
async fn read(body: Body, most: Duration) -> Result<Vec<u8>, StatusCode> {
    match timeout(most, to_bytes(body, LARGEST)).await {
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) => {
            let too_large = std::error::Error::source(&error)
                .is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>);
            Err(if too_large {
                StatusCode::PAYLOAD_TOO_LARGE
            } else {
                StatusCode::BAD_REQUEST
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_in_front_or_behind() {
        for (path, secret) in [
            ("/s3cret/AR/V1/av", Some("s3cret")),
            ("/AR/V1/av/s3cret", Some("s3cret")),
            ("/AR/V1/status/a%7Eb", Some("a~b")),
            ("/AR/V1/av", None),
            ("/AR/V1/av/", None),
            ("/a/b/AR/V1/av", None),
        ] {
            assert_eq!(secret_in(path).as_deref(), secret, "{path}");
        }
        // Not readable: no secret of ours, and no error.
        assert_ne!(secret_in("/AR/V1/av/%ff%fe").as_deref(), Some(""));
    }
}
