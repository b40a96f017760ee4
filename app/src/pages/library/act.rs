//! Actions on the selected recordings of the library and the trash. They are posted to the page itself and not to a
//! server function, which takes each field of a form only once.

use axum::{
    Extension,
    extract::RawForm,
    response::{IntoResponse, Response},
};
use http::Uri;
use reelroom_domain::{
    about::Tags,
    ids::{CaseId, RecordingId},
    outcome::ItemOutcome,
};
use reelroom_service::{Browser, Principal, Selection, Service, ServiceError};

use super::{
    selected::posted,
    undo::{UNDO, undoable},
};
use crate::{
    components::{ACTIONS, DID, Did, Report},
    error::ApiError,
    form::{with_error, with_typed, without_error},
    paths::LocalAddress,
    query::Query,
    server::{id_named, recordings_named},
    visit::{Page, Visit},
};

/// The field of tags to add.
pub const ADD: &str = "add_tags";
/// The field of tags to remove.
pub const REMOVE: &str = "remove_tags";

/// The parameters of an address with what was typed, the result, and the dialog that was open.
const OF_FORMS: [&str; 7] = [ADD, REMOVE, DID, UNDO, "confirm", "id", "request"];

/// An action.
#[derive(Debug)]
enum Action {
    Tag { add: Tags, remove: Tags },
    Mark { is_seen: bool },
    Trash,
    Restore,
    Hold { case: CaseId },
}

/// The report of an action, and the recordings with which it can be undone.
type Done = (Report, Vec<RecordingId>);

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
            "trash" => Ok(Self::Trash),
            "restore" => Ok(Self::Restore),
            "hold" => Ok(Self::Hold {
                case: id_named(form.get("case"))?,
            }),
            _ => Err(ApiError::NotFound),
        }
    }

    const fn did(&self) -> Did {
        match self {
            Self::Tag { .. } => Did::Tagged,
            Self::Mark { is_seen: true } => Did::Seen,
            Self::Mark { is_seen: false } => Did::Unseen,
            Self::Trash => Did::Trashed,
            Self::Restore => Did::Restored,
            Self::Hold { .. } => Did::Held,
        }
    }

    async fn perform(
        &self,
        service: &Service,
        by: &Principal,
        browser: &Browser,
        selection: Selection,
    ) -> Result<Done, ApiError> {
        let did = self.did();
        let outcomes = match self {
            Self::Tag { add, remove } => {
                let tagged = service.tag_selected(by, browser, selection, add, remove);
                tagged.await?
            }
            Self::Mark { is_seen } => service.mark_selected(by, selection, *is_seen).await?,
            Self::Trash => service.trash(by, browser, selection).await?,
            Self::Restore => {
                let ids = service.selected(by, selection).await?;
                service.restore(by, browser, &ids).await?
            }
            Self::Hold { case } => {
                let ids = service.selected(by, selection).await?;
                service.add_to_case(by, browser, *case, &ids).await?;
                let held = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                return Ok((Report::new(did, held), Vec::new()));
            }
        };
        let done = outcomes.iter();
        let done = done.filter(|(_, outcome)| **outcome == ItemOutcome::Done);
        let undoable = if did == Did::Trashed {
            undoable(done.map(|(id, _)| *id))
        } else {
            Vec::new()
        };
        Ok((Report::of(did, &outcomes), undoable))
    }
}

/// Tags the selected recordings, marks them as seen or not seen, moves them to the trash and back, or adds them to a
/// case; leads back to the page with a report.
pub async fn act_on_selected(
    visit: Visit,
    uri: Uri,
    Extension(browser): Extension<Browser>,
    RawForm(form): RawForm,
) -> Response {
    let form = Query::parse(&String::from_utf8_lossy(&form));
    let page = LocalAddress::or_home(&uri.to_string());
    let page = without_error(&page).without(&OF_FORMS);
    match act(&visit, browser, &form).await {
        Ok((report, undoable)) => {
            let undoable: Vec<String> = undoable.iter().map(ToString::to_string).collect();
            let (report, undoable) = (report.to_string(), undoable.join("-"));
            page.with(&[(DID, &report), (UNDO, &undoable)])
                .into_response()
        }
        Err(
            error @ (ApiError::Invalid { .. }
            | ApiError::Held
            | ApiError::Purged
            | ApiError::NotAllowed),
        ) => {
            let typed = [ADD, REMOVE].map(|name| (name, form.get(name)));
            with_error(&with_typed(&page, &typed), ACTIONS, &error).into_response()
        }
        Err(error) => visit.answer(Err(error), |page: Page| page).await,
    }
}

async fn act(visit: &Visit, browser: Browser, form: &Query) -> Result<Done, ApiError> {
    let action = Action::of(form)?;
    // Recordings to restore are not in the list of the library.
    let selection = if matches!(action, Action::Restore) {
        Selection::These(recordings_named(form)?)
    } else {
        posted(form, &visit.query, &visit.reader)?
    };
    if selection == Selection::These(Vec::new()) {
        return Err(ApiError::invalid("selection", "none"));
    }
    let (service, by) = (visit.service.clone(), visit.me.clone());
    let performed = async move { action.perform(&service, &by, &browser, selection).await };
    // Runs to its end even if the browser disconnects.
    let performed = visit.service.run_to_end(performed).await;
    let (report, undoable) = performed.map_err(|_| ServiceError::Interrupted)??;
    if report.is_refused() {
        return Err(ApiError::Forbidden);
    }
    Ok((report, undoable))
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
        assert_eq!(did("do=trash"), Ok(Did::Trashed));
        assert_eq!(did("do=restore"), Ok(Did::Restored));
        assert_eq!(did("do=hold&case=x"), Err(ApiError::NotFound));
        assert_eq!(
            did("do=tag&add_tags=+"),
            Err(ApiError::invalid("tags", "empty"))
        );
        let long = format!("do=tag&add_tags={}", "x".repeat(41));
        assert_eq!(did(&long), Err(ApiError::invalid("tags", "not_tags")));
        assert_eq!(did("do=erase"), Err(ApiError::NotFound));
    }
}
