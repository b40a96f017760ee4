//! The jump dialog: rooms and recordings by a part of their name.

use reelroom_domain::{ids::AppId, jump::Found, search::SearchText, view::RoomFilter};
use reelroom_store::{
    recordings::{self, Filter},
    rooms::{self, Search, Wanted},
};

use crate::{
    Service, ServiceError,
    recordings::{library, patience::patience},
    rooms::search::by_pinyin,
};

/// The most rooms and recordings, which fit without scrolling.
const ROOMS: u32 = 6;
const RECORDINGS: u32 = 5;

impl Service {
    /// The rooms and recordings whose name contains `search`, and the rooms whose name has this pinyin;
    /// without one, the most urgent rooms.
    pub async fn jump(
        &self,
        app: Option<AppId>,
        search: Option<&SearchText>,
    ) -> Result<Found, ServiceError> {
        let app = self.app_of(app).await?;
        let now = self.now();
        let filter = Filter {
            search,
            ..Filter::default()
        };
        let mut read = self.0.store.read().await?;
        let also = by_pinyin(&mut read, app.id, search).await?;
        let wanted = Wanted {
            filter: RoomFilter::All,
            search: search.map(|text| Search { text, also: &also }),
        };
        let rooms = rooms::list(&mut read, app.id, wanted, None, ROOMS).await?;
        let recordings = match search {
            Some(_) => recordings::page(&mut read, app.id, filter, None, RECORDINGS).await?,
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
