//! The side column of the panel: the people in the room, and facts about it.

mod always;
mod facts;
mod people;

use leptos::prelude::*;
use reelroom_domain::view::RoomView;

/// The column.
pub fn beside(view: &RoomView) -> impl IntoView + use<> {
    view! {
        <aside class="aside">
            {people::people(view)} {facts::facts(view)} {always::always(view)}
        </aside>
    }
}
