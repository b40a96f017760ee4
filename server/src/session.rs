//! Who asks: read from the cookie once, handed on as a type.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header, uri::PathAndQuery},
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
