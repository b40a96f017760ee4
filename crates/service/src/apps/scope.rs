//! The rooms of an app that an account sees.

use reelroom_domain::{ids::AppId, room::RoomId};
use reelroom_store::{Conn, Scope, StoreError, scope::rooms_within};

use crate::Principal;

/// The rooms of an app that an account sees.
pub(crate) struct Visible {
    app: AppId,
    only: Option<Vec<RoomId>>,
}

impl Visible {
    /// The rooms of `app` that `by` sees.
    pub async fn load(conn: &mut Conn, by: &Principal, app: AppId) -> Result<Self, StoreError> {
        let only = match by.access.reach(app) {
            Some(reach) => rooms_within(conn, app, &reach).await?,
            None => Some(Vec::new()),
        };
        Ok(Self { app, only })
    }

    /// The scope of a list.
    pub fn scope(&self) -> Scope<'_> {
        Scope {
            app: self.app,
            only: self.only.as_deref(),
        }
    }
}
