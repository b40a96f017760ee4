//! The label that people give a room: title, star, hidden.

use reelroom_domain::{room::RoomTitle, view::RoomLabel};

use crate::{Result, row::Columns};

/// Reads `title`, `starred` and `hidden`.
pub(super) fn label_of(row: &Columns) -> Result<RoomLabel> {
    Ok(RoomLabel {
        // Text that cannot be a title is ignored: the room is shown by its id.
        title: RoomTitle::parse(&row.get::<String>("title")?).unwrap_or_default(),
        starred: row.get("starred")?,
        hidden: row.get("hidden")?,
    })
}
