//! Redirects plain forms back to the page of a room.

use leptos::server_fn::ServerFn;
use reelroom_domain::room::RoomId;

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    query::Query,
    server::{back_to_form, form_page, is_plain_form, redirect},
};

/// The query parameters to keep: the room, the app, and the state of the list.
const KEPT: [&str; 6] = ["id", "show", "q", "rows", "after", "app"];
/// The query parameters of the list.
const LIST: [&str; 4] = ["show", "q", "rows", "after"];

/// Redirects a plain form to its room of `app`, with the error if there is one; without a room, to the list.
/// The typed values are left out, because the service stores them for the room.
pub fn back_to_room<F, T>(app: &str, room: &str, answer: Result<T, ApiError>) -> Result<T, ApiError>
where
    F: ServerFn<Error = ApiError>,
{
    back_to_room_with::<F, T>(app, room, &[], answer)
}

/// Like [`back_to_room`], for a form whose typed values are stored nowhere else.
pub fn back_to_room_with<F, T>(
    app: &str,
    room: &str,
    typed: &[(&str, &str)],
    answer: Result<T, ApiError>,
) -> Result<T, ApiError>
where
    F: ServerFn<Error = ApiError>,
{
    let room = RoomId::new(room);
    let page = room.map_or_else(|_| LocalAddress::or_home("/"), |room| page_of(app, &room));
    match &answer {
        Ok(_) if is_plain_form() => redirect(&page),
        Ok(_) => {}
        Err(error) => back_to_form::<F>(&page, typed, error),
    }
    answer
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
