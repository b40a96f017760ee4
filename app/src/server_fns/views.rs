//! Saved views of the library. A plain form returns to the page that it was sent from.

use leptos::prelude::*;
use reelroom_domain::{
    ids::ViewId,
    saved_view::{ListView, Shared},
};
use reelroom_service::{ViewError, ViewForm};
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    form::without_error,
    paths::LocalAddress,
    query::Query,
    server::{answer_form, browser, form_page, id_named, optional_id, principal, service},
};

/// Saves a list, whose query is `find`, as a view of `app` (empty: the default one). Returns its id.
#[server(prefix = "/fn", endpoint = "save_view")]
pub async fn save_view(
    #[server(default)] app: String,
    #[server(default)] find: String,
    #[server(flatten)] fields: ViewFields,
) -> Result<ViewId, ApiError> {
    let me = principal()?;
    let app = optional_id(&app)?;
    let answer = async {
        let form = fields.parse()?;
        let list = ListView::of(Query::parse(&find).pairs());
        Ok::<_, ApiError>(
            service()
                .save_view(&me, &browser(), app, list, &form)
                .await?,
        )
    };
    let (answer, page) = (answer.await, page());
    answer_form::<SaveView, _>(answer, &page.without(&["save"]), &page, &fields.typed())
}

/// Renames a view, and sets who sees it and whether it is a tab.
#[server(prefix = "/fn", endpoint = "change_view")]
pub async fn change_view(
    id: String,
    #[server(flatten)] fields: ViewFields,
) -> Result<(), ApiError> {
    let me = principal()?;
    let view = id_named(&id)?;
    let answer = async {
        let form = fields.parse()?;
        Ok::<_, ApiError>(service().change_view(&me, &browser(), view, &form).await?)
    };
    let [name, shared, tab] = fields.typed();
    let typed = [("id", &*id), name, shared, tab];
    let page = page();
    answer_form::<ChangeView, _>(answer.await, &page, &page, &typed)
}

/// Removes a view.
#[server(prefix = "/fn", endpoint = "remove_view")]
pub async fn remove_view(id: String) -> Result<(), ApiError> {
    let me = principal()?;
    Ok(service()
        .remove_view(&me, &browser(), id_named(&id)?)
        .await?)
}

/// The fields of the form of a view. `shared` is `me` (or empty), `all`, or the id of a group; an empty `tab` means no.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ViewFields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    shared: String,
    #[serde(default)]
    tab: String,
}

/// The parameters of an address that repeat what was typed.
const TYPED: [&str; 4] = ["id", "name", "shared", "tab"];

impl ViewFields {
    fn typed(&self) -> [(&'static str, &str); 3] {
        [
            ("name", &self.name),
            ("shared", &self.shared),
            ("tab", &self.tab),
        ]
    }

    fn parse(&self) -> Result<ViewForm, ApiError> {
        let shared = match self.shared.as_str() {
            "" => Some(Shared::Me),
            word => Shared::parse(word),
        };
        Ok(ViewForm {
            name: self.name.clone(),
            shared: shared.ok_or(ViewError::Group)?,
            is_tab: !self.tab.is_empty(),
        })
    }
}

/// The page of the form, without what was typed before.
fn page() -> LocalAddress {
    let page = form_page().unwrap_or_else(|| LocalAddress::or_home("/recordings"));
    without_error(&page).without(&TYPED)
}

impl From<ViewError> for ApiError {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Name => Self::invalid("name", "bad_name"),
            ViewError::Taken => Self::invalid("name", "taken"),
            ViewError::Full => Self::invalid("name", "full"),
            ViewError::Group => Self::invalid("shared", "not_a_group"),
            ViewError::Service(error) => error.into(),
        }
    }
}
