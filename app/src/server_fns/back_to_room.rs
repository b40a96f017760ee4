//! Where a plain form of a room goes back to.

use leptos::server_fn::ServerFn;
use reelroom_domain::room::RoomId;

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{back_to_form, is_plain_form, redirect},
};

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
    let page = RoomId::new(room).map_or_else(|_| "/".to_owned(), |room| paths::room(app, &room));
    let page = LocalAddress::or_home(&page);
    match &answer {
        Ok(_) if is_plain_form() => redirect(&page),
        Ok(_) => {}
        Err(error) => back_to_form::<F>(&page, typed, error),
    }
    answer
}
