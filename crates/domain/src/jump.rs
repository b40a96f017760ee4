//! The results of the jump dialog.

use serde::{Deserialize, Serialize};

use crate::view::{RecordingRow, RoomRow};

/// The results of a search, the most urgent rooms and the newest recordings first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    /// Rooms by their id or title.
    pub rooms: Vec<RoomRow>,
    /// Recordings by their room or the name of a file.
    pub recordings: Vec<RecordingRow>,
}
