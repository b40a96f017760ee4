//! Calls as read, independent of the world.

use crate::{
    callback::Understood,
    file::Announcement,
    ids::{AppId, CallId, RecordingId},
    meeting::RoomEvent,
    room::RoomId,
    time::Timestamp,
};

/// A call as read.
#[derive(Debug, Clone)]
pub struct ReadCall {
    /// The call.
    pub id: CallId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Its content.
    pub meaning: Meaning,
}

/// The content of a call.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// A file is finished.
    File(Box<FileCall>),
    /// Events in rooms.
    Status(StatusCall),
    /// Nothing that changes the world: a test callback, or a call that cannot be understood.
    Nothing(Understood),
}

/// The announcement of a file.
#[derive(Debug, Clone)]
pub struct FileCall {
    /// The room.
    pub room: RoomId,
    /// The app, unless its recording is of another one.
    pub app: AppId,
    /// The file, with local times in the zone of `app`.
    pub file: Announcement,
    /// The file as apps with other zones read it, where that differs.
    pub other_zones: Vec<(AppId, Announcement)>,
    /// The app in the call's address.
    pub named: Option<AppId>,
    /// The content of a valid correlation token.
    pub token: Option<(AppId, RecordingId)>,
    /// The user's own data.
    pub user_data: Option<String>,
    /// Whether a look-up made the call from the platform's list.
    pub looked_up: bool,
    /// The recording that a person assigned it to.
    pub assigned_to: Option<RecordingId>,
    /// The recording that it was understood to belong to before.
    pub before: Option<RecordingId>,
}

/// Events in rooms.
#[derive(Debug, Clone)]
pub struct StatusCall {
    /// The app.
    pub app: AppId,
    /// The rooms that it names, each once, in their order.
    pub rooms: Vec<RoomId>,
    /// The events, in the order of the call.
    pub events: Vec<(RoomId, RoomEvent)>,
    /// The number of its events that could not be read.
    pub skipped: usize,
    /// Whether this call was accepted before. Then its own events are known, and do not make it a duplicate.
    pub was_accepted: bool,
}

impl FileCall {
    /// The file as `app` reads it.
    pub fn file_of(&self, app: AppId) -> &Announcement {
        let mut others = self.other_zones.iter();
        others
            .find(|(other, _)| *other == app)
            .map_or(&self.file, |(_, file)| file)
    }
}
