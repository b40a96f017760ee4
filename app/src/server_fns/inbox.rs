use leptos::prelude::*;
use reelroom_domain::inbox::Inbox;

use crate::error::ApiError;

/// A page of the inbox. All arguments may be empty.
#[server(prefix = "/fn", endpoint = "inbox")]
pub async fn load_inbox(
    #[server(default)] show: String,
    #[server(default)] only: String,
    #[server(default)] room: String,
    #[server(default)] search: String,
    #[server(default)] before: String,
) -> Result<Inbox, ApiError> {
    use reelroom_domain::{
        inbox::{InboxOnly, InboxTab},
        room::RoomId,
        search::SearchText,
        user::Role,
    };
    use reelroom_service::InboxQuery;

    use crate::server::{require, service};

    let me = require(Role::Viewer)?;
    let query = InboxQuery {
        tab: InboxTab::read(&show),
        only: InboxOnly::read(&only),
        room: RoomId::new(room).ok(),
        search: SearchText::parse(&search),
        before: Some(before).filter(|before| !before.is_empty()),
    };
    Ok(service().inbox(&me, query).await?)
}
