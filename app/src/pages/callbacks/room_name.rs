use reelroom_domain::{room::RoomId, visible::visible_line};

/// A room id, escaped for display because it comes from outside.
pub fn room_name(room: &RoomId) -> String {
    visible_line(room.as_str(), RoomId::MAX_BYTES)
}
