//! `GET /certificates/{number}/json`: a certificate of deletion, to the byte as it was hashed.

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use reelroom_service::{OpenFileError, Principal, Service};

use crate::files::refusal;

/// Sends a certificate.
pub(crate) async fn json(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    number: Result<Path<String>, PathRejection>,
) -> Response {
    let Ok(Path(number)) = number else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match service.certificate(&by, &number).await {
        Ok(stored) => {
            let content_type = [(header::CONTENT_TYPE, "application/json")];
            (content_type, stored.json).into_response()
        }
        Err(error) => refusal(&OpenFileError::Service(error)),
    }
}
