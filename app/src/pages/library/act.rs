//! Actions on the selected recordings. They are posted to the page itself and not to a server function, which takes
//! each field of a form only once.

use axum::{
    Extension,
    extract::RawForm,
    response::{IntoResponse, Response},
};
use http::Uri;
use reelroom_domain::about::Tags;
use reelroom_service::{
    Browser, Outcomes, Principal, Selection, SelectionError, Service, ServiceError,
};

use super::{
    report::{DID, Did, FORM, Report},
    selected::posted,
};
use crate::{
    error::ApiError,
    form::{with_error, without_error},
    paths::LocalAddress,
    query::Query,
    visit::{Page, Visit},
};

/// The field of tags to add.
pub const ADD: &str = "add_tags";
/// The field of tags to remove.
pub const REMOVE: &str = "remove_tags";
/// The longest text in bytes that an address carries back.
const LONGEST_TYPED: usize = 2_000;

/// An action.
#[derive(Debug)]
enum Action {
    Tag { add: Tags, remove: Tags },
    Mark { is_seen: bool },
}

impl Action {
    fn of(form: &Query) -> Result<Self, ApiError> {
        let tags = |name| {
            let tags = Tags::parse(form.get(name));
            tags.ok_or_else(|| ApiError::invalid("tags", "not_tags"))
        };
        match form.get("do") {
            "tag" => {
                let (add, remove) = (tags(ADD)?, tags(REMOVE)?);
                if add == Tags::default() && remove == Tags::default() {
                    return Err(ApiError::invalid("tags", "empty"));
                }
                Ok(Self::Tag { add, remove })
            }
            "seen" => Ok(Self::Mark { is_seen: true }),
            "unseen" => Ok(Self::Mark { is_seen: false }),
            _ => Err(ApiError::NotFound),
        }
    }

    const fn did(&self) -> Did {
        match self {
            Self::Tag { .. } => Did::Tagged,
            Self::Mark { is_seen: true } => Did::Seen,
            Self::Mark { is_seen: false } => Did::Unseen,
        }
    }

    async fn perform(
        &self,
        service: &Service,
        by: &Principal,
        browser: &Browser,
        selection: Selection,
    ) -> Result<Outcomes, SelectionError> {
        match self {
            Self::Tag { add, remove } => {
                let tagged = service.tag_selected(by, browser, selection, add, remove);
                tagged.await
            }
            Self::Mark { is_seen } => service.mark_selected(by, selection, *is_seen).await,
        }
    }
}

/// Tags the selected recordings, or marks them as seen or not seen, and leads back to the list with a report.
pub async fn act_on_selected(
    visit: Visit,
    uri: Uri,
    Extension(browser): Extension<Browser>,
    RawForm(form): RawForm,
) -> Response {
    let form = Query::parse(&String::from_utf8_lossy(&form));
    let page = LocalAddress::or_home(&uri.to_string());
    let page = without_error(&page).without(&[DID, ADD, REMOVE]);
    match act(&visit, browser, &form).await {
        Ok(report) => page.with(&[(DID, &report.to_string())]).into_response(),
        Err(error @ ApiError::Invalid { .. }) => {
            let mut typed = [ADD, REMOVE].map(|name| (name, form.get(name))).to_vec();
            typed.retain(|(_, value)| value.len() <= LONGEST_TYPED);
            with_error(&page.with(&typed), FORM, &error).into_response()
        }
        Err(error) => visit.answer(Err(error), |page: Page| page).await,
    }
}

async fn act(visit: &Visit, browser: Browser, form: &Query) -> Result<Report, ApiError> {
    let action = Action::of(form)?;
    let did = action.did();
    let selection = posted(form, &visit.query, &visit.reader)?;
    if selection == Selection::These(Vec::new()) {
        return Err(ApiError::invalid("selection", "none"));
    }
    let (service, by) = (visit.service.clone(), visit.me.clone());
    let performed = async move { action.perform(&service, &by, &browser, selection).await };
    // To its end also when the browser disconnects.
    let performed = visit.service.run_to_end(performed).await;
    let outcomes = performed.map_err(|_| ServiceError::Interrupted)?;
    let outcomes = outcomes.map_err(|error| match error {
        SelectionError::TooMany => ApiError::invalid("selection", "too_many"),
        SelectionError::Service(error) => error.into(),
    })?;
    let is_refused = outcomes.done == 0 && outcomes.full.is_empty() && !outcomes.refused.is_empty();
    if is_refused {
        return Err(ApiError::Forbidden);
    }
    Ok(Report::new(did, &outcomes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_needs_tags_that_can_be_read() {
        let did = |form: &str| Action::of(&Query::parse(form)).map(|action| action.did());
        assert_eq!(did("do=tag&add_tags=a%2Cb&remove_tags="), Ok(Did::Tagged));
        assert_eq!(did("do=seen&add_tags="), Ok(Did::Seen));
        assert_eq!(did("do=unseen"), Ok(Did::Unseen));
        assert_eq!(
            did("do=tag&add_tags=+"),
            Err(ApiError::invalid("tags", "empty"))
        );
        let long = format!("do=tag&add_tags={}", "x".repeat(41));
        assert_eq!(did(&long), Err(ApiError::invalid("tags", "not_tags")));
        assert_eq!(did("do=erase"), Err(ApiError::NotFound));
    }
}
