//! The list of rooms.

use reelroom_domain::{
    ids::AppId,
    room::RoomId,
    room_list::{RoomRows, RoomsQuery},
    user::Role,
    view::RoomList,
};
use reelroom_store::rooms::{self, Wanted};

use crate::{Service, ServiceError};

/// The rows of a page.
const PAGE: u32 = 50;

/// The most rows of a reload of all pages that are shown.
const MOST: u32 = 2000;

impl Service {
    /// A page of the list for an account of this role, most urgent first.
    pub async fn room_list(
        &self,
        role: Role,
        app: Option<AppId>,
        query: &RoomsQuery,
    ) -> Result<RoomList, ServiceError> {
        let app = self.app_of(app).await?;
        let wanted = wanted(query);
        let rows = match query.rows {
            0 => PAGE,
            rows => rows.min(MOST),
        };
        let after = query.after.as_ref();
        let mut read = self.0.store.read().await?;
        let mut rooms = rooms::list(&mut read, app.id, wanted, after, rows + 1).await?;
        let more = rooms.len() > rows as usize;
        rooms.truncate(rows as usize);
        Ok(RoomList {
            older: rooms.last().filter(|_| more).map(|last| last.place.clone()),
            rooms,
            counts: rooms::counts(&mut read, app.id, wanted.search).await?,
            role,
            now: self.now(),
        })
    }

    /// The rows of rooms that changed, without those that do not match or do not exist.
    pub async fn room_rows(
        &self,
        app: Option<AppId>,
        query: &RoomsQuery,
        changed: &[RoomId],
    ) -> Result<RoomRows, ServiceError> {
        let app = self.app_of(app).await?;
        let wanted = wanted(query);
        let mut read = self.0.store.read().await?;
        Ok(RoomRows {
            rooms: rooms::rows(&mut read, app.id, wanted, changed).await?,
            counts: rooms::counts(&mut read, app.id, wanted.search).await?,
            now: self.now(),
        })
    }
}

fn wanted(query: &RoomsQuery) -> Wanted<'_> {
    Wanted {
        filter: query.filter,
        search: query.search.as_ref(),
    }
}
