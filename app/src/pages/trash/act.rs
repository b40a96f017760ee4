//! Restores the selected recordings of the trash. The form is posted to the page itself and not to a server function,
//! which takes each field of a form only once.

use axum::{
    Extension,
    extract::RawForm,
    response::{IntoResponse, Response},
};
use http::Uri;
use reelroom_service::{Browser, ServiceError};

use crate::{
    components::{DID, Did, Report},
    error::ApiError,
    form::{with_error, without_error},
    paths::LocalAddress,
    query::Query,
    server::recordings_named,
    visit::{Page, Visit},
};

/// The name of the form in an address with the error of an action.
pub const FORM: &str = "trash";

/// Restores the selected recordings, and leads back to the list with a report.
pub async fn act_on_trash(
    visit: Visit,
    uri: Uri,
    Extension(browser): Extension<Browser>,
    RawForm(form): RawForm,
) -> Response {
    let form = Query::parse(&String::from_utf8_lossy(&form));
    let page = LocalAddress::or_home(&uri.to_string());
    let page = without_error(&page).without(&[DID, "confirm", "id", "request"]);
    match restore(&visit, browser, &form).await {
        Ok(report) => page.with(&[(DID, &report.to_string())]).into_response(),
        Err(error @ ApiError::Invalid { .. }) => with_error(&page, FORM, &error).into_response(),
        Err(error) => visit.answer(Err(error), |page: Page| page).await,
    }
}

async fn restore(visit: &Visit, browser: Browser, form: &Query) -> Result<Report, ApiError> {
    if form.get("do") != "restore" {
        return Err(ApiError::NotFound);
    }
    let ids = recordings_named(form)?;
    if ids.is_empty() {
        return Err(ApiError::invalid("selection", "none"));
    }
    let (service, by) = (visit.service.clone(), visit.me.clone());
    let restored = async move { service.restore(&by, &browser, &ids).await };
    // Runs to its end even if the browser disconnects.
    let restored = visit.service.run_to_end(restored).await;
    let restored = restored.map_err(|_| ServiceError::Interrupted)??;
    let report = Report::of_kept(Did::Restored, &restored);
    if report.is_refused() {
        return Err(ApiError::Forbidden);
    }
    Ok(report)
}
