//! Lists as CSV or JSON lines: `GET /settings/history/export`, the history of access, and `GET /recordings/export`,
//! recordings; with the filters of their pages. `GET /settings/people/export`, all accounts, as CSV.

use std::io;

use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream::BoxStream;
use reelroom_app::{
    pages::{library::listed, settings::history::Filter},
    query::Query,
    reader::Reader,
};
use reelroom_domain::act::ExportForm;
use reelroom_service::{Browser, OpenFileError, Principal, Service, ServiceError};

use crate::files::refusal;

/// Sends the acts that match, row by row.
pub(crate) async fn history(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let Some(form) = ExportForm::parse(query.get("form")) else {
        return no_form();
    };
    let zone = Reader::of(&headers, service.now()).zone;
    let wanted = Filter::of(&query).acts(&zone);
    let browser = receiver(&method, &browser);
    let rows = service.export_history(&by, browser, wanted, form).await;
    send("history", form, rows)
}

/// Sends the recordings of the ids in the query or, without ids, those that match its filter, row by row.
pub(crate) async fn recordings(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let Some(form) = ExportForm::parse(query.get("form")) else {
        return no_form();
    };
    let reader = Reader::of(&headers, service.now());
    let rows = match listed(&query, &reader) {
        Ok(selection) => {
            let browser = receiver(&method, &browser);
            let rows = service.export_recordings(&by, browser, selection, form);
            rows.await
        }
        Err(_) => Err(ServiceError::NotFound),
    };
    send("recordings", form, rows)
}

/// Sends every account.
pub(crate) async fn people(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    method: Method,
) -> Response {
    let browser = receiver(&method, &browser);
    let rows = service.export_people(&by, browser).await;
    send("people", ExportForm::Csv, rows)
}

/// The browser that a list is sent to; none by a `HEAD` request.
fn receiver<'a>(method: &Method, browser: &'a Browser) -> Option<&'a Browser> {
    (method == Method::GET).then_some(browser)
}

fn no_form() -> Response {
    let text = "Name the form: ?form=csv or ?form=jsonl\n";
    (StatusCode::BAD_REQUEST, text).into_response()
}

fn send(
    name: &str,
    form: ExportForm,
    rows: Result<BoxStream<'static, io::Result<Bytes>>, ServiceError>,
) -> Response {
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return refusal(&OpenFileError::Service(error)),
    };
    let content_type = match form {
        ExportForm::Csv => "text/csv; charset=utf-8",
        ExportForm::Jsonl => "application/x-ndjson",
    };
    let name = format!("attachment; filename=\"{name}.{}\"", form.as_str());
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, name.as_str()),
    ];
    (headers, Body::from_stream(rows)).into_response()
}
