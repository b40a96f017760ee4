//! Where a plain form of a room goes back to.

use leptos::server_fn::ServerFn;
use reelroom_domain::room::RoomId;

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{back_to_form, form_page, is_plain_form, redirect},
};

/// The members of a room's address that say which list stands beside it, and of which app both are.
const KEPT: [&str; 6] = ["id", "show", "q", "rows", "after", "app"];

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

/// The page of `room`: as the form was sent from it, with the same list beside it, or else in `app`.
fn page_of(app: &str, room: &RoomId) -> LocalAddress {
    let of_room = paths::room("", room);
    form_page()
        .filter(|page| page.only(&["id"]).as_str() == of_room)
        .map_or_else(
            || LocalAddress::or_home(&paths::room(app, room)),
            |page| page.only(&KEPT),
        )
}
