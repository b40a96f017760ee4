//! Which app a page shows stands in its address, so that a link shows everybody the same.
//!
//! An address that names none shows the default app; where a person chose another one, the pages
//! that do not name a room lead there. Where there is one app, no address ever names it.

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use reelroom_app::{paths, start::cookie};
use reelroom_domain::ids::AppId;
use reelroom_service::{Principal, Service};

/// Leads to the address that a page should have.
pub(crate) async fn name_app(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    let (path, query) = (request.uri().path(), request.uri().query());
    let chosen = chosen(&request);
    let named = query.and_then(named_in).is_some();
    if is_page_of_somebody(&request) && (named || chosen.is_some()) {
        let (path, query) = (path.to_owned(), query.map(str::to_owned));
        // A database that does not answer is the page's to say.
        let shown = service.app_ids().await.unwrap_or_default();
        if let Some(address) = address(&path, query.as_deref(), chosen, &shown) {
            return Redirect::to(&address).into_response();
        }
    }
    next.run(request).await
}

fn is_page_of_somebody(request: &Request) -> bool {
    let path = request.uri().path();
    let signed_in = request
        .extensions()
        .get::<Option<Principal>>()
        .is_some_and(Option::is_some);
    signed_in && *request.method() == Method::GET && path != "/login" && !path.starts_with("/fn/")
}

/// The app of the query, as it stands there.
fn named_in(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("app="))
}

/// The app that a person chose in this browser.
fn chosen(request: &Request) -> Option<AppId> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == cookie::APP).then(|| value.parse().ok())?)
}

/// The address of a page that should have another: `shown` are the apps that can be shown, the
/// default one first.
fn address(
    path: &str,
    query: Option<&str>,
    chosen: Option<AppId>,
    shown: &[AppId],
) -> Option<String> {
    let default = shown.first()?;
    let is_other = |app: &AppId| app != default && shown.contains(app);
    // The address of a room is whole without a choice: a link to it shows everybody the same room.
    let chosen = chosen.filter(|app| is_other(app) && !path.starts_with("/rooms/"));
    let named = query.and_then(named_in);
    let app = match (named, chosen) {
        (None, Some(chosen)) => Some(chosen),
        // Named without need.
        (Some(named), None) if named.parse() == Ok(*default) => None,
        // Right as it is, or an app that is not there, which the page says.
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
    paths::local(&address).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_app_where_it_must() {
        let id = |n: &str| -> AppId { n.repeat(32).parse().unwrap() };
        let (first, other, gone) = (id("a"), id("b"), id("c"));
        let shown = [first, other];
        let b = format!("app={other}");
        let lead = |path, query: Option<&str>, chosen| address(path, query, chosen, &shown);

        // Nothing chosen, nothing named.
        assert_eq!(lead("/", None, None), None);
        assert_eq!(lead("/", None, Some(first)), None);
        assert_eq!(lead("/", None, Some(gone)), None, "it was removed since");
        // A choice is followed where no room is named.
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
        // What is not there is left to the page.
        assert_eq!(lead("/", Some(&format!("app={gone}")), None), None);
        assert_eq!(lead("/", Some("app=x"), Some(other)), None);
        assert_eq!(address("/", Some(&a), None, &[]), None);
        // Nobody is led to another site.
        assert_eq!(lead("//evil.example", Some(&a), None), None);
    }
}
