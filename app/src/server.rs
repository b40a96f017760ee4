//! Helpers for server functions; compiled into the server only.

use std::{collections::BTreeSet, str::FromStr};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::{
    prelude::{expect_context, use_context},
    server_fn::{ServerFn, error::ServerFnErrorErr},
};
use leptos_axum::ResponseOptions;
use reelroom_domain::ids::RecordingId;
use reelroom_service::{Browser, PlatformError, Principal, Service, ServiceError, SignedIn};

use crate::{
    error::ApiError,
    form::{with_error, with_typed},
    paths::{self, LocalAddress},
    query::Query,
};

/// The use cases, provided by the server that mounts the pages.
pub fn service() -> Service {
    expect_context()
}

/// The client that sends the request.
pub fn browser() -> Browser {
    use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Browser>().cloned())
        .unwrap_or_default()
}

/// Parses the id of a call; an empty one is `None` (for an app: the default one). Invalid text gives "not found".
pub fn optional_id<T: FromStr>(id: &str) -> Result<Option<T>, ApiError> {
    (!id.is_empty()).then(|| id_named(id)).transpose()
}

/// Parses the id of a call. Invalid text gives "not found".
pub fn id_named<T: FromStr>(id: &str) -> Result<T, ApiError> {
    Ok(id.parse().map_err(|_| ServiceError::NotFound)?)
}

/// The recordings that a query names by `id`, each once. Invalid text gives "not found".
pub fn recordings_named(query: &Query) -> Result<Vec<RecordingId>, ApiError> {
    let ids = query.pairs().filter(|(name, _)| *name == "id");
    each_once(ids.map(|(_, id)| id))
}

/// The recordings of a list with commas, each once. Invalid text gives "not found".
pub fn recordings_listed(list: &str) -> Result<Vec<RecordingId>, ApiError> {
    each_once(list.split(',').filter(|id| !id.is_empty()))
}

fn each_once<'a>(ids: impl Iterator<Item = &'a str>) -> Result<Vec<RecordingId>, ApiError> {
    let ids: Result<BTreeSet<RecordingId>, ApiError> = ids.map(id_named).collect();
    Ok(ids?.into_iter().collect())
}

/// The signed-in account. The first line of every server function except the few that work before sign-in;
/// what the account may do is decided by the service.
///
/// Without a session a form is redirected to the sign-in page, and any other call is answered 401.
pub fn principal() -> Result<Principal, ApiError> {
    let Some(principal) = signed_in() else {
        if let Some(page) = form_page() {
            redirect(&paths::session_ended(page.as_str()));
        }
        return Err(ApiError::SignedOut);
    };
    Ok(principal)
}

/// The signed-in account, for the few server functions that work before sign-in, too.
pub fn signed_in() -> Option<Principal> {
    let parts = use_context::<Parts>()?;
    parts.extensions.get::<Option<Principal>>()?.clone()
}

/// A form that a browser posts to a server function. The server adds it to the request in place of the
/// headers for which Leptos would create its own redirects.
#[derive(Debug, Clone)]
pub struct PlainForm {
    /// The page of the form.
    pub page: LocalAddress,
}

impl PlainForm {
    /// Removes it from the headers of a call; `None` for a client that does not accept HTML.
    pub fn take(headers: &mut HeaderMap) -> Option<Self> {
        let accept = headers.remove(header::ACCEPT);
        let referer = headers.remove(header::REFERER);
        let is_plain = accept?.to_str().ok()?.contains("text/html");
        let referer = referer.as_ref().and_then(|referer| referer.to_str().ok());
        let page = path_of(referer.unwrap_or_default());
        is_plain.then_some(Self { page })
    }
}

/// The path and query of an absolute address; the home page for any other text.
fn path_of(address: &str) -> LocalAddress {
    let after_scheme = address.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    LocalAddress::or_home(path)
}

/// The page that contains the plain form of the request.
pub fn form_page() -> Option<LocalAddress> {
    let parts = use_context::<Parts>()?;
    Some(parts.extensions.get::<PlainForm>()?.page.clone())
}

/// Redirects a form to `to` with 303, and tells any other call the address. Nothing else redirects within
/// Leptos.
pub fn redirect(to: &LocalAddress) {
    leptos_axum::redirect(to.as_str());
    if form_page().is_some()
        && let Some(response) = use_context::<ResponseOptions>()
    {
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// Redirects a plain form to its page with the error (which `action` finds there) and with `typed`, so that
/// nothing typed is lost. Other clients get the error alone.
pub fn back_to_form<F: ServerFn<Error = ApiError>>(
    page: &LocalAddress,
    typed: &[(&str, &str)],
    error: &ApiError,
) {
    match error {
        ApiError::TooManyTries => add_header(header::RETRY_AFTER, "300"),
        ApiError::NameClosed | ApiError::CodesClosed => add_header(header::RETRY_AFTER, "3600"),
        ApiError::Busy => add_header(header::RETRY_AFTER, "5"),
        _ => {}
    }
    if form_page().is_some() {
        redirect(&with_error(&with_typed(page, typed), F::PATH, error));
    }
}

/// Answers a form. A plain one is redirected to `done` or, with the error and the `typed` values, to `failed`.
pub fn answer_form<F: ServerFn<Error = ApiError>, T>(
    answer: Result<T, impl Into<ApiError>>,
    done: &LocalAddress,
    failed: &LocalAddress,
    typed: &[(&str, &str)],
) -> Result<T, ApiError> {
    let answer: Result<T, ApiError> = answer.map_err(Into::into);
    match &answer {
        Ok(_) if form_page().is_some() => redirect(done),
        Ok(_) => {}
        Err(error) => back_to_form::<F>(failed, typed, error),
    }
    answer
}

/// The HTTP status for an error.
pub const fn status_of(error: &ApiError) -> StatusCode {
    match error {
        ApiError::SignedOut | ApiError::WrongSignIn => StatusCode::UNAUTHORIZED,
        ApiError::Forbidden
        | ApiError::NothingGranted
        | ApiError::AccountDisabled
        | ApiError::PasswordsOff => StatusCode::FORBIDDEN,
        ApiError::NotFound => StatusCode::NOT_FOUND,
        ApiError::InTrash => StatusCode::GONE,
        ApiError::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ApiError::RoomTaken { .. }
        | ApiError::MeetingOver
        | ApiError::NotAllowed
        | ApiError::NoLink
        | ApiError::Held
        | ApiError::Purged
        | ApiError::NoApp => StatusCode::CONFLICT,
        ApiError::TooManyTries | ApiError::NameClosed | ApiError::CodesClosed | ApiError::Busy => {
            StatusCode::TOO_MANY_REQUESTS
        }
        ApiError::Refused { .. } | ApiError::NotSent { .. } => StatusCode::BAD_GATEWAY,
        ApiError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ApiError::Wire(
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_),
        ) => StatusCode::BAD_REQUEST,
        ApiError::Wire(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Adds a header to the response; an invalid value is left out.
pub fn add_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (
        use_context::<ResponseOptions>(),
        HeaderValue::from_str(value),
    ) {
        response.append_header(name, value);
    }
}

/// The `Cache-Control` of a response with a secret. `no-transform` prevents compression by
/// proxies: the length would reveal how much of a query the secret has in common with it (BREACH).
pub const HOLDS_SECRET: HeaderValue = HeaderValue::from_static("no-store, no-transform");

/// Sets the cookies of a new session.
pub fn keep_session(signed_in: &SignedIn) {
    for cookie in service().sign_in_cookies(signed_in) {
        add_header(header::SET_COOKIE, &cookie);
    }
}

impl From<ServiceError> for ApiError {
    /// Logs the cause, once; the page gets only what the reader can do about it.
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NotFound => Self::NotFound,
            ServiceError::Forbidden => Self::Forbidden,
            ServiceError::NoApp => Self::NoApp,
            ServiceError::InTrash => Self::InTrash,
            ServiceError::Purged => Self::Purged,
            ServiceError::NothingGranted => Self::NothingGranted,
            error @ (ServiceError::Store(_)
            | ServiceError::Storage(_)
            | ServiceError::Sealed(_)
            | ServiceError::Interrupted) => {
                tracing::error!(%error, "a page could not be served");
                Self::Unavailable
            }
        }
    }
}

impl From<PlatformError> for ApiError {
    fn from(error: PlatformError) -> Self {
        match error {
            PlatformError::Refused { words } => Self::Refused { words: Some(words) },
            PlatformError::NotSent { cause } => Self::NotSent { cause: Some(cause) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recording_is_named_once() {
        const ID: &str = "0192f00d0192f00d0192f00d0192f00d";
        let named = recordings_named(&Query::parse(&format!("id={ID}&id={ID}&do=restore")));
        assert_eq!(named, Ok(vec![ID.parse().unwrap()]));
        assert_eq!(
            recordings_named(&Query::parse("id=x")),
            Err(ApiError::NotFound)
        );
    }

    #[test]
    fn a_plain_form_is_known_by_what_it_accepts_and_leads_back_to_our_pages_only() {
        for (accept, referer, page) in [
            (
                "text/html,*/*",
                "http://localhost:3000/rooms/a%20b?x=1",
                Some("/rooms/a%20b?x=1"),
            ),
            ("text/html", "", Some("/")),
            ("text/html", "https://evil.example", Some("/")),
            ("text/html", "https://evil.example//evil.example", Some("/")),
            ("application/json", "http://localhost:3000/", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            let form = PlainForm::take(&mut headers);
            let found = form.as_ref().map(|form| form.page.as_str());
            assert_eq!(found, page, "{referer}");
            assert!(headers.is_empty(), "Leptos would redirect by them");
        }
    }
}
