//! The app of a page is part of its address, so that a link shows everyone the same.
//!
//! An address without an app shows the default one. Where a person was in another one, pages redirect to it, unless
//! they are of a room or of a filter of the library: the app of the page that was opened last, which a cookie holds.
//! A page that refreshes stays in its app, whatever other windows show.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use headers::{Cookie, HeaderMapExt};
use reelroom_app::{
    paths::LocalAddress,
    start::cookie::{self, set_cookie},
    visit::REFRESHED,
};
use reelroom_domain::ids::AppId;
use reelroom_service::Service;

use crate::{
    header_text::header_text,
    session::{is_open, is_read, principal},
};

/// Redirects a page to the address that it should have, and remembers its app.
pub(crate) async fn name_app(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let by = principal(&request).filter(|_| is_page(&request)).cloned();
    let Some(by) = by else {
        return next.run(request).await;
    };
    let uri = request.uri().clone();
    let chosen = chosen(request.headers());
    let refreshed = refreshed(request.headers());
    // A database error is shown by the page.
    let shown = service.app_ids_for(&by).await.unwrap_or_default();
    let named = uri.query().and_then(named_in);
    let of_reader = refreshed.or(chosen.filter(|_| !is_link(&uri)));
    let app = app_of(named, of_reader, &shown);
    let is_default = app == shown.first().copied();
    let address = app.and_then(|app| address(uri.path(), uri.query(), app, is_default));
    let mut response = match address {
        Some(address) => address.into_response(),
        None => next.run(request).await,
    };
    if let Some(app) = app.filter(|app| refreshed.is_none() && chosen != Some(*app))
        && let Ok(value) = HeaderValue::from_str(&set_cookie(cookie::APP, &app.to_string()))
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Whether the request is for a page of an app.
fn is_page(request: &Request) -> bool {
    is_read(request.method()) && !is_open(request.uri().path())
}

/// Whether an address does not depend on the choice: a link to a room, or to a filter of the library, shows everyone
/// the same.
fn is_link(uri: &Uri) -> bool {
    let path = uri.path();
    let is_filtered = uri.query().is_some_and(|query| !query.is_empty());
    let is_library = path == "/recordings" || path.starts_with("/recordings/");
    path.starts_with("/rooms/") || is_library && is_filtered
}

/// The app of the query, unparsed.
fn named_in(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("app="))
}

/// The app of the page that was opened last in this browser.
fn chosen(headers: &HeaderMap) -> Option<AppId> {
    let cookies = headers.typed_get::<Cookie>()?;
    cookies.get(cookie::APP)?.parse().ok()
}

/// The app of the page that refreshes.
fn refreshed(headers: &HeaderMap) -> Option<AppId> {
    header_text(headers, REFRESHED)?.parse().ok()
}

/// The app of a page: the named one, else `of_reader`, else the default. `None` if an unknown one is named,
/// which the page reports. `shown` are the apps that can be shown, the default one first.
fn app_of(named: Option<&str>, of_reader: Option<AppId>, shown: &[AppId]) -> Option<AppId> {
    let is_shown = |app: &AppId| shown.contains(app);
    match named {
        Some(named) => named.parse().ok().filter(is_shown),
        None => of_reader
            .filter(is_shown)
            .or_else(|| shown.first().copied()),
    }
}

/// The address that a page of `app` should have, if it has another: only the default app has no name.
fn address(path: &str, query: Option<&str>, app: AppId, is_default: bool) -> Option<LocalAddress> {
    let query = query.unwrap_or_default();
    if named_in(query).is_none() == is_default {
        return None;
    }
    let name = (!is_default).then(|| app.to_string());
    let page = LocalAddress::parse(&format!("{path}?{query}"))?.without(&["app"]);
    Some(page.with(&[("app", &name.unwrap_or_default())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: &str) -> AppId {
        digit.repeat(32).parse().unwrap()
    }

    #[test]
    fn a_page_is_of_the_named_app_else_of_that_of_its_reader_else_of_the_default() {
        let (first, other, removed) = (id("a"), id("b"), id("c"));
        let shown = [first, other];
        let app = |named: Option<&str>, of_reader| app_of(named, of_reader, &shown);
        assert_eq!(app(None, None), Some(first));
        assert_eq!(app(None, Some(other)), Some(other));
        assert_eq!(app(None, Some(removed)), Some(first));
        assert_eq!(app(Some(&first.to_string()), Some(other)), Some(first));
        assert_eq!(app(Some(&other.to_string()), None), Some(other));
        // An unknown app is left to the page.
        assert_eq!(app(Some(&removed.to_string()), Some(other)), None);
        assert_eq!(app(Some("x"), None), None);
        assert_eq!(app_of(None, Some(first), &[]), None);
    }

    #[test]
    fn a_link_to_a_room_or_a_filter_shows_everyone_the_same() {
        for (address, expected) in [
            ("/rooms/x", true),
            ("/recordings?q=a", true),
            ("/recordings/narrow?key=tag", true),
            ("/recordings", false),
            ("/recordings?", false),
            ("/recordings/x", false),
            ("/callbacks?show=all", false),
            ("/?show=live", false),
        ] {
            assert_eq!(is_link(&address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn only_the_default_app_is_not_named() {
        let (first, other) = (id("a"), id("b"));
        let [a, b] = [first, other].map(|app| format!("app={app}"));
        let lead = |path, query: Option<&str>, app| {
            let address = address(path, query, app, app == first);
            address.map(|address| address.to_string())
        };
        assert_eq!(lead("/", None, first), None);
        assert_eq!(lead("/", None, other), Some(format!("/?{b}")));
        assert_eq!(
            lead("/recordings", Some("q=a%20b"), other),
            Some(format!("/recordings?q=a%20b&{b}"))
        );
        assert_eq!(lead("/", Some(&b), other), None);
        assert_eq!(lead("/", Some(&a), first), Some("/".to_owned()));
        assert_eq!(
            lead("/rooms/x", Some(&format!("{a}&q=1")), first),
            Some("/rooms/x?q=1".to_owned())
        );
        // No redirect to another site.
        assert_eq!(lead("//evil.example", Some(&a), first), None);
    }
}
