use leptos::prelude::*;
use reelroom_domain::view::RoomList;

use crate::error::ApiError;

/// The rooms, most urgent first. `show` is a filter as the address spells it, `search` a part of
/// an id; both may be empty.
#[server(prefix = "/fn", endpoint = "rooms_list")]
pub async fn list_rooms(show: String, search: String) -> Result<RoomList, ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        pages::rooms::filter_of,
        server::{require, service},
    };

    let me = require(Role::Viewer)?;
    let (service, filter) = (service(), filter_of(&show));
    Ok(service.room_list(me.role, filter, search.trim()).await?)
}
