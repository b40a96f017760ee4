//! The list of rooms.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::AppId,
    room::RoomId,
    room_list::RoomsQuery,
    user::Role,
    view::RoomList,
};
use reelroom_store::{
    rooms::{self, Search, Wanted},
    trouble,
};

use super::search::by_pinyin;
use crate::{Principal, Service, ServiceError, apps::scope::Visible};

/// The most recordings with files in trouble above the list.
const TROUBLED: u32 = 3;

impl Service {
    /// A page of the list, most urgent first.
    pub async fn room_list(
        &self,
        by: &Principal,
        app: Option<AppId>,
        query: &RoomsQuery,
    ) -> Result<RoomList, ServiceError> {
        let app = self.app_for(by, app).await?;
        let rows = match query.rows {
            0 => RoomsQuery::PAGE,
            rows => rows.min(RoomsQuery::MAX_ROWS),
        };
        let (text, after) = (query.search.as_ref(), query.after.as_ref());
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let scope = visible.scope();
        let also = by_pinyin(&mut read, app.id, text).await?;
        let search = text.map(|text| Search { text, also: &also });
        let wanted = Wanted {
            filter: query.filter,
            search,
        };
        let mut rooms = rooms::list(&mut read, scope, wanted, after, rows + 1).await?;
        let more = rooms.len() > rows as usize;
        rooms.truncate(rows as usize);
        Ok(RoomList {
            older: rooms.last().filter(|_| more).map(|last| last.place.clone()),
            rooms,
            counts: rooms::counts(&mut read, scope, search).await?,
            trouble: trouble::newest(&mut read, scope, self.now(), TROUBLED).await?,
            fetching_pauses: by.role() == Role::Admin && !self.0.disk.has_room(),
            role: by.role(),
            may_add_searched: text
                .and_then(|text| RoomId::new(text.as_str()).ok())
                .is_some_and(|room| by.may(Verb::Change, Thing::Room(app.id, &room))),
        })
    }
}
