//! Where a plain form of a room goes back to.

use leptos::server_fn::ServerFn;
use reelroom_domain::room::RoomId;

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    query::Query,
    server::{back_to_form, form_page, is_plain_form, redirect},
};

/// The members of a room's address that say which list stands beside it, and of which app both are.
const KEPT: [&str; 6] = ["id", "show", "q", "rows", "after", "app"];
/// Those of the list.
const LIST: [&str; 4] = ["show", "q", "rows", "after"];

/// Sends a plain form back to its room of `app`, with the error if there is one; without a room, to the list.
/// What was typed need not travel: the service keeps it for the room.
pub fn back_to_room<F, T>(app: &str, room: &str, answer: Result<T, ApiError>) -> Result<T, ApiError>
where
    F: ServerFn<Error = ApiError>,
{
    back_to_room_with::<F, T>(app, room, &[], answer)
}

/// The same for a form with something typed that is kept nowhere else.
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

/// The page of `room`: as the form was sent from it, or else in `app`. The list beside it stays as it was on
/// the page of the form.
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
