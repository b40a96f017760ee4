//! The jump dialog: rooms and recordings by a part of their name, and rooms for an action.

use reelroom_domain::{
    access::Verb,
    find::Sort,
    ids::AppId,
    jump::{Found, RoomAction},
    search::SearchText,
    view::{RoomFilter, RoomRow},
};
use reelroom_store::{
    Conn, Scope, StoreError,
    library::{self as index, Filter},
    recordings,
    rooms::{self, Search, Wanted},
};

use crate::{
    Principal, Service, ServiceError, apps::scope::Visible, recordings::library,
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
        by: &Principal,
        app: Option<AppId>,
        search: Option<&SearchText>,
    ) -> Result<Found, ServiceError> {
        let app = self.app_for(by, app).await?;
        let now = self.now();
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let scope = visible.scope();
        let rooms = find_rooms(&mut read, scope, RoomFilter::All, search, ROOMS).await?;
        let recordings = match search {
            Some(text) => {
                let words = text.words();
                let filter = Filter {
                    words: &words,
                    ..Filter::all(scope)
                };
                let newest = index::page(&mut read, filter, Sort::Newest, None, RECORDINGS);
                let ids: Vec<_> = newest.await?.into_iter().map(|hit| hit.id).collect();
                recordings::summaries(&mut read, &ids).await?
            }
            None => Vec::new(),
        };
        let recordings = library::rows(&mut read, by, Verb::See, recordings, now).await?;
        Ok(Found { rooms, recordings })
    }

    /// The rooms that allow `action`, the most urgent first: those that `search` finds or, without one, any.
    pub async fn rooms_for(
        &self,
        by: &Principal,
        app: Option<AppId>,
        action: RoomAction,
        search: Option<&SearchText>,
    ) -> Result<Vec<RoomRow>, ServiceError> {
        let app = self.app_for(by, app).await?;
        let filter = match action {
            RoomAction::Stop => RoomFilter::Recording,
            RoomAction::Record => RoomFilter::All,
        };
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let scope = visible.scope();
        let mut rooms = find_rooms(&mut read, scope, filter, search, CANDIDATES).await?;
        rooms.retain(|row| action.is_possible(row.current.map(|(state, _)| state)));
        rooms.truncate(ROOMS as usize);
        Ok(rooms)
    }
}

async fn find_rooms(
    read: &mut Conn,
    scope: Scope<'_>,
    filter: RoomFilter,
    search: Option<&SearchText>,
    limit: u32,
) -> Result<Vec<RoomRow>, StoreError> {
    let also = by_pinyin(read, scope.app, search).await?;
    let search = search.map(|text| Search { text, also: &also });
    rooms::list(read, scope, Wanted { filter, search }, None, limit).await
}
