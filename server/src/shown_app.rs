//! Which app a page shows stands in its address, so that a link shows everybody the same.
//!
//! An address that names none shows the default app; where a person chose another one, the pages
//! that do not name a room lead there. Where there is one app, no address ever names it.

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reelroom_app::{paths::LocalAddress, start::cookie};
use reelroom_domain::ids::AppId;
use reelroom_service::{Principal, Service};

/// Leads to the address that a page should have.
pub(crate) async fn name_app(
    State(service): State<Service>,
    request: Request,
    next: Next,
) -> Response {
    // A request cannot be looked at while something is waited for: its body is not shared.
    let address = match Asked::of(&request) {
        Some(asked) => asked.address(&service).await,
        None => None,
    };
    match address {
        Some(address) => address.into_response(),
        None => next.run(request).await,
    }
}

/// A page that is asked for by somebody who is signed in, where an app is named or chosen.
struct Asked {
    path: String,
    query: Option<String>,
    chosen: Option<AppId>,
}

impl Asked {
    fn of(request: &Request) -> Option<Self> {
        let (path, query) = (request.uri().path(), request.uri().query());
        let signed_in = request.extensions().get::<Option<Principal>>()?.is_some();
        let is_page =
            *request.method() == Method::GET && path != "/login" && !path.starts_with("/fn/");
        let chosen = chosen(request);
        let says_something = chosen.is_some() || query.and_then(named_in).is_some();
        (is_page && signed_in && says_something).then(|| Self {
            path: path.to_owned(),
            query: query.map(str::to_owned),
            chosen,
        })
    }

    /// The address that this page should have; `None` where it has it.
    async fn address(&self, service: &Service) -> Option<LocalAddress> {
        // A database that does not answer is the page's to say.
        let shown = service.app_ids().await.ok()?;
        address(&self.path, self.query.as_deref(), self.chosen, &shown)
    }
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
) -> Option<LocalAddress> {
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
    LocalAddress::parse(&address)
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
        let lead = |path, query: Option<&str>, chosen| {
            address(path, query, chosen, &shown).map(|address| address.to_string())
        };

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
