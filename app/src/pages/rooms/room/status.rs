//! The status of the room: its recording, alerts and banners.

mod actions;
mod alerts;
mod banners;
mod history;
mod now;
mod tracks;

use leptos::prelude::*;
use reelroom_domain::view::RoomView;

pub use self::{history::history, tracks::tracks};

/// The content above the columns: notes, banners, and the card of the recording.
pub fn status(view: &RoomView) -> impl IntoView + use<> {
    view! {
        {banners::taken_note(view)}
        {banners::banner(view)}
        {alerts::alerts(view)}
        {now::card(view)}
    }
}
