//! The label that people give a room: title, star, hidden.

use reelroom_domain::{room::RoomTitle, view::RoomLabel};

use crate::{Result, row::Columns};

/// Reads `title`, `starred` and `hidden`.
pub(super) fn label_of(row: &Columns) -> Result<RoomLabel> {
    Ok(RoomLabel {
        // One that cannot be a title leaves the room its id.
        title: RoomTitle::parse(&row.get::<String>("title")?).unwrap_or_default(),
        starred: row.get("starred")?,
        hidden: row.get("hidden")?,
    })
}
