use leptos::prelude::*;
use reelroom_domain::view::RoomList;

use crate::error::ApiError;

/// The rooms of `app` (empty: the default one), most urgent first. `show` is a filter as the address spells it, `search` a part of
/// an id; both may be empty.
#[server(prefix = "/fn", endpoint = "rooms_list")]
pub async fn list_rooms(
    show: String,
    search: String,
    #[server(default)] app: String,
) -> Result<RoomList, ApiError> {
    use reelroom_domain::user::Role;

    use crate::{
        pages::rooms::filter_of,
        server::{app_named, require, service},
    };

    require(Role::Viewer)?;
    let app = app_named(&app)?;
    let filter = filter_of(&show);
    Ok(service().room_list(app, filter, search.trim()).await?)
}
