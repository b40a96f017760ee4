//! The list of rooms.

use reelroom_domain::{
    ids::AppId,
    view::{RoomFilter, RoomList},
};
use reelroom_store::rooms;

use crate::{Service, ServiceError};

/// More rows than a person reads; searching finds the rest.
const MOST: u32 = 200;

impl Service {
    /// Rooms of an app and one filter whose name contains `search`, most urgent first, at most 200.
    pub async fn room_list(
        &self,
        app: Option<AppId>,
        filter: RoomFilter,
        search: &str,
    ) -> Result<RoomList, ServiceError> {
        let app = self.app_of(app).await?;
        let search = Some(search.trim()).filter(|search| !search.is_empty());
        let mut read = self.0.store.read().await?;
        Ok(RoomList {
            rooms: rooms::list(&mut read, app.id, filter, search, MOST).await?,
            counts: rooms::counts(&mut read, app.id, search).await?,
            now: self.now(),
        })
    }
}
