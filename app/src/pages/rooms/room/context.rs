//! Items shared by the parts of the panel.

use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, time::Timestamp, view::RoomView};

use crate::{components::time_as, words::TimeStyle};

/// The state of the recording that the panel is about.
pub fn state_of(view: &RoomView) -> Option<RecordingState> {
    view.current.as_ref().map(|recording| recording.row.state)
}

/// The hidden fields of each form of the room: its id and its app, even if that is the default one now.
pub fn room_fields(view: &RoomView) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="room" value=view.room.to_string() />
        <input type="hidden" name="app" value=view.app.id.to_string() />
    }
}

/// A time with seconds, as part of a sentence.
pub fn seconds(at: Timestamp) -> impl Fn() -> AnyView + Clone + Send + Sync {
    time_as(at, TimeStyle::Seconds)
}
