//! The protection from pages of other sites: they may link here, and change, load, embed and read nothing.
//!
//! Browsers send fetch metadata (`Sec-Fetch-…`, W3C) where they reach the server by https or at loopback, old
//! ones not at all, and programs never: what has none is let through, except a change with another `Origin`.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::csrf::CsrfLayer;
use url::Url;

/// Rejects changes (403), also in browsers that ignore `SameSite=Lax`: where `Sec-Fetch-Site` is neither
/// `same-origin` nor `none`, and without it, where `Origin` is neither the host of the request nor `public`, the
/// address behind a proxy that sends another host.
pub(crate) fn reject_changes(public: Option<&Url>) -> CsrfLayer {
    let origin = public.map(|url| url.origin().ascii_serialization());
    let layer = origin.map(|origin| CsrfLayer::new().add_trusted_origin(origin));
    layer.and_then(Result::ok).unwrap_or_default()
}

/// Rejects every request of another site (403) except links.
pub(crate) async fn isolate(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) && !is_link(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn metadata<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers.get(name).map(HeaderValue::as_bytes)
}

/// Whether another site, also a sibling below the same domain, has caused the request.
fn is_foreign(headers: &HeaderMap) -> bool {
    !matches!(
        metadata(headers, "sec-fetch-site"),
        None | Some(b"same-origin" | b"none")
    )
}

/// Whether the browser shows the response in a tab of its own.
fn is_link(headers: &HeaderMap) -> bool {
    let [mode, target] = ["sec-fetch-mode", "sec-fetch-dest"].map(|name| metadata(headers, name));
    matches!(mode, Some(b"navigate")) && matches!(target, None | Some(b"document"))
}
