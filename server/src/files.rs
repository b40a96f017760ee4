//! `GET|HEAD /files/{id}`: ranges, entity tags, file names (RFC 9110, 6266, 8187).

use std::{
    mem,
    str::FromStr,
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    Extension,
    body::{Body, HttpBody as _},
    extract::{FromRequestParts as _, Path, Query, State, rejection::PathRejection},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures::TryStreamExt as _;
use headers::{HeaderMapExt as _, LastModified};
use percent_encoding::utf8_percent_encode;
use reelroom_app::{pages::file::file_refused, visit::OpenVisit};
use reelroom_domain::{access::Verb, cause::Cause, file::FileKind, ids::FileId, time::Timestamp};
use reelroom_service::{
    Browser, Content, OpenFileError, Opened, Principal, Service, ServiceError, Wanted,
};
use serde::Deserialize;
use url::Url;

use crate::{
    conditions::{Validators, is_conditional},
    delivery::{Delivery, RESERVED, is_by_proxy},
    header_text::header_text,
};

/// The query: `?download` makes it an attachment, `?version=n` opens that version.
#[derive(Debug, Deserialize)]
pub(crate) struct FileQuery {
    download: Option<String>,
    version: Option<u32>,
}

/// Sends a file or a range of it.
pub(crate) async fn file(
    State(service): State<Service>,
    State(delivery): State<Delivery>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    path: Result<Path<String>, PathRejection>,
    Query(query): Query<FileQuery>,
    parts: Parts,
) -> Response {
    let Some(id) = id_in(path) else {
        return refuse(&by, None, ServiceError::NotFound.into(), parts).await;
    };
    let download = query.download.is_some();
    let verb = if download {
        Verb::Download
    } else {
        Verb::Watch
    };
    let open = |wanted| service.open_file(&by, verb, id, query.version, wanted);
    let (response, sent) = match respond(&service, delivery, &parts, download, open).await {
        Ok(answer) => answer,
        Err(error) => return refuse(&by, Some(id), error, parts).await,
    };
    let Some(sent) = sent.filter(|_| parts.method == Method::GET) else {
        return response;
    };
    if download {
        // An answer without a body counts, too: the browser or the proxy has the bytes.
        service.record_downloaded(&by, &browser, sent.file.0);
        return response;
    }
    let counter = Counter {
        service,
        by,
        browser,
        left: sent.length,
        sent,
        bytes: 0,
    };
    counted(response, counter)
}

/// The id in a path; `None` for another text.
pub(crate) fn id_in<T: FromStr>(path: Result<Path<String>, PathRejection>) -> Option<T> {
    let Path(id) = path.ok()?;
    id.parse().ok()
}

/// The part of a file that is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    /// The version of the file, and its kind.
    file: (FileId, FileKind),
    /// The size of the whole file, if known.
    size: Option<u64>,
    /// The number of bytes that are sent of it, if known.
    length: Option<u64>,
}

impl Sent {
    fn of(opened: &Opened) -> Option<Self> {
        let length = opened.range.as_ref().map(|range| range.end - range.start);
        Some(Self {
            file: opened.file?,
            size: opened.size,
            length: length.or(opened.size),
        })
    }
}

/// Counts the bytes that an account is sent to watch.
struct Counter {
    service: Service,
    by: Principal,
    browser: Browser,
    sent: Sent,
    /// The bytes that are not reported yet.
    bytes: u64,
    /// The bytes that are not sent yet, if known.
    left: Option<u64>,
}

impl Counter {
    /// The number of bytes that are reported together.
    const PORTION: u64 = 256 << 10;

    fn add(&mut self, bytes: u64) {
        self.bytes += bytes;
        self.left = self.left.map(|left| left.saturating_sub(bytes));
        if self.bytes >= Self::PORTION || self.left == Some(0) {
            self.report();
        }
    }

    fn report(&mut self) {
        let bytes = mem::take(&mut self.bytes);
        if bytes > 0 {
            let Sent { file, size, .. } = self.sent;
            let (by, browser) = (&self.by, &self.browser);
            self.service.record_sent(by, browser, file, size, bytes);
        }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.report();
    }
}

/// The response, whose bytes are counted while they are sent. A proxy does not say how many it sends, so all that it
/// is told to send count. Nothing counts where the browser has the file already.
fn counted(response: Response, mut counter: Counter) -> Response {
    if is_by_proxy(&response) {
        counter.add(counter.sent.length.unwrap_or(Counter::PORTION));
        return response;
    }
    if response.body().is_end_stream() {
        return response;
    }
    response.map(|body| {
        let chunks = body.into_data_stream();
        Body::from_stream(chunks.inspect_ok(move |chunk| counter.add(chunk.len() as u64)))
    })
}

/// Sends what `open` opens, or the range of it that the client wants. Also returns which part of the file is sent.
pub(crate) async fn respond<F: Future<Output = Result<Opened, OpenFileError>>>(
    service: &Service,
    delivery: Delivery,
    request: &Parts,
    download: bool,
    open: impl Fn(Wanted) -> F,
) -> Result<(Response, Option<Sent>), OpenFileError> {
    let wanted = wanted(request);
    let may_be_partial = |opened: &Opened| validators(opened).may_be_partial(&request.headers);
    let opened = match open(wanted).await {
        // The range is of another version of the file: all of this one (RFC 9110 §13.1.5).
        Ok(opened) if wanted != Wanted::Whole && !may_be_partial(&opened) => {
            open(Wanted::Whole).await?
        }
        Err(OpenFileError::Range(size)) if is_conditional(&request.headers) => {
            let whole = open(Wanted::Whole).await?;
            let is_known = validators(&whole).check(&request.headers).is_some();
            if may_be_partial(&whole) && !is_known {
                return Err(OpenFileError::Range(size));
            }
            whole
        }
        opened => opened?,
    };
    let sent = Sent::of(&opened);
    let response = answer(service, delivery, opened, request, download).await?;
    Ok((response, sent))
}

/// Answers for a file or an archive that was not opened: with a page to a browser that shows the answer, else with
/// text.
pub(crate) async fn refuse(
    by: &Principal,
    id: Option<FileId>,
    error: OpenFileError,
    mut parts: Parts,
) -> Response {
    let text = refusal(&error);
    let accept = header_text(&parts.headers, header::ACCEPT);
    let wants_page = accept.is_some_and(|accept| accept.contains("text/html"));
    if !wants_page || matches!(error, OpenFileError::Range(_)) {
        return text;
    }
    match OpenVisit::from_request_parts(&mut parts, &()).await {
        Ok(visit) => {
            let page = file_refused(visit, by, id, error).await;
            (text.status(), page).into_response()
        }
        Err(_) => text,
    }
}

async fn answer(
    service: &Service,
    delivery: Delivery,
    opened: Opened,
    request: &Parts,
    download: bool,
) -> Result<Response, OpenFileError> {
    let validators = validators(&opened);
    let disposition = disposition(&opened.name, download);
    let copy = match &opened.content {
        Content::Copy { key, .. } => Some(key.clone()),
        Content::Stream(_) => None,
    };
    let mut response = Response::builder()
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        )
        // With another value browsers refuse to show a sandboxed document (HTML, navigation).
        .header("cross-origin-opener-policy", "unsafe-none")
        .header(header::CONTENT_DISPOSITION, &disposition);
    if let Some(headers) = response.headers_mut() {
        if let Some(tag) = validators.etag.clone() {
            headers.typed_insert(tag);
        }
        if let Some(changed) = validators.last_modified {
            headers.typed_insert(LastModified::from(changed));
        }
    }
    if let Some(status) = validators.check(&request.headers) {
        return Ok(finish(response.status(status), Body::empty()));
    }
    let is_redirected = delivery == Delivery::Bucket && download && request.method == Method::GET;
    if let Some(key) = copy.as_deref().filter(|_| is_redirected) {
        let (content_type, disposition) = (&opened.content_type, disposition.to_str());
        let disposition = disposition.unwrap_or("attachment");
        let address = service
            .signed_address(key, content_type, disposition)
            .await?;
        if let Some(address) = address {
            return Ok(redirect(&address));
        }
    }
    response = response.header(header::CONTENT_TYPE, opened.content_type);
    if let Some(key) = copy
        && let Some((name, value)) = delivery.header(service, &key)
    {
        // The proxy sends the range, too. nginx adds `Accept-Ranges` itself; others do not.
        if delivery == Delivery::XSendfile {
            response = response.header(header::ACCEPT_RANGES, "bytes");
        }
        return Ok(finish(response.header(name, value), Body::empty()));
    }
    if opened.has_ranges {
        response = response.header(header::ACCEPT_RANGES, "bytes");
    }
    let length = match &opened.range {
        Some(range) => {
            let size = opened.size.map_or("*".to_owned(), |size| size.to_string());
            response = response.status(StatusCode::PARTIAL_CONTENT).header(
                header::CONTENT_RANGE,
                format!("bytes {}-{}/{size}", range.start, range.end - 1),
            );
            Some(range.end - range.start)
        }
        None => opened.size,
    };
    if let Some(length) = length {
        response = response.header(header::CONTENT_LENGTH, length);
    }
    let body = if request.method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(service.read(opened.content).await?)
    };
    Ok(finish(response, body))
}

/// Redirects to a signed address, which nobody keeps: it is valid for a short time.
fn redirect(address: &Url) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::LOCATION, address.as_str()),
    ];
    (StatusCode::FOUND, headers).into_response()
}

fn finish(response: axum::http::response::Builder, body: Body) -> Response {
    response.body(body).unwrap_or_else(|error| {
        tracing::error!(%error, "a header of a file");
        not_now()
    })
}

/// The answer where nothing was opened.
pub(crate) fn refusal(error: &OpenFileError) -> Response {
    match error {
        OpenFileError::Service(ServiceError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        OpenFileError::Service(ServiceError::Forbidden | ServiceError::NothingGranted) => {
            let text = "Your account may not do this. An administrator can grant it.\n";
            (StatusCode::FORBIDDEN, text).into_response()
        }
        OpenFileError::Service(ServiceError::InTrash) => {
            let text = "This recording is in the trash. Restore it first.\n";
            (StatusCode::GONE, text).into_response()
        }
        OpenFileError::Service(ServiceError::Purged) => {
            let text = "This recording is deleted for good. Its certificate stays.\n";
            (StatusCode::GONE, text).into_response()
        }
        OpenFileError::Demo => {
            let text = "This is a demo: its files have no content.\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
        OpenFileError::NoneArchived => {
            let text = "No file is archived, so there is nothing to download. \
                        The page of the recording says why.\n";
            (StatusCode::NOT_FOUND, text).into_response()
        }
        OpenFileError::TooMany => {
            let text = "Too many files for one archive. Choose fewer recordings.\n";
            (StatusCode::PAYLOAD_TOO_LARGE, text).into_response()
        }
        OpenFileError::Gone => {
            (StatusCode::GONE, "anyRTC no longer has this file.\n").into_response()
        }
        OpenFileError::Blocked(why) => {
            let remedy = match why {
                why if why.can_be_allowed() => "An administrator can allow it in the settings.",
                Cause::NeverAllowed(_) => {
                    "No setting changes that, except for a loopback address with its port."
                }
                _ => "No setting changes that.",
            };
            (StatusCode::FORBIDDEN, format!("Blocked: {why}. {remedy}\n")).into_response()
        }
        OpenFileError::Range(size) => {
            let range = size.map(|size| [(header::CONTENT_RANGE, format!("bytes */{size}"))]);
            (StatusCode::RANGE_NOT_SATISFIABLE, range, ()).into_response()
        }
        OpenFileError::Platform(cause) => {
            tracing::warn!(cause, "file not passed through");
            (
                StatusCode::BAD_GATEWAY,
                "anyRTC did not hand the file out. Try again later.\n",
            )
                .into_response()
        }
        OpenFileError::Service(error) => {
            tracing::error!(%error, "file not handed out");
            not_now()
        }
    }
}

fn not_now() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::RETRY_AFTER, "5")],
        "The file cannot be read at the moment. Try again later.\n",
    )
        .into_response()
}

/// The `Range` header, which only `GET` has (RFC 9110 §14.2). It is not a list, so two of them are ignored.
fn wanted(request: &Parts) -> Wanted {
    let mut ranges = request.headers.get_all(header::RANGE).iter();
    match (ranges.next(), ranges.next()) {
        (Some(range), None) if request.method != Method::HEAD => {
            range.to_str().map_or(Wanted::Whole, Wanted::parse)
        }
        _ => Wanted::Whole,
    }
}

fn validators(opened: &Opened) -> Validators {
    let etag = opened.etag.as_deref().map(|tag| format!("\"{tag}\""));
    let millis = opened.last_modified.map(Timestamp::as_millis);
    let since = millis.and_then(|millis| u64::try_from(millis).ok());
    Validators {
        etag: etag.and_then(|tag| tag.parse().ok()),
        last_modified: since.map(|millis| UNIX_EPOCH + Duration::from_millis(millis)),
    }
}

/// `Content-Disposition` with the name twice: as ASCII for old clients, and as UTF-8 (RFC 6266 §4.3,
/// RFC 8187). No character of the name ends the header or separates folders.
fn disposition(name: &str, download: bool) -> HeaderValue {
    let kind = if download { "attachment" } else { "inline" };
    let name = name.replace(|c: char| c.is_control() || matches!(c, '/' | '\\'), "_");
    let plain = name.replace(|c: char| !c.is_ascii() || matches!(c, '"' | '%'), "_");
    let whole = utf8_percent_encode(&name, RESERVED);
    HeaderValue::try_from(format!(
        "{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}"
    ))
    .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::*;

    #[test]
    fn no_name_breaks_the_header() {
        for name in crate::hostile() {
            let header = disposition(&name, true);
            let parameters = header.to_str().unwrap();
            let (plain, whole) = parameters
                .strip_prefix("attachment; filename=\"")
                .and_then(|rest| rest.split_once("\"; filename*=UTF-8''"))
                .unwrap();
            assert!(!plain.contains(['"', '\\', '/']), "{parameters}");
            assert!(!whole.contains([';', ',', '"', ' ']), "{parameters}");
            let read = percent_decode_str(whole).decode_utf8().unwrap();
            let unsafe_in_a_name = |c: char| c.is_control() || matches!(c, '/' | '\\');
            assert_eq!(read, name.replace(unsafe_in_a_name, "_"));
        }
    }

    #[test]
    fn any_name_is_a_valid_header() {
        let header = |name| disposition(name, true).to_str().unwrap().to_owned();
        assert_eq!(
            header("客服 100%.mp4"),
            "attachment; filename=\"__ 100_.mp4\"; filename*=UTF-8''%E5%AE%A2%E6%9C%8D%20100%25.mp4"
        );
        assert_eq!(
            header("a\"b\r\nSet-Cookie: x/../y.mp4"),
            "attachment; filename=\"a_b__Set-Cookie: x_.._y.mp4\"; \
             filename*=UTF-8''a%22b__Set-Cookie%3A%20x_.._y.mp4"
        );
    }
}
