//! The session of a request, read once from its cookie.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reelroom_app::{paths, visit::REFRESHED};
use reelroom_service::{Browser, Principal};

use crate::{ServerState, header_text::header_text};

/// Whether a person makes the request, or an open page by itself.
fn is_use(request: &Request) -> bool {
    request.uri().path() != "/events" && !request.headers().contains_key(REFRESHED)
}

/// The addresses that are open to an account before it has switched on a required second factor: its own page with
/// its functions, and those that work without a session.
const OWN: [&str; 7] = [
    "/settings/me",
    "/login",
    "/fn/sign_in",
    "/fn/sign_in_code",
    "/fn/sign_out",
    "/fn/set_language",
    "/fn/set_theme",
];
/// The beginnings of more of these paths.
const OWN_BELOW: [&str; 2] = ["/auth/", "/fn/my_"];

fn is_own(path: &str) -> bool {
    OWN.contains(&path) || OWN_BELOW.iter().any(|begin| path.starts_with(begin))
}

/// Puts the `Browser`, `Option<Principal>` and, where there is one, the `SessionToken` into the
/// request. Redirects an account that must switch a second factor on to its own page.
pub(crate) async fn identify(
    State(state): State<ServerState>,
    mut request: Request,
    next: Next,
) -> Response {
    let cookies: Vec<_> = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        // Other cookies may hold any bytes.
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let agent = header_text(request.headers(), header::USER_AGENT);
    let proxies = &state.trusted_proxies;
    let address = proxies.caller(request.extensions(), request.headers());
    let browser = state
        .service
        .browser(address, agent.unwrap_or_default(), &cookies.join(";"));
    let principal = match &browser.session {
        Some(token) if is_use(&request) => state.service.principal(token).await,
        Some(token) => state.service.principal_of_open_page(token).await,
        None => Ok(None),
    };
    let principal = match principal {
        Ok(principal) => principal,
        Err(error) => {
            tracing::error!(%error, "looking up a session");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    if principal.as_ref().is_some_and(|by| by.needs_second_factor) && !is_own(request.uri().path())
    {
        return if is_read(request.method()) {
            paths::account().into_response()
        } else {
            StatusCode::FORBIDDEN.into_response()
        };
    }
    request.extensions_mut().insert(principal);
    if let Some(token) = browser.session.clone() {
        request.extensions_mut().insert(token);
    }
    request.extensions_mut().insert(browser);
    next.run(request).await
}

/// Whether a method changes nothing.
pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The account of a request, after [`identify`].
pub(crate) fn principal(request: &Request) -> Option<&Principal> {
    request.extensions().get::<Option<Principal>>()?.as_ref()
}

/// Whether a page needs no session, or is a server function, which checks the session itself.
pub(crate) fn is_open(path: &str) -> bool {
    path == "/login" || path.starts_with("/once/") || path.starts_with("/fn/")
}

/// Rejects a request without a session: 401. Puts the `Principal` into the others.
pub(crate) async fn demand(mut request: Request, next: Next) -> Response {
    let Some(principal) = principal(&request).cloned() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    request.extensions_mut().insert(principal);
    next.run(request).await
}

/// Redirects a request without a session to `/login`, which tells if one ended, and back afterwards, unless
/// [`is_open`].
pub(crate) async fn demand_for_page(request: Request, next: Next) -> Response {
    if is_open(request.uri().path()) || principal(&request).is_some() {
        return next.run(request).await;
    }
    // A client that posts and follows the redirect would take `/login` for success.
    if !is_read(request.method()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let back = request.uri().path_and_query();
    let back = back.map_or("", PathAndQuery::as_str);
    if had_session(&request) {
        paths::session_ended(back).into_response()
    } else {
        paths::login(back).into_response()
    }
}

/// Whether a request without a session has the cookie of one, or comes from a page that needs one.
fn had_session(request: &Request) -> bool {
    let browser = request.extensions().get::<Browser>();
    browser.is_some_and(|browser| browser.session.is_some()) || is_from_page(request.headers())
}

/// Whether the `Referer` is a page of this site other than `/login`.
fn is_from_page(headers: &HeaderMap) -> bool {
    let (Some(referer), Some(host)) = (
        header_text(headers, header::REFERER),
        header_text(headers, header::HOST),
    ) else {
        return false;
    };
    let page = referer
        .split_once("://")
        .and_then(|(_, address)| address.strip_prefix(host));
    page.is_some_and(|page| page.starts_with('/') && !page.starts_with("/login"))
}
