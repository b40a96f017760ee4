use reelroom_domain::{room::RoomId, search::SearchText};
use reelroom_service::LibraryQuery;

use crate::{current_app::CurrentApp, error::ApiError, paths, query::Query};

/// The filter in the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The search, as typed.
    pub search: String,
    /// Only recordings of this room; empty for all.
    pub room: String,
    /// The cursor of the page; empty for the newest.
    pub before: String,
}

impl Filter {
    /// Reads the filter from `query`.
    pub fn of(query: &Query) -> Self {
        let [search, room, before] = ["q", "room", "before"].map(|key| query.get(key).to_owned());
        Self {
            search,
            room,
            before,
        }
    }

    /// The filter for the service. An invalid room or app gives "not found".
    pub fn query(&self, app: &CurrentApp) -> Result<LibraryQuery, ApiError> {
        let room = Some(self.room.clone()).filter(|room| !room.is_empty());
        let room = room.map(RoomId::new).transpose();
        Ok(LibraryQuery {
            app: app.id()?,
            search: SearchText::parse(&self.search),
            room: room.map_err(|_| ApiError::NotFound)?,
            before: Some(self.before.clone()).filter(|before| !before.is_empty()),
        })
    }

    /// The address of the same filter with another cursor.
    pub fn starting(&self, before: &str) -> String {
        let app = CurrentApp::expect();
        paths::library(app.as_str(), &self.search, &self.room, before)
    }
}
