//! `GET|HEAD /files/{id}/{picture}`: the poster of a video (`poster.jpg`), its filmstrip (`strip.jpg`), and the
//! filmstrip's times (`strip.vtt`).

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use reelroom_service::{Picture, Principal, Service};

use crate::{
    delivery::Delivery,
    files::{refusal, respond},
};

/// Sends a picture.
pub(crate) async fn picture(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Parts,
) -> Response {
    let known = path
        .ok()
        .and_then(|Path((id, name))| id.parse().ok().zip(Picture::parse(&name)));
    let Some((id, picture)) = known else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let open = |_| service.open_picture(&by, id, picture);
    match respond(&service, Delivery::Direct, &request, false, open).await {
        Ok((response, _)) => response,
        Err(error) => refusal(&error),
    }
}
