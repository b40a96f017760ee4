//! Forms on the page of a room.

use leptos::server_fn::ServerFn;
use reelroom_domain::{
    ids::{AppId, RecordingId},
    order::StartForm,
    room::RoomId,
};
use reelroom_service::Principal;
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    form::without_error,
    paths::{self, LocalAddress},
    query::Query,
    server::{answer_form, form_page, id_named, optional_id, principal},
};

/// The query parameters to keep: the room, the app, and the state of the list.
const KEPT: [&str; 6] = ["id", "show", "q", "rows", "after", "app"];
/// The query parameters of the list.
const LIST: [&str; 4] = ["show", "q", "rows", "after"];

/// A form about a room, sent by an operator.
pub struct RoomForm {
    /// The account that sent it.
    pub me: Principal,
    /// The app of the room; `None` is the default app.
    pub app: Option<AppId>,
    /// The room.
    pub room: RoomId,
}

impl RoomForm {
    /// Checks the account, and parses `room` of `app` (empty: the default app).
    pub fn parse(room: String, app: &str) -> Result<Self, ApiError> {
        Ok(Self {
            me: principal()?,
            app: optional_id(app)?,
            room: RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"))?,
        })
    }

    /// Redirects a plain form to its room, with the error if there is one. The typed values are left out,
    /// because the service stores them for the room.
    pub fn answer<F: ServerFn<Error = ApiError>, T>(
        &self,
        answer: Result<T, impl Into<ApiError>>,
    ) -> Result<T, ApiError> {
        self.answer_typed::<F, T>(answer, &[])
    }

    /// Like [`answer`](Self::answer), for a form whose typed values are stored nowhere else.
    pub fn answer_typed<F: ServerFn<Error = ApiError>, T>(
        &self,
        answer: Result<T, impl Into<ApiError>>,
        typed: &[(&str, &str)],
    ) -> Result<T, ApiError> {
        let app = self.app.map(|app| app.to_string()).unwrap_or_default();
        let page = page_of(&app, &self.room);
        answer_form::<F, T>(answer, &page, &page, typed)
    }
}

/// The fields of the start form, as typed; an empty `stop_at_end` means no.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartFields {
    rule: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    user_data: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    stop_after: String,
    #[serde(default)]
    stop_at_end: String,
}

impl From<StartFields> for StartForm {
    fn from(fields: StartFields) -> Self {
        Self {
            rule: fields.rule,
            path: fields.path,
            user_data: fields.user_data,
            kind: fields.kind,
            stop_after: fields.stop_after,
            stop_at_end: !fields.stop_at_end.is_empty(),
        }
    }
}

/// A form about a recording, on the page of its room.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordingForm {
    id: String,
    #[serde(default)]
    room: String,
    #[serde(default)]
    app: String,
}

impl RecordingForm {
    /// Checks the account, and parses the id of the recording.
    pub fn parse(&self) -> Result<(Principal, RecordingId), ApiError> {
        Ok((principal()?, id_named(&self.id)?))
    }

    /// Redirects a plain form to its room, or to the list if `room` is none.
    pub fn answer<F: ServerFn<Error = ApiError>>(
        &self,
        answer: Result<(), impl Into<ApiError>>,
    ) -> Result<(), ApiError> {
        let page = RoomId::new(self.room.as_str()).map_or_else(
            // The forms on the page of a recording name no room.
            |_| form_page().map_or_else(|| LocalAddress::or_home("/"), |page| without_error(&page)),
            |room| page_of(&self.app, &room),
        );
        answer_form::<F, _>(answer, &page, &page, &[])
    }
}

/// The page of `room`: the page that the form was sent from, or else the room in `app`. The state of the list
/// is kept.
fn page_of(app: &str, room: &RoomId) -> LocalAddress {
    let form = form_page();
    let own = |page: &&LocalAddress| page.only(&["id"]).as_str() == paths::room("", room);
    if let Some(page) = form.as_ref().filter(own) {
        return page.only(&KEPT);
    }
    let page = LocalAddress::or_home(&paths::room(app, room));
    let has_list = |page: &LocalAddress| page.path() == "/" || page.path().starts_with("/rooms/");
    let list = form.filter(has_list);
    let query = list.and_then(|list| Some(Query::of(&list.as_str().parse().ok()?)));
    query.map_or(page.clone(), |query| {
        page.with(&LIST.map(|name| (name, query.get(name))))
    })
}
