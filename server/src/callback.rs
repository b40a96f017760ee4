//! The platform's callbacks: reads secret and body within limits, and passes them to the service.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use reelroom_domain::{callback::CallbackKind, ids::AppId};
use reelroom_service::{AcceptError, RawCall};
use std::{borrow::Cow, net::IpAddr, panic::AssertUnwindSafe, time::Duration};
use tokio::time::timeout;

use crate::{
    ServerState,
    body::{announces_too_much, read, refuse},
    header_text::header_text,
};

/// The limit of a body in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The limit and the deadline of a body without a secret, which is accepted only with a correlation
/// token. Such a file callback has user data of 16 KiB, escaped twice, and little else.
const MAX_BYTES_WITHOUT_SECRET: usize = 128 << 10;
const TIMEOUT_WITHOUT_SECRET: Duration = Duration::from_secs(10);
/// The most secrets that are tried.
const MAX_SECRETS: usize = 16;

/// A call at `/AR/V1/av`, with the secret in any of its places.
pub(crate) async fn file(State(state): State<ServerState>, request: Request) -> Response {
    accept(&state, CallbackKind::Av, request).await
}

/// A call at `/AR/V1/status`, with the secret in any of its places.
pub(crate) async fn status(State(state): State<ServerState>, request: Request) -> Response {
    accept(&state, CallbackKind::Status, request).await
}

/// Handles a request for nearly the address of a callback, where a console has a mistyped one. Extra
/// slashes are ignored; anything else is rejected and counted, so that it is shown. The answer of a page
/// would be a redirect, which repeats the secret, and which the sender may take for success.
pub(crate) async fn unknown_route(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if !is_nearly_ours(path) {
        return next.run(request).await;
    }
    if let Some((kind, _)) = form_of(path) {
        let taken = AssertUnwindSafe(accept(&state, kind, request)).catch_unwind();
        return taken.await.unwrap_or_else(|_| not_now());
    }
    let (parts, body) = request.into_parts();
    let proxies = &state.trusted_proxies;
    let remote = proxies.caller(&parts.extensions, &parts.headers);
    reject(&state, remote, body).await
}

async fn reject(state: &ServerState, remote: Option<IpAddr>, body: Body) -> Response {
    state.service.reject(remote);
    refuse(StatusCode::NOT_FOUND, body).await
}

async fn accept(state: &ServerState, kind: CallbackKind, request: Request) -> Response {
    let (parts, mut body) = request.into_parts();
    let remote = state
        .trusted_proxies
        .caller(&parts.extensions, &parts.headers);
    let secrets = secrets_in(&parts.uri);
    let known = state.service.has_access(&secrets, remote);
    if announces_too_much(&body) {
        if !known {
            state.service.reject(remote);
        }
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, body).await;
    }
    // A console tries the address by GET or HEAD before it posts to it.
    let is_call = matches!(parts.method, Method::GET | Method::HEAD | Method::POST);
    if !known && (kind == CallbackKind::Status || !is_call) {
        return reject(state, remote, body).await;
    }
    if !is_call {
        let refused = refuse(StatusCode::METHOD_NOT_ALLOWED, body).await;
        return ([(header::ALLOW, "GET, HEAD, POST")], refused).into_response();
    }
    let read = if known {
        read(&mut body, MAX_BYTES).await
    } else {
        let read = read(&mut body, MAX_BYTES_WITHOUT_SECRET);
        let late = Err(StatusCode::REQUEST_TIMEOUT);
        timeout(TIMEOUT_WITHOUT_SECRET, read).await.unwrap_or(late)
    };
    let body = match read {
        Ok(read) => read,
        Err(status) if known => return refuse(status, body).await,
        Err(_) => return reject(state, remote, body).await,
    };
    let text = |name: HeaderName| header_text(&parts.headers, name).map(str::to_owned);
    let call = RawCall {
        kind,
        body,
        content_type: text(header::CONTENT_TYPE),
        content_encoding: text(header::CONTENT_ENCODING),
        remote,
        secrets,
        app: query(&parts.uri)
            .find(|(name, _)| name == "app")
            .and_then(|(_, app)| app.parse::<AppId>().ok()),
    };
    match state.service.accept_call(call).await {
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
        Err(AcceptError::NotAllowed) => StatusCode::NOT_FOUND.into_response(),
        Err(AcceptError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(AcceptError::NotDurable(error)) => {
            tracing::error!(%error, "callback not stored");
            not_now()
        }
    }
}

/// The answer where nothing was stored because of an error of ours: 503.
pub(crate) fn not_now() -> Response {
    let later = [(header::RETRY_AFTER, "5")];
    (StatusCode::SERVICE_UNAVAILABLE, later).into_response()
}

/// The parts of a path; extra slashes are ignored.
fn parts_of(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// The kind of a callback and its secret, in front of the fixed path or behind it, by the path.
fn form_of(path: &str) -> Option<(CallbackKind, Option<&str>)> {
    let (what, secret) = match parts_of(path)[..] {
        ["AR", "V1", what] => (what, None),
        ["AR", "V1", what, secret] | [secret, "AR", "V1", what] => (what, Some(secret)),
        _ => return None,
    };
    Some((CallbackKind::parse(what)?, secret))
}

/// Whether this is the path of a callback.
pub(crate) fn is_ours(path: &str) -> bool {
    form_of(path).is_some()
}

/// Whether the path may be a mistyped one of a callback.
fn is_nearly_ours(path: &str) -> bool {
    let path = parts_of(path).join("/").to_ascii_lowercase();
    path.contains("ar/v1/av") || path.contains("ar/v1/status")
}

/// The parameters of the query.
fn query(uri: &Uri) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
}

/// The secrets in the path and the query. Not by an extractor: an address that cannot be decoded has no
/// secret and gets the same answer as any other without one.
fn secrets_in(uri: &Uri) -> Vec<String> {
    // The characters of a secret need no escape, but some clients escape `~`.
    let in_path = form_of(uri.path()).and_then(|(_, secret)| {
        let mut read = url::form_urlencoded::parse(secret?.as_bytes());
        read.next().map(|(secret, _)| secret)
    });
    let in_query = query(uri).filter(|(name, _)| name == "secret");
    in_path
        .into_iter()
        .chain(in_query.map(|(_, secret)| secret))
        .take(MAX_SECRETS)
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
    fn the_secret_is_a_prefix_a_suffix_or_a_parameter() {
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
        // Unreadable: no secret, and no error.
        assert_ne!(secrets("/AR/V1/av/%ff%fe"), [""]);
    }

    #[test]
    fn wrong_callback_addresses_are_recognised() {
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
