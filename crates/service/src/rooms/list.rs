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

/// Rows that are read at once; more come when somebody asks for them.
const PAGE: u32 = 50;

/// The most rows that a page may hold when it is loaded again as a whole.
const MOST: u32 = 2000;

impl Service {
    /// A page of the list as a reader of this role sees it, most urgent first.
    pub async fn room_list(
        &self,
        role: Role,
        app: Option<AppId>,
        asked: &RoomsQuery,
    ) -> Result<RoomList, ServiceError> {
        let app = self.app_of(app).await?;
        let wanted = wanted(asked);
        let rows = if asked.rows == 0 {
            PAGE
        } else {
            asked.rows.min(MOST)
        };
        let mut read = self.0.store.read().await?;
        let mut rooms =
            rooms::list(&mut read, app.id, wanted, asked.after.as_ref(), rows + 1).await?;
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

    /// Rows of the list for rooms that changed; one that filter and search leave out, or that is not
    /// known, has none.
    pub async fn room_rows(
        &self,
        app: Option<AppId>,
        asked: &RoomsQuery,
        changed: &[RoomId],
    ) -> Result<RoomRows, ServiceError> {
        let app = self.app_of(app).await?;
        let wanted = wanted(asked);
        let mut read = self.0.store.read().await?;
        Ok(RoomRows {
            rooms: rooms::rows(&mut read, app.id, wanted, changed).await?,
            counts: rooms::counts(&mut read, app.id, wanted.search).await?,
            now: self.now(),
        })
    }
}

fn wanted(asked: &RoomsQuery) -> Wanted<'_> {
    Wanted {
        filter: asked.filter,
        search: asked.search.as_ref(),
    }
}
