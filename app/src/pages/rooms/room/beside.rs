//! The side column of the panel: the people in the room, and facts about it.

use leptos::prelude::*;
use reelroom_domain::{
    meeting::Stay,
    recording::RecordingState,
    room::ParticipantId,
    view::RoomView,
    watch::{RoomEvent, RoomNote},
};

use super::context::state_of;
use crate::{
    components::{Glyph, Icon, time, time_as},
    i18n::{Locale, td},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The maximum number of people listed; the rest is counted.
const MOST: usize = 100;

pub fn beside(view: &RoomView) -> impl IntoView + use<> {
    view! { <aside class="aside">{people(view)} {facts(view)} {always(view)}</aside> }
}

/// The people in the room, including those who have left.
fn people(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let people = &view.participants;
    let here = people.iter().filter(|one| one.left_at.is_none()).count();
    let rest = people.len().saturating_sub(MOST);
    let list = if people.is_empty() {
        view! { <p class="hint">{say!(locale, rooms.people.nobody)}</p> }.into_any()
    } else {
        let items = people.iter().take(MOST).map(person).collect_view();
        view! { <ul class="people">{items}</ul> }.into_any()
    };
    view! {
        <section>
            <h2>{say!(locale, rooms.people.title)} <span class="num">{here}</span></h2>
            {list}
            {(rest > 0)
                .then(|| view! { <p class="hint">{td!(locale, common.more, n = rest)}</p> })}
        </section>
    }
}

fn person(person: &Stay) -> impl IntoView + use<> {
    let id = person.who.to_string();
    let shares = person.shares_screen.then(|| {
        let word = say!(locale(), rooms.people.shares);
        view! { <span title=word><Icon glyph=Glyph::Screen /><span class="sr">{word}</span></span> }
    });
    let left = person
        .left_at
        .map(|at| ("–", time_as(at, TimeStyle::Clock)()));
    view! {
        <li class=if person.left_at.is_some() { "gone" } else { "" }>
            <span class="av" aria-hidden="true">{short_of(&person.who)}</span>
            <span>
                <span class="trunc" title=id>{id.clone()}</span>
                {shares}
            </span>
            <span class="when num">{time_as(person.joined_at, TimeStyle::Clock)()} {left}</span>
        </li>
    }
}

/// The text of a participant's avatar: the last two letters or digits of the id, where ids of one system
/// differ; a single one if it is as wide as a Chinese character.
fn short_of(id: &ParticipantId) -> String {
    let chars = id.as_str().chars();
    let kept: Vec<char> = chars.filter(|c| c.is_alphanumeric()).collect();
    let fitting = 1 + usize::from(kept.last().is_some_and(char::is_ascii));
    kept[kept.len().saturating_sub(fitting)..].iter().collect()
}

fn facts(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let is_active = state_of(view).is_some_and(RecordingState::is_active);
    let recorded = recorded(locale, view.recorded_times, view.recorded_millis, is_active);
    // Without a title, the heading of the page shows it.
    let id = (!view.label.title.as_str().is_empty()).then(|| {
        view! {
            <dt>{say!(locale, rooms.add.label)}</dt>
            <dd class="mono">{view.room.to_string()}</dd>
        }
    });
    let kind = view.kind.clone();
    let kind = kind.map(|kind| view! { <dt>{say!(locale, rooms.facts.kind)}</dt> <dd>{kind}</dd> });
    view! {
        <section>
            <h2>{say!(locale, rooms.facts.title)}</h2>
            <dl class="kv facts">
                {id}
                {kind}
                <dt>{say!(locale, rooms.facts.recorded)}</dt>
                <dd>{recorded}</dd>
                <dt>{say!(locale, common.word.app)}</dt>
                <dd>{view.app.name.clone()}</dd>
                <dt>{say!(locale, rooms.facts.zone)}</dt>
                <dd>{view.app.zone.clone()}</dd>
            </dl>
        </section>
    }
}

/// How often the room was recorded, and how long altogether. The length of an active recording is not known,
/// so it does not count.
fn recorded(locale: Locale, times: u32, millis: i64, is_active: bool) -> String {
    let length = length(locale, millis);
    match times.saturating_sub(is_active.into()) {
        0 if is_active => say!(locale, rooms.facts.first).to_owned(),
        0 => say!(locale, common.word.never).to_owned(),
        1 => say!(locale, rooms.facts.once, length),
        n => say!(locale, rooms.facts.times, n, length),
    }
}

/// A duration: under an hour like a timer, else in hours. Of recordings whose lengths are unknown it is 0.
fn length(locale: Locale, millis: i64) -> String {
    if millis < 3_600_000 {
        words::length(locale, Some(millis))
    } else {
        say!(locale, rooms.facts.hours, n = hours(millis))
    }
}

/// Hours with one decimal: `22.4`.
fn hours(millis: i64) -> String {
    let tenths = (millis.max(0) + 180_000) / 360_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Whether the room is always recorded, and the history of that setting; empty if it was never set.
fn always(view: &RoomView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let watch = &view.watch;
    if watch.always.is_none() && watch.notes.is_empty() {
        return None;
    }
    let state = match &watch.always {
        Some(always) => {
            let (time, who) = (time(always.at), always.by.clone());
            if always.once {
                td!(locale, watch.always.on_once, time, who).into_any()
            } else {
                td!(locale, watch.always.on, time, who).into_any()
            }
        }
        None => say!(locale, watch.always.off).into_any(),
    };
    let line = |note: &RoomNote| {
        view! {
            <li>
                <span>{said(locale, note)}</span>
                <span class="when num">{time(note.at)()}</span>
            </li>
        }
    };
    let once = watch.always.as_ref().is_some_and(|always| always.once);
    let title = if once {
        say!(locale, watch.always.once)
    } else {
        say!(locale, watch.always.title)
    };
    Some(view! {
        <section aria-labelledby="always-h">
            <h2 id="always-h">{title}</h2>
            <p class="always">{state}</p>
            <ul class="notes">{watch.notes.iter().map(line).collect_view()}</ul>
        </section>
    })
}

fn said(locale: Locale, note: &RoomNote) -> String {
    let name = &note.by;
    match note.event {
        RoomEvent::AlwaysOn => say!(locale, watch.always.note_on, name),
        RoomEvent::OnceOn => say!(locale, watch.always.note_once, name),
        RoomEvent::AlwaysOff => say!(locale, watch.always.note_off, name),
        RoomEvent::Dismissed(_) => say!(locale, watch.alert.said_not_recorded, name),
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

    #[test]
    fn an_active_recording_has_no_length_yet() {
        for (times, millis, is_active, words) in [
            (0, 0, false, "never"),
            (1, 0, true, "this is the first time"),
            (1, 65_000, false, "once, 00:01:05"),
            (1, 0, false, "once, length not known yet"),
            (2, 65_000, true, "once, 00:01:05"),
            (3, 65_000, true, "2 times, 00:01:05"),
        ] {
            assert_eq!(recorded(Locale::en, times, millis, is_active), words);
        }
    }

    #[test]
    fn hours_have_one_decimal() {
        for (millis, words) in [(0, "0.0"), (80_640_000, "22.4"), (3_590_000, "1.0")] {
            assert_eq!(hours(millis), words);
        }
    }

    #[test]
    fn the_circle_shows_what_tells_ids_apart() {
        for (id, short) in [("u1001", "01"), ("王芳", "芳"), ("x", "x"), ("--", "")] {
            assert_eq!(short_of(&ParticipantId::new(id).unwrap()), short);
        }
    }
}
