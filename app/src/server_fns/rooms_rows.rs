use leptos::prelude::*;
use reelroom_domain::room_list::RoomRows;

use crate::error::ApiError;

/// The most rooms that are asked for at once; where more changed, the list is loaded again.
pub const MOST_ROWS: usize = 100;

/// Rows of the list for `rooms` that changed; what filter and search (as for `rooms_list`) leave out
/// has none.
#[server(prefix = "/fn", endpoint = "rooms_rows")]
pub async fn load_rows(
    show: String,
    search: String,
    #[server(default)] rooms: Vec<String>,
    #[server(default)] app: String,
) -> Result<RoomRows, ApiError> {
    use reelroom_domain::{room::RoomId, room_list::RoomsQuery, search::SearchText, user::Role};

    use crate::{
        server::{app_named, require, service},
        whole::pages::rooms::filter_of,
    };

    require(Role::Viewer)?;
    let asked = RoomsQuery {
        filter: filter_of(&show),
        search: SearchText::parse(&search),
        ..RoomsQuery::default()
    };
    let rooms: Vec<RoomId> = rooms
        .into_iter()
        .take(MOST_ROWS)
        .filter_map(|room| RoomId::new(room).ok())
        .collect();
    Ok(service()
        .room_rows(app_named(&app)?, &asked, &rooms)
        .await?)
}
