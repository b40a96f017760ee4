//! The rooms that a list is about.

use reelroom_domain::{access::Reach, ids::AppId, room::RoomId};

use crate::{
    Conn, Result,
    engine::{Engine, json, listed},
    query::query,
    row::Columns,
};

/// Rooms of an app. In the SQL of a list, so that a page of it is a page of what may be seen.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The app.
    pub app: AppId,
    /// Only these of its rooms.
    pub only: Option<&'a [RoomId]>,
}

impl From<AppId> for Scope<'_> {
    fn from(app: AppId) -> Self {
        Self { app, only: None }
    }
}

impl Scope<'_> {
    /// The condition that `column` is one of the rooms, which [`Scope::value`] binds to `place`; empty where
    /// all rooms of the app are meant.
    pub(crate) fn condition(self, conn: &Conn, column: &str, place: &str) -> String {
        match self.only {
            Some(_) => format!(" AND {column} IN {}", listed(conn, place)),
            None => String::new(),
        }
    }

    /// The value of [`Scope::condition`].
    pub(crate) fn value(self) -> Result<Option<String>> {
        Ok(self.only.map(|only| json(&only)).transpose()?)
    }
}

/// The known rooms of an app within a reach; `None`: all.
pub async fn rooms_within(
    conn: &mut Conn,
    app: AppId,
    reach: &Reach,
) -> Result<Option<Vec<RoomId>>> {
    let Reach::Some { rooms, prefixes } = reach else {
        return Ok(None);
    };
    let found = query(format!(
        "SELECT room FROM rooms WHERE app_id = $1 AND (
             room IN {}
             OR EXISTS (SELECT 1 FROM {} p WHERE substr(room, 1, length(p.value)) = p.value))",
        listed(conn, "$2"),
        Engine::of_connection(conn).texts("$3")
    ))
    .bind((app, json(rooms)?, json(prefixes)?))
    .all(conn, Columns::value("rooms", "room"))
    .await?;
    Ok(Some(found))
}
