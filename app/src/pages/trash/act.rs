//! Actions on the selected recordings of the trash. They are posted to the page itself and not to a server function,
//! which takes each field of a form only once.

use std::collections::BTreeSet;

use axum::{
    Extension,
    extract::RawForm,
    response::{IntoResponse, Response},
};
use http::Uri;
use reelroom_domain::ids::RecordingId;
use reelroom_service::{Browser, Consent, Principal, Service, ServiceError};

use crate::{
    components::{DID, Did, Report},
    error::ApiError,
    form::{with_error, without_error},
    paths::LocalAddress,
    query::Query,
    server::id_named,
    visit::{Page, Visit},
};

/// The name of the form in an address with the error of an action.
pub const FORM: &str = "trash";
/// The longest text in bytes that an address carries back.
const LONGEST_TYPED: usize = 2_000;

/// An action.
#[derive(Debug, PartialEq)]
enum Action {
    Restore,
    /// Delete for good, with the words that were typed and the reason.
    Delete {
        typed: String,
        reason: String,
    },
}

impl Action {
    fn of(form: &Query) -> Result<Self, ApiError> {
        match form.get("do") {
            "restore" => Ok(Self::Restore),
            "delete" => Ok(Self::Delete {
                typed: form.get("typed").to_owned(),
                reason: form.get("reason").to_owned(),
            }),
            _ => Err(ApiError::NotFound),
        }
    }

    async fn perform(
        &self,
        service: &Service,
        by: &Principal,
        browser: &Browser,
        ids: &[RecordingId],
    ) -> Result<Report, ApiError> {
        let (typed, reason) = match self {
            Self::Restore => {
                let restored = service.restore(by, browser, ids).await?;
                return Ok(Report::of_kept(Did::Restored, &restored));
            }
            Self::Delete { typed, reason } => (typed, reason),
        };
        let consent = service.delete_now(by, browser, ids, typed, reason).await?;
        let did = match consent {
            Consent::Done => Did::Deleted,
            Consent::Asked(_) => Did::Asked,
        };
        let n = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        Ok(Report::new(did, n))
    }
}

/// The recordings that a form or an address names.
pub fn ids(query: &Query) -> Result<Vec<RecordingId>, ApiError> {
    let ids = query.pairs().filter(|(name, _)| *name == "id");
    let ids: Result<BTreeSet<RecordingId>, ApiError> = ids.map(|(_, id)| id_named(id)).collect();
    Ok(ids?.into_iter().collect())
}

/// Restores the selected recordings, or has them deleted for good, and leads back to the list with a report; a form
/// with mistakes leads back to its dialog.
pub async fn act_on_trash(
    visit: Visit,
    uri: Uri,
    Extension(browser): Extension<Browser>,
    RawForm(form): RawForm,
) -> Response {
    let form = Query::parse(&String::from_utf8_lossy(&form));
    let page = LocalAddress::or_home(&uri.to_string());
    let page = without_error(&page).without(&[DID, "confirm", "id", "reason", "typed"]);
    match act(&visit, browser, &form).await {
        Ok(report) => page.with(&[(DID, &report.to_string())]).into_response(),
        Err(
            error @ (ApiError::Invalid { .. }
            | ApiError::Held
            | ApiError::Purged
            | ApiError::NotAllowed),
        ) => {
            let dialog = if form.get("do") == "delete" {
                page.with(&dialog(&form))
            } else {
                page
            };
            with_error(&dialog, FORM, &error).into_response()
        }
        Err(error) => visit.answer(Err(error), |page: Page| page).await,
    }
}

/// The parameters of the dialog with what was typed.
fn dialog(form: &Query) -> Vec<(&str, &str)> {
    let fields = form.pairs();
    let fields = fields.filter(|(name, value)| {
        matches!(*name, "id" | "reason" | "typed") && value.len() <= LONGEST_TYPED
    });
    fields.chain([("confirm", "yes")]).collect()
}

async fn act(visit: &Visit, browser: Browser, form: &Query) -> Result<Report, ApiError> {
    let (action, ids) = (Action::of(form)?, ids(form)?);
    if ids.is_empty() {
        return Err(ApiError::invalid("selection", "none"));
    }
    let (service, by) = (visit.service.clone(), visit.me.clone());
    let performed = async move { action.perform(&service, &by, &browser, &ids).await };
    // To its end also when the browser disconnects.
    let performed = visit.service.run_to_end(performed).await;
    let report = performed.map_err(|_| ServiceError::Interrupted)??;
    if report.is_refused() {
        return Err(ApiError::Forbidden);
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deletion_comes_back_with_what_was_typed() {
        let form = Query::parse("do=delete&id=a&id=b&reason=wrong+room&typed=delete&app=x");
        let deletion = Action::Delete {
            typed: "delete".to_owned(),
            reason: "wrong room".to_owned(),
        };
        assert_eq!(Action::of(&form), Ok(deletion));
        let expected = [
            ("id", "a"),
            ("id", "b"),
            ("reason", "wrong room"),
            ("typed", "delete"),
            ("confirm", "yes"),
        ];
        assert_eq!(dialog(&form), expected);
        assert_eq!(Action::of(&Query::parse("do=erase")), Err(ApiError::NotFound));
    }
}
