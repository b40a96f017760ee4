//! `GET|HEAD /files/{id}/{picture}`: the poster of a video (`poster.jpg`), its filmstrip (`strip.jpg`), and the
//! filmstrip's times (`strip.vtt`).

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use reelroom_service::{Picture, Service};

use crate::files::respond;

/// Sends a picture.
pub(crate) async fn picture(
    State(service): State<Service>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let known = path
        .ok()
        .and_then(|Path((id, name))| id.parse().ok().zip(Picture::parse(&name)));
    match known {
        Some((id, picture)) => {
            respond(&headers, false, |_| service.open_picture(id, picture)).await
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
