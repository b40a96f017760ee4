//! The app of a page is part of its address, so that a link shows everyone the same.
//!
//! An address without an app shows the default one. Where a person chose another one, pages that name
//! no room redirect to it. With a single app no address names it.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use headers::{Cookie, HeaderMapExt};
use reelroom_app::{paths::LocalAddress, start::cookie};
use reelroom_domain::ids::AppId;
use reelroom_service::{Principal, Service};

/// Redirects a page to the address that it should have.
pub(crate) async fn name_app(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let chosen = chosen(&request);
    if needs_app(&request, chosen) {
        let uri = request.uri().clone();
        // A database error is shown by the page.
        let shown = service.app_ids().await.unwrap_or_default();
        if let Some(address) = address(uri.path(), uri.query(), chosen, &shown) {
            return address.into_response();
        }
    }
    next.run(request).await
}

/// Whether the request is for a page, with a session, and an app is named or chosen.
fn needs_app(request: &Request, chosen: Option<AppId>) -> bool {
    let uri = request.uri();
    let principal = request.extensions().get::<Option<Principal>>();
    *request.method() == Method::GET
        && uri.path() != "/login"
        && !uri.path().starts_with("/fn/")
        && principal.is_some_and(Option::is_some)
        && (chosen.is_some() || uri.query().and_then(named_in).is_some())
}

/// The app of the query, unparsed.
fn named_in(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("app="))
}

/// The app that was chosen in this browser.
fn chosen(request: &Request) -> Option<AppId> {
    let cookies = request.headers().typed_get::<Cookie>()?;
    cookies.get(cookie::APP)?.parse().ok()
}

/// The address that a page should have, if it has another. `shown` are the apps that can be shown, the
/// default one first.
fn address(
    path: &str,
    query: Option<&str>,
    chosen: Option<AppId>,
    shown: &[AppId],
) -> Option<LocalAddress> {
    let default = shown.first()?;
    let is_other = |app: &AppId| app != default && shown.contains(app);
    // The address of a room does not depend on the choice: a link shows everyone the same room.
    let chosen = chosen.filter(|app| is_other(app) && !path.starts_with("/rooms/"));
    let named = query.and_then(named_in);
    let app = match (named, chosen) {
        (None, Some(chosen)) => Some(chosen),
        // The default needs no name.
        (Some(named), None) if named.parse() == Ok(*default) => None,
        // Correct, or an unknown app, which the page reports.
        _ => return None,
    };
    let rest = query.unwrap_or_default().split('&');
    let rest = rest.filter(|pair| !pair.is_empty() && !pair.starts_with("app="));
    let mut pairs: Vec<String> = rest.map(str::to_owned).collect();
    pairs.extend(app.map(|app| format!("app={app}")));
    let address = if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    };
    LocalAddress::parse(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_app_where_needed() {
        let id = |n: &str| -> AppId { n.repeat(32).parse().unwrap() };
        let (first, other, removed) = (id("a"), id("b"), id("c"));
        let shown = [first, other];
        let b = format!("app={other}");
        let lead = |path, query: Option<&str>, chosen| {
            address(path, query, chosen, &shown).map(|address| address.to_string())
        };

        // No choice, no name.
        assert_eq!(lead("/", None, None), None);
        assert_eq!(lead("/", None, Some(first)), None);
        assert_eq!(lead("/", None, Some(removed)), None, "it was removed since");
        // A choice applies where no room is named.
        assert_eq!(lead("/", None, Some(other)), Some(format!("/?{b}")));
        assert_eq!(
            lead("/recordings", Some("q=a%20b"), Some(other)),
            Some(format!("/recordings?q=a%20b&{b}"))
        );
        assert_eq!(lead("/rooms/x", None, Some(other)), None);
        // The query wins.
        assert_eq!(lead("/", Some(&b), None), None);
        assert_eq!(lead("/", Some(&b), Some(other)), None);
        let a = format!("app={first}");
        assert_eq!(lead("/", Some(&a), Some(other)), None, "else it led back");
        // The default app needs no name.
        assert_eq!(lead("/", Some(&a), None), Some("/".to_owned()));
        assert_eq!(
            lead("/rooms/x", Some(&format!("{a}&q=1")), Some(other)),
            Some("/rooms/x?q=1".to_owned())
        );
        // An unknown app is left to the page.
        assert_eq!(lead("/", Some(&format!("app={removed}")), None), None);
        assert_eq!(lead("/", Some("app=x"), Some(other)), None);
        assert_eq!(address("/", Some(&a), None, &[]), None);
        // No redirect to another site.
        assert_eq!(lead("//evil.example", Some(&a), None), None);
    }
}
