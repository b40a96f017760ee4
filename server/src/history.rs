//! `GET /settings/history/export`: the history of access as CSV or JSON lines, with the filter of its page.

use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use reelroom_app::{pages::settings::history::Filter, query::Query, reader::Reader};
use reelroom_domain::act::ExportForm;
use reelroom_service::{Browser, OpenFileError, Principal, Service};

use crate::files::refusal;

/// Sends the acts that match, row by row.
pub(crate) async fn export(
    State(service): State<Service>,
    Extension(by): Extension<Principal>,
    Extension(browser): Extension<Browser>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let (form, content_type) = match ExportForm::parse(query.get("form")) {
        Some(form @ ExportForm::Csv) => (form, "text/csv; charset=utf-8"),
        Some(form @ ExportForm::Jsonl) => (form, "application/x-ndjson"),
        None => {
            let text = "Name the form: ?form=csv or ?form=jsonl\n";
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    let zone = Reader::of(&headers, service.now()).zone;
    let wanted = Filter::of(&query).query(&zone);
    match service.export_history(&by, &browser, wanted, form).await {
        Ok(rows) => {
            let name = format!("attachment; filename=\"history.{}\"", form.as_str());
            let headers = [
                (header::CONTENT_TYPE, content_type),
                (header::CONTENT_DISPOSITION, name.as_str()),
            ];
            (headers, Body::from_stream(rows)).into_response()
        }
        Err(error) => refusal(&OpenFileError::Service(error)),
    }
}
