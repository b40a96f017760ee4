//! What server functions stand on; only in the server.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{
    prelude::{expect_context, use_context},
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_axum::ResponseOptions;
use reelroom_domain::{ids::AppId, user::Role};
use reelroom_service::{Browser, PlatformError, Principal, Service, ServiceError};

use crate::{error::ApiError, paths};

/// The use cases; whoever mounts the pages provides them.
pub fn service() -> Service {
    expect_context()
}

/// Who sends the request.
pub fn browser() -> Browser {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Browser>().cloned())
        .unwrap_or_default()
}

/// The app that a call named: `None`, the default one, where it named none. Text that is no id is an
/// app that is not there.
pub fn app_named(app: &str) -> Result<Option<AppId>, ApiError> {
    if app.is_empty() {
        return Ok(None);
    }
    let id = app.parse().map_err(|_| ServiceError::NotFound)?;
    Ok(Some(id))
}

/// The thing that a call named. Text that is no id is a thing that is not there.
pub fn id_named<T: std::str::FromStr>(id: &str) -> Result<T, ApiError> {
    Ok(id.parse().map_err(|_| ServiceError::NotFound)?)
}

/// Who asks, if they may do what `role` may. The first line of every server function but the few
/// that work before sign-in.
///
/// Where nobody is signed in, a page is answered with the way to the sign-in page, and a call of the
/// browser's half with 401.
pub fn require(role: Role) -> Result<Principal, ApiError> {
    let parts = use_context::<Parts>();
    let principal = parts.as_ref().and_then(|parts| {
        parts
            .extensions
            .get::<Option<Principal>>()
            .cloned()
            .flatten()
            .or_else(|| parts.extensions.get::<Principal>().cloned())
    });
    let Some(principal) = principal else {
        if let Some(parts) = &parts {
            refuse_unknown(parts);
        }
        return Err(ApiError::SignedOut);
    };
    reelroom_service::require(principal, role).map_err(|error| {
        set_status(StatusCode::FORBIDDEN);
        error.into()
    })
}

fn refuse_unknown(parts: &Parts) {
    let is_call = parts.uri.path().starts_with("/fn/");
    if is_call && !accepts_html(&parts.headers) {
        set_status(StatusCode::UNAUTHORIZED);
    } else {
        let wanted = if is_call {
            referring_path(&parts.headers).unwrap_or_default()
        } else {
            parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        leptos_axum::redirect(&paths::login(&wanted));
    }
}

/// Whether the request is one of a browser without our half: a form, sent as it is.
pub fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| accepts_html(&parts.headers))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("text/html"))
}

/// Sends a plain form back to its page, with the error (which `ServerAction` finds there) and with
/// `typed`, so that nothing typed is lost. A browser with our half keeps the page as it is.
pub fn back_to_form<F: ServerFn<Error = ApiError>>(
    page: &str,
    typed: &[(&str, &str)],
    error: &ApiError,
) {
    if let Some(seconds) = retry_after(error) {
        add_header(header::RETRY_AFTER, seconds);
    }
    if is_plain_form() {
        leptos_axum::redirect(&form_address::<F>(page, typed, error));
    } else {
        set_status(status_of(error));
    }
}

/// The status of an answer that holds this error.
const fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::SignedOut | ApiError::WrongSignIn => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden => StatusCode::FORBIDDEN,
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::RoomTaken { .. }
        | ApiError::MeetingOver
        | ApiError::NotAllowed
        | ApiError::NoApp => StatusCode::CONFLICT,
        ApiError::TooManyTries | ApiError::Busy => StatusCode::TOO_MANY_REQUESTS,
        ApiError::Refused { .. } | ApiError::NotSent { .. } => StatusCode::BAD_GATEWAY,
        ApiError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Wire(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// After how many seconds the same call may succeed.
const fn retry_after(error: &ApiError) -> Option<&'static str> {
    match error {
        ApiError::TooManyTries => Some("300"),
        ApiError::Busy => Some("5"),
        _ => None,
    }
}

fn form_address<F: ServerFn<Error = ApiError>>(
    page: &str,
    typed: &[(&str, &str)],
    error: &ApiError,
) -> String {
    const HERE: &str = "http://here";
    let address = paths::with_query(page, typed);
    ServerFnUrlError::new(F::PATH, error.clone())
        .to_url(&format!("{HERE}{address}"))
        .map_or_else(
            |_| address.clone(),
            |url| url.as_str().trim_start_matches(HERE).to_owned(),
        )
}

/// The path of the page that the request came from.
fn referring_path(headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let after_scheme = referer.split_once("://")?.1;
    after_scheme
        .find('/')
        .map(|slash| after_scheme[slash..].to_owned())
}

/// The status of the answer.
pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Adds a header to the answer; a value that is no header value is left out.
pub fn add_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(value),
    ) {
        response.append_header(name, value);
    }
}

/// Sets a cookie that holds a choice (see `start::cookie`) for a year.
pub fn keep_choice(name: &str, value: &str) {
    add_header(
        header::SET_COOKIE,
        &format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"),
    );
}

impl From<ServiceError> for ApiError {
    /// The cause is logged here, once; the page learns what it can do.
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => {
                set_status(StatusCode::NOT_FOUND);
                Self::NotFound
            }
            ServiceError::Forbidden => Self::Forbidden,
            ServiceError::NoApp => Self::NoApp,
            error @ (ServiceError::Store(_)
            | ServiceError::Storage(_)
            | ServiceError::Sealed(_)
            | ServiceError::Interrupted) => {
                tracing::error!(%error, "a page could not be served");
                set_status(StatusCode::SERVICE_UNAVAILABLE);
                Self::Unavailable
            }
        }
    }
}

impl From<PlatformError> for ApiError {
    fn from(error: PlatformError) -> Self {
        set_status(StatusCode::BAD_GATEWAY);
        match error {
            PlatformError::Refused { words } => Self::Refused { words },
            PlatformError::NotSent { cause } => Self::NotSent { cause },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_form_comes_back_with_its_error_and_what_was_typed() {
        let address = form_address::<crate::server_fns::SignIn>(
            "/login",
            &[("name", "u 1"), ("next", "")],
            &ApiError::WrongSignIn,
        );
        assert!(
            address.starts_with("/login?name=u+1&__path=%2Ffn%2Fsign_in&__err=")
                || address.starts_with("/login?name=u%201&__path=%2Ffn%2Fsign_in&__err="),
            "{address}"
        );
    }

    #[test]
    fn the_page_before_is_a_path() {
        let mut headers = HeaderMap::new();
        assert_eq!(referring_path(&headers), None);
        headers.insert(
            header::REFERER,
            HeaderValue::from_static("http://localhost:3000/rooms/a%20b?x=1"),
        );
        assert_eq!(
            referring_path(&headers).as_deref(),
            Some("/rooms/a%20b?x=1")
        );
    }
}
