//! What the platform calls: bytes, secret, limits; then `reelroom_service` takes it in.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use reelroom_domain::{callback::CallbackKind, ids::AppId};
use reelroom_service::{RawCall, TakeInError};
use std::{borrow::Cow, net::IpAddr, panic::AssertUnwindSafe, time::Duration};
use tokio::time::timeout;

use crate::{
    ServerState,
    body::{announces_too_much, read, refuse},
};

/// The most that is read of a body.
const LARGEST: usize = 1 << 20;
/// The most that is read of a body, and for how long, where nothing but a token in it can speak for
/// its sender. What has one is the announcement of a file: user data of 16 KiB, escaped twice, and
/// little else.
const LARGEST_OF_STRANGERS: usize = 128 << 10;
const PATIENCE_WITH_STRANGERS: Duration = Duration::from_secs(10);
/// More secrets than this are not tried.
const MOST_SECRETS: usize = 16;

/// `POST /AR/V1/av`, in its three forms.
pub(crate) async fn file(State(state): State<ServerState>, request: Request) -> Response {
    take_in(&state, CallbackKind::Av, request).await
}

/// `POST /AR/V1/status`, in its three forms.
pub(crate) async fn status(State(state): State<ServerState>, request: Request) -> Response {
    take_in(&state, CallbackKind::Status, request).await
}

/// A `POST` to what is nearly the address of a callback: a console was given another one than we
/// show. Slashes too many cost nothing. All else is turned away and counted, so that somebody sees it;
/// a page's answer would be a redirect, which its sender may take for success.
pub(crate) async fn astray(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if request.method() != Method::POST || !is_nearly_ours(path) {
        return next.run(request).await;
    }
    if let Some((kind, _)) = form_of(path) {
        let taken = AssertUnwindSafe(take_in(&state, kind, request)).catch_unwind();
        return taken.await.unwrap_or_else(|_| not_now());
    }
    let (parts, body) = request.into_parts();
    let proxies = &state.trusted_proxies;
    let remote = proxies.caller(&parts.extensions, &parts.headers);
    turn_away(&state, remote, body).await
}

async fn turn_away(state: &ServerState, remote: Option<IpAddr>, body: Body) -> Response {
    state.service.turn_away(remote);
    refuse(StatusCode::NOT_FOUND, body).await
}

async fn take_in(state: &ServerState, kind: CallbackKind, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let remote = state
        .trusted_proxies
        .caller(&parts.extensions, &parts.headers);
    let secrets = secrets_in(&parts.uri);
    let known = state.service.lets_in(&secrets, remote);
    if announces_too_much(&body) {
        if !known {
            state.service.turn_away(remote);
        }
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, body).await;
    }
    if !known && kind == CallbackKind::Status {
        return turn_away(state, remote, body).await;
    }
    let read = if known {
        read(&mut body, LARGEST).await
    } else {
        let read = read(&mut body, LARGEST_OF_STRANGERS);
        let late = Err(StatusCode::REQUEST_TIMEOUT);
        timeout(PATIENCE_WITH_STRANGERS, read).await.unwrap_or(late)
    };
    let body = match read {
        Ok(read) => read,
        Err(status) if known => return refuse(status, body).await,
        Err(_) => return turn_away(state, remote, body).await,
    };
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
        content_encoding: text(header::CONTENT_ENCODING).map(str::to_owned),
        remote,
        secrets,
        app: query(&parts.uri)
            .find(|(name, _)| name == "app")
            .and_then(|(_, app)| app.parse::<AppId>().ok()),
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

/// The parts of a path, without the slashes that it has too many.
fn parts_of(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// What the address of a callback says, whatever slashes it has too many: which callback it is, and
/// the secret in front of the fixed path or behind it.
fn form_of(path: &str) -> Option<(CallbackKind, Option<&str>)> {
    let (what, secret) = match parts_of(path)[..] {
        ["AR", "V1", what] => (what, None),
        ["AR", "V1", what, secret] | [secret, "AR", "V1", what] => (what, Some(secret)),
        _ => return None,
    };
    Some((CallbackKind::parse(what)?, secret))
}

/// Whether this is the address of a callback, in one of its forms.
pub(crate) fn is_ours(path: &str) -> bool {
    form_of(path).is_some()
}

/// Whether somebody may have meant the address of a callback.
fn is_nearly_ours(path: &str) -> bool {
    let path = parts_of(path).join("/").to_ascii_lowercase();
    path.contains("ar/v1/av") || path.contains("ar/v1/status")
}

/// What may stand in a query beside the path.
fn query(uri: &Uri) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

/// Whatever was brought as a secret, in the path or the query. Not by an extractor: an address that
/// cannot be read brings no secret, and is answered like any other without one.
fn secrets_in(uri: &Uri) -> Vec<String> {
    // What may stand in a secret needs no escape, but some clients write `~` as one.
    let in_path = form_of(uri.path()).and_then(|(_, secret)| {
        let mut read = url::form_urlencoded::parse(secret?.as_bytes());
        read.next().map(|(secret, _)| secret)
    });
    let in_query = query(uri).filter(|(name, _)| name == "secret");
    in_path
        .into_iter()
        .chain(in_query.map(|(_, secret)| secret))
        .take(MOST_SECRETS)
        .map(Cow::into_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(address: &str) -> Vec<String> {
        secrets_in(&address.parse().unwrap())
    }

    #[test]
    fn the_secret_stands_in_front_or_behind() {
        for (address, expected) in [
            ("/s3cret/AR/V1/av", &["s3cret"][..]),
            ("/AR/V1/av/s3cret", &["s3cret"]),
            ("/AR/V1/status/a%7Eb", &["a~b"]),
            ("//s3cret//AR/V1/av/", &["s3cret"]),
            ("/AR/V1/av/s3cret/", &["s3cret"]),
            ("/AR/V1/av/?secret=s3cret", &["s3cret"]),
            (
                "/a/AR/V1/av?secret=b&secret=&app=1&secret=c",
                &["a", "b", "", "c"],
            ),
            ("/AR/V1/av", &[]),
            ("/AR/V1/av/", &[]),
            ("/a/b/AR/V1/av", &[]),
            ("/a/ar/v1/av", &[]),
        ] {
            assert_eq!(secrets(address), expected, "{address}");
        }
        // Not readable: no secret of ours, and no error.
        assert_ne!(secrets("/AR/V1/av/%ff%fe"), [""]);
    }

    #[test]
    fn what_is_nearly_an_address_of_ours() {
        for path in [
            "/AR/V1/av",
            "/x/ar/v1/AV/",
            "/old/prefix//AR//V1/status",
            "/s3cretAR/V1/av",
            "/AR/V1/status.php",
        ] {
            assert!(is_nearly_ours(path), "{path}");
        }
        for path in ["/", "/AR/V1", "/recordings", "/fn/sign_in", "/V1/av"] {
            assert!(!is_nearly_ours(path), "{path}");
        }
    }
}
