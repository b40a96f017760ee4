//! The jump dialog: rooms and recordings by a part of their name, and rooms for an action.

use reelroom_domain::{
    ids::AppId,
    jump::{Found, RoomAction},
    search::SearchText,
    view::{RoomFilter, RoomRow},
};
use reelroom_store::{
    Conn, StoreError,
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
/// The most rooms among which those that allow an action are looked for.
const CANDIDATES: u32 = 50;

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
        let rooms = find_rooms(&mut read, app.id, RoomFilter::All, search, ROOMS).await?;
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

    /// The rooms that allow `action`, the most urgent first: those that `search` finds or, without one, any.
    pub async fn rooms_for(
        &self,
        app: Option<AppId>,
        action: RoomAction,
        search: Option<&SearchText>,
    ) -> Result<Vec<RoomRow>, ServiceError> {
        let app = self.app_of(app).await?;
        let filter = match action {
            RoomAction::Stop => RoomFilter::Recording,
            RoomAction::Record => RoomFilter::All,
        };
        let mut read = self.0.store.read().await?;
        let mut rooms = find_rooms(&mut read, app.id, filter, search, CANDIDATES).await?;
        rooms.retain(|row| action.is_possible(row.current.map(|(state, _)| state)));
        rooms.truncate(ROOMS as usize);
        Ok(rooms)
    }
}

async fn find_rooms(
    read: &mut Conn,
    app: AppId,
    filter: RoomFilter,
    search: Option<&SearchText>,
    limit: u32,
) -> Result<Vec<RoomRow>, StoreError> {
    let also = by_pinyin(read, app, search).await?;
    let search = search.map(|text| Search { text, also: &also });
    rooms::list(read, app, Wanted { filter, search }, None, limit).await
}
