//! The room of a path.

use leptos_router::location::Url;

/// The room that a path is of, as `paths::room` spells it. The router's own parameter of a route within
/// another is decoded twice, which a `%41` in the id does not survive.
pub fn room_in(path: &str) -> Option<String> {
    path.strip_prefix("/rooms/").map(Url::unescape)
}
