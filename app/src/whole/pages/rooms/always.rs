//! Whether the room is always recorded: the form in its menu, and who decided it.

use leptos::{form::ActionForm, prelude::*};
use reelroom_domain::{
    view::RoomView,
    watch::{RoomEvent, RoomNote},
};

use super::panel::Room;
use crate::{
    i18n::{Locale, t, t_string, td_string, use_i18n},
    whole::components::Time,
    words::TimeStyle,
};

/// Marks the room, or takes the mark away.
#[component]
pub fn AlwaysForm() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let (id, app) = room
        .view
        .with_untracked(|view| (view.room.to_string(), view.app.id.to_string()));
    let marked = Memo::new(move |_| room.view.with(|view| view.watch.always.is_some()));
    let word = move || {
        if marked.get() {
            t_string!(i18n, watch.always.unmark)
        } else {
            t_string!(i18n, watch.always.mark)
        }
    };
    view! {
        <ActionForm action=room.deeds.always attr:class="always-form">
            <input type="hidden" name="app" value=app />
            <input type="hidden" name="room" value=id />
            <input
                type="hidden"
                name="always"
                value=move || if marked.get() { "" } else { "yes" }
            />
            <button class="btn" aria-describedby="always-hint">
                {word}
            </button>
            <p class="hint" id="always-hint">
                {told!(i18n, watch.always.hint)}
            </p>
        </ActionForm>
    }
}

/// Whether the room is marked, and what was decided about it; nothing where nothing ever was.
#[component]
pub fn AlwaysFacts(view: Signal<RoomView>) -> impl IntoView {
    let i18n = use_i18n();
    let watch = Memo::new(move |_| view.with(|view| view.watch.clone()));
    move || {
        let watch = watch.get();
        if watch.always.is_none() && watch.notes.is_empty() {
            return None;
        }
        let state = match watch.always {
            Some(always) => {
                let time = move || view! { <Time at=always.at style=TimeStyle::Near /> };
                let who = always.by.clone();
                t!(i18n, watch.always.on, time, who = who.clone()).into_any()
            }
            None => told!(i18n, watch.always.off).into_any(),
        };
        Some(view! {
            <section aria-labelledby="always-h">
                <h2 id="always-h">{told!(i18n, watch.always.title)}</h2>
                <p class="always">{state}</p>
                <ul class="notes">{watch.notes.into_iter().map(line).collect_view()}</ul>
            </section>
        })
    }
}

fn line(note: RoomNote) -> impl IntoView {
    let i18n = use_i18n();
    let at = note.at;
    view! {
        <li>
            <span>{move || said(i18n.get_locale(), &note)}</span>
            <span class="when num">
                <Time at=at style=TimeStyle::Near />
            </span>
        </li>
    }
}

fn said(locale: Locale, note: &RoomNote) -> String {
    let name = note.by.clone();
    match note.event {
        RoomEvent::AlwaysOn => td_string!(locale, watch.always.note_on, name = name),
        RoomEvent::AlwaysOff => td_string!(locale, watch.always.note_off, name = name),
        RoomEvent::Dismissed(_) => td_string!(locale, watch.always.note_left_out, name = name),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn whoever_decided_is_named() {
        let note = RoomNote {
            at: Timestamp::from_millis(0),
            event: RoomEvent::AlwaysOff,
            by: "u1001".to_owned(),
        };
        assert_eq!(said(Locale::en, &note), "Mark taken away by u1001");
        assert_eq!(said(Locale::zh_CN, &note), "由 u1001 取消");
    }
}
