//! The panel of one room.

use leptos::prelude::*;
use reelroom_domain::view::RoomView;

/// The panel.
pub fn panel(view: RoomView) -> impl IntoView {
    let name = view.label.name(&view.room).to_owned();
    view! {
        <article class="panel" aria-label=view.room.to_string()>
            <header class="panel-h">
                <h1>{name}</h1>
            </header>
        </article>
    }
}
