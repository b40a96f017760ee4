//! Jumping to a room or a recording by a part of its name.

use reelroom_domain::{ids::AppId, jump::Found, search::SearchText, view::RoomFilter};
use reelroom_store::{
    recordings::{self, Filter},
    rooms::{self, Wanted},
};

use crate::{
    Service, ServiceError,
    recordings::{library, patience::patience},
};

/// How many rooms, and how many recordings: what one sees without scrolling.
const MOST: (u32, u32) = (6, 5);

impl Service {
    /// Rooms and recordings whose name contains `search`; without one the most urgent rooms.
    pub async fn jump(
        &self,
        app: Option<AppId>,
        search: Option<&SearchText>,
    ) -> Result<Found, ServiceError> {
        let app = self.app_of(app).await?;
        let now = self.now();
        let wanted = Wanted {
            filter: RoomFilter::All,
            search,
        };
        let filter = Filter { room: None, search };
        let mut read = self.0.store.read().await?;
        let rooms = rooms::list(&mut read, app.id, wanted, None, MOST.0).await?;
        let recordings = match search {
            Some(_) => recordings::page(&mut read, app.id, filter, None, MOST.1).await?,
            None => Vec::new(),
        };
        let patience = patience(&mut read).await?;
        Ok(Found {
            rooms,
            recordings: recordings
                .into_iter()
                .map(|summary| library::row(summary, patience, now))
                .collect(),
        })
    }
}
