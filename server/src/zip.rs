//! Many files at once: `GET|HEAD /recordings/{id}/zip`, `/recordings/zip?id=…&id=…` and, of all that match a
//! filter of the library, `/recordings/zip?all=yes&…`, ZIP archives that are served as files are, and `files.txt`
//! in their places, the addresses of the same files.

use std::{collections::BTreeSet, future::ready};

use axum::{
    Extension,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use reelroom_app::{pages::library::selected, paths, query::Query, reader::Reader};
use reelroom_domain::ids::RecordingId;
use reelroom_service::{
    Browser, OpenFileError, Principal, Selection, SelectionError, Service, ServiceError, Zip,
};
use url::Url;

use crate::{
    delivery::Delivery,
    files::{id_in, refuse, respond},
    header_text::header_text,
};

/// The most recordings that an address names.
const MOST: usize = 200;

/// The id in the path of an archive of one recording.
type InPath = Result<Option<Path<String>>, PathRejection>;

/// Sends an archive, or a range of it. Its header `Files-Included` says how many of the files are in it: `12 of 14`.
pub(crate) async fn archive(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    path: InPath,
    request: Parts,
) -> Response {
    let zip = match archive_of(&service, &by, path, &request).await {
        Ok(zip) => zip,
        Err(error) => return error.answer(&by, request).await,
    };
    let open = |wanted| ready(zip.open(wanted));
    let response = respond(&service, Delivery::Direct, &request, true, open).await;
    if response.is_ok() && request.method == Method::GET {
        service.record_archive(&by, &browser, &zip.recordings);
    }
    let response = match response {
        Ok((response, _)) => response,
        Err(error) => refuse(&by, None, error, request).await,
    };
    with_number((zip.files.len(), zip.of), response)
}

/// Adds a header to a response with the number of files in it, and of all files.
fn with_number((files, of): (usize, usize), mut response: Response) -> Response {
    if let Ok(included) = HeaderValue::try_from(format!("{files} of {of}")) {
        response.headers_mut().insert("files-included", included);
    }
    response
}

/// Sends the addresses of the files of an archive, one a line, for `wget -i` and `aria2c -i`.
pub(crate) async fn addresses(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    path: InPath,
    request: Parts,
) -> Response {
    let zip = match archive_of(&service, &by, path, &request).await {
        Ok(zip) => zip,
        Err(error) => return error.answer(&by, request).await,
    };
    let Some(base) = base(service.public_url(), &request.headers) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let number = (zip.files.len(), zip.of);
    let line = |file| format!("{base}{}\n", paths::download(file));
    let lines: Vec<String> = zip.files.into_iter().map(line).collect();
    let disposition = "attachment; filename=\"files.txt\"";
    let list = ([(header::CONTENT_DISPOSITION, disposition)], lines.concat());
    with_number(number, list.into_response())
}

/// Opens the archive of the recording in the path or, without one, of those that the query names or finds.
async fn archive_of(
    service: &Service,
    by: &Principal,
    path: InPath,
    request: &Parts,
) -> Result<Zip, NoArchive> {
    let ids = match path.transpose() {
        Some(path) => BTreeSet::from([id_in(path).ok_or_else(not_found)?]),
        None => selected_ids(service, by, request).await?,
    };
    Ok(service.zip(by, &ids).await?)
}

/// The recordings of the ids in a query, or all that match its filter.
async fn selected_ids(
    service: &Service,
    by: &Principal,
    request: &Parts,
) -> Result<BTreeSet<RecordingId>, NoArchive> {
    let reader = Reader::of(&request.headers, service.now());
    let selection = selected(&Query::of(&request.uri), &reader);
    let selection = selection.map_err(|_| not_found())?;
    if let Selection::These(ids) = &selection
        && !(1..=MOST).contains(&ids.len())
    {
        return Err(NoArchive::Number);
    }
    let ids = service.selected(by, selection).await;
    let ids = ids.map_err(|error| match error {
        SelectionError::TooMany => OpenFileError::TooMany,
        SelectionError::Service(error) => error.into(),
    })?;
    Ok(ids.into_iter().collect())
}

fn not_found() -> OpenFileError {
    ServiceError::NotFound.into()
}

/// The reason why there is no archive.
enum NoArchive {
    /// The query names no recordings, or too many.
    Number,
    Error(OpenFileError),
}

impl From<OpenFileError> for NoArchive {
    fn from(error: OpenFileError) -> Self {
        Self::Error(error)
    }
}

impl NoArchive {
    async fn answer(self, by: &Principal, request: Parts) -> Response {
        match self {
            Self::Number => {
                let text = format!(
                    "Name 1 to {MOST} recordings: ?id=…&id=…, or all that match: ?all=yes&…\n"
                );
                (StatusCode::BAD_REQUEST, text).into_response()
            }
            Self::Error(error) => refuse(by, None, error, request).await,
        }
    }
}

/// The address of this site, without a slash at its end: the public one, else as the client has it.
fn base(public: Option<&Url>, headers: &HeaderMap) -> Option<String> {
    if let Some(url) = public {
        return Some(url.as_str().trim_end_matches('/').to_owned());
    }
    let host = header_text(headers, header::HOST)?;
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
