//! The head of the panel: name, state, label.

mod label;

use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    view::{Presence, RoomView},
};

use self::label::{label_menu, star};
use super::context::{state_of, time};
use crate::{
    components::{CopyButton, Glyph, Icon, RoomTag},
    current_app::CurrentApp,
    i18n::td,
    paths,
    this_page::locale,
    words::TimeStyle,
};

/// The head.
pub fn head(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let app = CurrentApp::expect();
    let id = view.room.to_string();
    // A ready recording is not shown here: the room is live or idle again.
    let state = state_of(view).filter(|state| *state != RecordingState::Ready);
    let current = state.map(|state| (state, view.now));
    let may_record = view.role.may_record();
    let label = may_record.then(|| (star(view), label_menu(view)));
    view! {
        <header class="panel-h">
            <a
                class="btn quiet icon back"
                href=app.to("/")
                aria-label=say!(locale, rooms.panel.back)
            >
                <Icon glyph=Glyph::Left />
            </a>
            // Receives the focus when the focused element is removed (see `morph.js`).
            <h1 id="room-name" tabindex="-1" data-focus="" title=id.clone()>
                {view.label.name(&view.room).to_owned()}
            </h1>
            <RoomTag presence=view.presence current=current large=true />
            <span class="sub">{people_since(view.presence)}</span>
            {label}
            <a class="btn quiet" href=paths::library(app.as_str(), &view.room)>
                <Icon glyph=Glyph::Library />
                {say!(locale, rooms.panel.recordings)}
            </a>
            <CopyButton text=id label=say!(locale, rooms.panel.copy) />
        </header>
    }
}

fn people_since(presence: Presence) -> AnyView {
    let locale = locale();
    let Presence::Live { people, since } = presence else {
        return ().into_any();
    };
    let time = time(since, TimeStyle::Clock);
    if people == 1 {
        td!(locale, rooms.panel.person_since, time).into_any()
    } else {
        td!(locale, rooms.panel.people_since, n = people, time).into_any()
    }
}
