//! Many files at once: `GET|HEAD /recordings/{id}/zip` and `/recordings/zip?id=…&id=…`, ZIP archives that
//! are served as files are, and `/recordings/{id}/files.txt`, the addresses of the same files.

use std::{collections::BTreeSet, future::ready};

use axum::{
    extract::{Path, Query, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reelroom_app::paths;
use reelroom_domain::ids::RecordingId;
use reelroom_service::Service;
use url::Url;

use crate::{
    delivery::Delivery,
    files::{refusal, respond},
};

/// The most recordings in one archive.
const MOST: usize = 200;

/// Sends the archive of a recording, or a range of it.
pub(crate) async fn recording(
    State(service): State<Service>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    match id_in(path) {
        Some(id) => send(&service, &BTreeSet::from([id]), request).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Sends the archive of several recordings, or a range of it.
pub(crate) async fn selection(
    State(service): State<Service>,
    Query(query): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let ids = query.iter().filter(|(name, _)| name == "id");
    let Ok(ids) = ids
        .map(|(_, id)| id.parse())
        .collect::<Result<BTreeSet<RecordingId>, _>>()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if ids.is_empty() || ids.len() > MOST {
        let text = format!("Name 1 to {MOST} recordings: ?id=…&id=…\n");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    send(&service, &ids, request).await
}

/// Sends an archive. Its header `Files-Included` says how many of the files are in it: `12 of 14`.
async fn send(service: &Service, ids: &BTreeSet<RecordingId>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    let zip = match service.zip(ids).await {
        Ok(zip) => zip,
        Err(error) => return refusal(&error),
    };
    let open = |wanted| ready(zip.open(wanted));
    let response = respond(service, Delivery::Direct, &request, true, open).await;
    let mut response = response.unwrap_or_else(|error| refusal(&error));
    let included = format!("{} of {}", zip.files.len(), zip.of);
    if let Ok(included) = HeaderValue::try_from(included) {
        response.headers_mut().insert("files-included", included);
    }
    response
}

/// The addresses of the files of a recording's archive, one a line, for `wget -i` and `aria2c -i`.
pub(crate) async fn addresses(
    State(service): State<Service>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(id) = id_in(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let zip = match service.zip(&BTreeSet::from([id])).await {
        Ok(zip) => zip,
        Err(error) => return refusal(&error),
    };
    let Some(base) = base(service.public_url(), &headers) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let line = |file| format!("{base}{}\n", paths::download(file));
    let lines: Vec<String> = zip.files.into_iter().map(line).collect();
    lines.concat().into_response()
}

fn id_in(path: Result<Path<String>, PathRejection>) -> Option<RecordingId> {
    let Path(id) = path.ok()?;
    id.parse().ok()
}

/// The address of this site, without a slash at its end: the public one, else as the client has it.
fn base(public: Option<&Url>, headers: &HeaderMap) -> Option<String> {
    if let Some(url) = public {
        return Some(url.as_str().trim_end_matches('/').to_owned());
    }
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some(format!("http://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_address_is_preferred() {
        let host = HeaderValue::from_static("10.0.0.7:3000");
        let headers = HeaderMap::from_iter([(header::HOST, host)]);
        let public: Url = "https://rec.example.com/".parse().unwrap();
        let base = |public| base(public, &headers);
        assert_eq!(base(Some(&public)).unwrap(), "https://rec.example.com");
        assert_eq!(base(None).unwrap(), "http://10.0.0.7:3000");
        assert_eq!(super::base(None, &HeaderMap::new()), None);
    }
}
