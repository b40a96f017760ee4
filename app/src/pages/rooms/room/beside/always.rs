use leptos::prelude::*;
use reelroom_domain::{
    view::RoomView,
    watch::{RoomEvent, RoomNote},
};

use super::super::context::time;
use crate::{
    i18n::{Locale, td},
    this_page::locale,
    words::TimeStyle,
};

/// Whether the room is always recorded, and the history of that setting; empty if it was never set.
pub fn always(view: &RoomView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let watch = &view.watch;
    if watch.always.is_none() && watch.notes.is_empty() {
        return None;
    }
    let state = match &watch.always {
        Some(always) => {
            let (time, who) = (time(always.at, TimeStyle::Near), always.by.clone());
            td!(locale, watch.always.on, time, who).into_any()
        }
        None => say!(locale, watch.always.off).into_any(),
    };
    let line = |note: &RoomNote| {
        view! {
            <li>
                <span>{said(locale, note)}</span>
                <span class="when num">{time(note.at, TimeStyle::Near)()}</span>
            </li>
        }
    };
    Some(view! {
        <section aria-labelledby="always-h">
            <h2 id="always-h">{say!(locale, watch.always.title)}</h2>
            <p class="always">{state}</p>
            <ul class="notes">{watch.notes.iter().map(line).collect_view()}</ul>
        </section>
    })
}

fn said(locale: Locale, note: &RoomNote) -> String {
    let name = note.by.clone();
    match note.event {
        RoomEvent::AlwaysOn => say!(locale, watch.always.note_on, name = name),
        RoomEvent::AlwaysOff => say!(locale, watch.always.note_off, name = name),
        RoomEvent::Dismissed(_) => say!(locale, watch.always.note_left_out, name = name),
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
        assert_eq!(said(Locale::en, &note), "u1001 turned off “always record”");
        assert_eq!(said(Locale::zh_CN, &note), "u1001 关闭了“始终录制”");
    }
}
