use leptos::prelude::*;
use reelroom_domain::view::RoomList;

use crate::error::ApiError;

/// A page of the rooms of `app` (empty: the default one), most urgent first. `show` is a filter as
/// the address spells it, `search` a part of an id or title, `after` where the page begins; each may
/// be empty. `rows`: how many, 0: a page.
#[server(prefix = "/fn", endpoint = "rooms_list")]
pub async fn list_rooms(
    show: String,
    search: String,
    #[server(default)] after: String,
    #[server(default)] rows: u32,
    #[server(default)] app: String,
) -> Result<RoomList, ApiError> {
    use reelroom_domain::{room_list::RoomsQuery, search::SearchText, user::Role};

    use crate::{
        server::{app_named, require, service},
        whole::pages::rooms::filter_of,
    };

    let me = require(Role::Viewer)?;
    let asked = RoomsQuery {
        filter: filter_of(&show),
        search: SearchText::parse(&search),
        // A place that cannot be read is the top.
        after: after.parse().ok(),
        rows,
    };
    Ok(service()
        .room_list(me.role, app_named(&app)?, &asked)
        .await?)
}
