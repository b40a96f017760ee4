//! What the platform calls: bytes, secret, limits; then `reelroom_service` takes it in.

use axum::{
    body::{Body, to_bytes},
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reelroom_domain::{callback::CallbackKind, ids::AppId};
use reelroom_service::{RawCall, TakeInError};
use serde::Deserialize;

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
pub(crate) async fn file(
    State(state): State<ServerState>,
    secret: Option<Path<String>>,
    request: Request,
) -> Response {
    take_in(&state, CallbackKind::Av, secret, request).await
}

/// `POST /AR/V1/status`, in its three forms.
pub(crate) async fn status(
    State(state): State<ServerState>,
    secret: Option<Path<String>>,
    request: Request,
) -> Response {
    take_in(&state, CallbackKind::Status, secret, request).await
}

async fn take_in(
    state: &ServerState,
    kind: CallbackKind,
    secret: Option<Path<String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    // A query that cannot be read brings no secret.
    let query = Query::<CallQuery>::try_from_uri(&parts.uri).map(|Query(query)| query);
    let query = query.unwrap_or_default();
    let body = match read(body).await {
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
        secret: secret.map(|Path(secret)| secret).or(query.secret),
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
        Err(TakeInError::NotDurable(error)) => {
            tracing::error!(%error, "callback not taken in");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(header::RETRY_AFTER, "5")],
            )
                .into_response()
        }
    }
}

/// The whole body, or what to answer: 413 over the limit, 400 where the sender broke off.
async fn read(body: Body) -> Result<Vec<u8>, StatusCode> {
    match to_bytes(body, LARGEST).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
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
