//! Who asks: read from the cookie once, handed on as a type.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reelroom_app::paths;
use reelroom_service::{Principal, Service};

use crate::TrustedProxies;

/// Puts the `Browser`, `Option<Principal>` and, where there is one, the `SessionToken` into the
/// request.
pub(crate) async fn identify(
    State(service): State<Service>,
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let cookies: Vec<_> = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        // A cookie of somebody else's may hold any bytes.
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let address = proxies.caller(request.extensions(), request.headers());
    let browser = service.browser(address, &cookies.join(";"));
    let principal = match &browser.session {
        Some(token) => match service.who(token).await {
            Ok(principal) => principal,
            Err(error) => {
                tracing::error!(%error, "looking up a session");
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        },
        None => None,
    };
    request.extensions_mut().insert(principal);
    if let Some(token) = browser.session.clone() {
        request.extensions_mut().insert(token);
    }
    request.extensions_mut().insert(browser);
    next.run(request).await
}

fn is_signed_in(request: &Request) -> bool {
    matches!(
        request.extensions().get::<Option<Principal>>(),
        Some(Some(_))
    )
}

/// Lets nobody through who is not signed in: 401.
pub(crate) async fn demand(request: Request, next: Next) -> Response {
    if is_signed_in(&request) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// Leads who is not signed in to `/login`, and back afterwards. Server functions (`/fn/…`) ask for
/// themselves who calls.
pub(crate) async fn demand_for_page(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/login" || path.starts_with("/fn/") || is_signed_in(&request) {
        return next.run(request).await;
    }
    // Only what is looked at can be come back to; a sender that follows takes `/login` for success.
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let back = request.uri().path_and_query();
    paths::login(back.map_or("", PathAndQuery::as_str)).into_response()
}

/// Refuses what another site makes a browser send: 403. The session cookie is `SameSite=Lax`
/// already; this covers browsers and embedders that do not keep to it.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if safe || comes_from_us(request.headers()) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
        // Not a browser.
        (None, None, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn another_sites_form_is_told_from_ours() {
        for (pairs, ours) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (
                &[
                    ("origin", "http://rec.example:3000"),
                    ("host", "rec.example:3000"),
                ],
                true,
            ),
            (
                &[
                    ("origin", "http://evil.example"),
                    ("host", "rec.example:3000"),
                ],
                false,
            ),
            (&[("origin", "null"), ("host", "rec.example:3000")], false),
            (&[("host", "rec.example:3000")], true),
        ] {
            assert_eq!(comes_from_us(&headers(pairs)), ours, "{pairs:?}");
        }
    }
}
