//! The panel of one room: its recording, the start form, and facts about the room.

mod beside;
mod context;
mod head;
mod progress;
mod recent;
mod start;
mod status;

use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    view::{Presence, RoomView},
};

use self::{
    beside::beside,
    context::{room_fields, state_of},
    head::head,
    recent::recent,
    start::start,
};
use crate::{
    components::{Empty, Glyph, post_form, state_word},
    current_app::CurrentApp,
    reader::Reader,
    server_fns::AddRoom,
    this_page::locale,
    words,
};

/// Shown for a room that nobody has reported or added: it may be mistyped.
pub fn unknown_room(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let room = view.room.to_string();
    let title = say!(locale, rooms.unknown_room.title, room = room.clone());
    let add = view.role.may_record().then(|| {
        let word = say!(locale, rooms.unknown_room.add);
        post_form::<AddRoom>(room_fields(view), "btn primary", word)
    });
    view! {
        <h1 class="sr">{room}</h1>
        <Empty glyph=Glyph::Question title=title text=say!(locale, rooms.unknown_room.text)>
            <div class="btns">
                {add}
                <a class="btn" href=CurrentApp::expect().to("/")>{say!(locale, rooms.panel.back)}</a>
            </div>
        </Empty>
    }
}

/// The panel. Status changes are announced to screen readers (see `morph.js`).
pub fn panel(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let middle = match middle_of(state_of(view)) {
        Middle::Form if view.role.may_record() => start(view).into_any(),
        Middle::Form => view! {
            <Empty
                glyph=Glyph::Lock
                title=say!(locale, rooms.panel.look_only)
                text=say!(locale, rooms.panel.look_only_text)
            />
        }
        .into_any(),
        Middle::Tracks => status::tracks(view).into_any(),
        Middle::History => status::history(view).into_any(),
    };
    view! {
        <article class="panel" aria-label=view.label.name(&view.room).to_owned() data-announce=announced(view)>
            {head(view)}
            <div class="panel-b scroll">
                {status::status(view)}
                <div class="main-col">{middle}</div>
                {beside(view)}
                {recent(view)}
            </div>
        </article>
    }
}

/// The content of the middle column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Middle {
    Form,
    Tracks,
    History,
}

fn middle_of(state: Option<RecordingState>) -> Middle {
    match state {
        Some(RecordingState::Unknown) => Middle::History,
        Some(state) if state.is_active() => Middle::Tracks,
        _ => Middle::Form,
    }
}

/// The room and its state in words: `board-weekly: Recording since 14:02`.
fn announced(view: &RoomView) -> String {
    let Reader { locale, zone, .. } = Reader::expect();
    let name = view.label.name(&view.room);
    let state = match (&view.current, view.presence) {
        (Some(recording), _) => state_word(locale, recording.row.state),
        (None, Presence::Live { .. }) => say!(locale, common.state.live),
        (None, Presence::Empty) => say!(locale, common.state.idle),
    };
    let started = view.current.as_ref().map(|recording| &recording.row);
    let started = started.filter(|row| row.state == RecordingState::Recording);
    match started.and_then(|row| row.started_at) {
        Some(at) => {
            let since = say!(locale, rooms.now.since, time = words::clock(zone.civil(at)));
            format!("{name}: {state} {since}")
        }
        None => format!("{name}: {state}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_stands_wherever_the_room_is_free() {
        for &state in RecordingState::ALL {
            let is_form = middle_of(Some(state)) == Middle::Form;
            assert_eq!(is_form, !state.is_active(), "{state:?}");
        }
        assert_eq!(middle_of(None), Middle::Form);
    }
}
