//! The middleware of the server functions (`POST /fn/<name>`): content types, statuses of errors, and
//! redirects of plain forms.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::server_fn::error::{FromServerFnError, SERVER_FN_ERROR_HEADER};
use percent_encoding::percent_decode;
use reelroom_app::{
    error::ApiError,
    form::{with_error, without_error},
    paths::LocalAddress,
    server::{PlainForm, status_of},
};

use crate::header_text::header_text;

/// Answers 415 if the body is not a form, and 400 if it is not UTF-8, which the parser of forms would
/// replace. Sets the status of an error. A plain form without a redirect of its own goes back to its
/// page. The body has been read by [`crate::body::whole`].
pub(crate) async fn around(mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/fn/") || request.method() != Method::POST {
        return next.run(request).await;
    }
    if !is_form(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let path = request.uri().path().to_owned();
    let form = PlainForm::take(request.headers_mut());
    if let Some(form) = &form {
        request.extensions_mut().insert(form.clone());
    }
    let (head, body) = request.into_parts();
    let body = in_memory(body).await;
    if percent_decode(&body).decode_utf8().is_err() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    let is_redirect = response.headers().contains_key(header::LOCATION);
    let form = form.filter(|_| !is_redirect);
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return match form {
            Some(form) => redirect(&response, without_error(&form.page)),
            None => response,
        };
    }
    let (head, body) = response.into_parts();
    let body = in_memory(body).await;
    let error = ApiError::de(body.clone());
    let mut response = Response::from_parts(head, Body::from(body));
    if let Some(form) = form.filter(|_| error.code().is_some()) {
        return redirect(&response, with_error(&form.page, &path, &error));
    }
    if !is_redirect {
        *response.status_mut() = status_of(&error);
    }
    response
}

/// The bytes of a body that has been read already.
async fn in_memory(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}

/// A redirect in place of `response`, with its cookies.
fn redirect(response: &Response, to: LocalAddress) -> Response {
    let mut redirect = to.into_response();
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        redirect
            .headers_mut()
            .append(header::SET_COOKIE, cookie.clone());
    }
    redirect
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = header_text(headers, header::CONTENT_TYPE);
    let kind = value.and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| {
        kind.trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
