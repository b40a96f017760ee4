//! `/jump?q=`: the results of the jump dialog, as an HTML fragment. `stop …` and `record …`, in either
//! language, also find actions.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    jump::Found,
    recording::{RecordingEvent as E, RecordingState},
    search::SearchText,
    view::RoomView,
};

use crate::{
    components::{Glyph, Icon, state_word},
    current_app::CurrentApp,
    error::ApiError,
    paths,
    reader::Reader,
    server_fns::{StartRecording, StopRecording},
    this_page::locale,
    visit::Visit,
    words::{self, TimeStyle},
};

/// The list for the dialog, and its length for screen readers.
pub async fn jump(visit: Visit) -> Response {
    let search = visit.query.get("q").to_owned();
    let found = find(&visit, &search).await;
    let actions = actions(&visit, &search).await;
    visit.part(found, |found| {
        let reader = Reader::expect();
        let locale = reader.locale;
        let targets = targets(&reader, &CurrentApp::expect(), &search, &found);
        let status = match targets.len() + actions.len() {
            0 => say!(locale, keys.none, search = search),
            1 => say!(locale, keys.found_single).to_owned(),
            n => say!(locale, keys.found, n = n),
        };
        let none = targets.is_empty() && actions.is_empty();
        let class = if none { "none" } else { "sr" };
        view! {
            <ul id="jump-list" role="listbox" aria-label=say!(locale, keys.jump_label)>
                {actions.iter().filter_map(act).collect_view()}
                {targets.into_iter().map(option).collect_view()}
            </ul>
            <p class=class role="status">{status}</p>
        }
    })
}

async fn find(visit: &Visit, search: &str) -> Result<Found, ApiError> {
    let (app, search) = (visit.app.id()?, SearchText::parse(search));
    Ok(visit.service.jump(app, search.as_ref()).await?)
}

/// What a search text asks to do with a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Stop,
    Record,
}

/// The verb at the beginning of a search text, and the rest of it.
fn verb(search: &str) -> Option<(Verb, &str)> {
    let search = search.trim();
    let verbs = [
        ("stop ", Verb::Stop),
        ("record ", Verb::Record),
        ("停止", Verb::Stop),
        ("录制", Verb::Record),
    ];
    verbs.into_iter().find_map(|(word, verb)| {
        let (start, rest) = search.split_at_checked(word.len())?;
        (start.eq_ignore_ascii_case(word) && !rest.trim().is_empty()).then_some((verb, rest.trim()))
    })
}

/// The rooms with which the search text asks to do something.
async fn actions(visit: &Visit, search: &str) -> Vec<(Verb, RoomView)> {
    const MOST: usize = 3;
    let mut actions = Vec::new();
    let Some((verb, name)) = verb(search).filter(|_| visit.me.role.may_record()) else {
        return actions;
    };
    let (Ok(found), Ok(app)) = (find(visit, name).await, visit.app.id()) else {
        return actions;
    };
    for row in found.rooms.iter().take(MOST) {
        if let Ok(view) = visit.service.room(visit.me.role, app, &row.room).await {
            actions.push((verb, view));
        }
    }
    actions
}

/// An action as an option that sends a form; `None` if the room's state does not allow it.
fn act((verb, view): &(Verb, RoomView)) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let room = view.label.name(&view.room).to_owned();
    let state = view.current.as_ref().map(|recording| recording.row.state);
    let is_active = state.is_some_and(RecordingState::is_active);
    let (glyph, word, url, fields) = match verb {
        Verb::Stop if state.is_some_and(|state| state.after(E::StopRequested).is_ok()) => {
            let id = view.current.as_ref()?.row.id.to_string();
            let word = say!(locale, keys.act.stop, room);
            (Glyph::Stop, word, StopRecording::url(), vec![("id", id)])
        }
        Verb::Record if !is_active => {
            let form = &view.form;
            let mut fields = vec![
                ("rule", form.rule.clone()),
                ("path", form.path.clone()),
                ("user_data", form.user_data.clone()),
                ("kind", form.kind.clone()),
                ("stop_after", form.stop_after.clone()),
            ];
            if form.stop_at_end {
                fields.push(("stop_at_end", "yes".to_owned()));
            }
            let word = say!(locale, keys.act.record, room);
            (Glyph::Recdot, word, StartRecording::url(), fields)
        }
        _ => return None,
    };
    let fields = fields.into_iter();
    let fields =
        fields.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    Some(view! {
        <li role="option" aria-selected="false">
            <form method="post" action=url hidden>
                <input type="hidden" name="room" value=view.room.to_string() />
                <input type="hidden" name="app" value=view.app.id.to_string() />
                {fields.collect_view()}
            </form>
            <Icon glyph=glyph />
            <span class="trunc">{word}</span>
        </li>
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    glyph: Glyph,
    name: String,
    note: String,
    href: String,
}

fn option(target: Target) -> impl IntoView {
    view! {
        <li role="option" aria-selected="false" data-href=target.href>
            <Icon glyph=target.glyph />
            <span class="trunc">{target.name}</span>
            <span class="meta trunc">{target.note}</span>
        </li>
    }
}

/// Rooms, then recordings, then the pages whose name contains the search text.
fn targets(reader: &Reader, app: &CurrentApp, search: &str, found: &Found) -> Vec<Target> {
    use Glyph::{Inbox, Library, Room, Sliders};
    let (locale, zone) = (reader.locale, &reader.zone);
    let rooms = found.rooms.iter().map(|row| {
        let name = row.label.name(&row.room).to_owned();
        let id = Some(row.room.to_string()).filter(|id| *id != name);
        let state = row.current;
        let state = state.map(|(state, _)| state_word(locale, state).to_owned());
        let note: Vec<_> = id.into_iter().chain(state).collect();
        Target {
            glyph: Room,
            note: note.join(" · "),
            name,
            href: paths::room(app.as_str(), &row.room),
        }
    });
    let recordings = found.recordings.iter().map(|row| {
        let room = row.room_name().to_owned();
        let (at, now) = (zone.civil(row.began_at()), zone.civil(reader.now));
        let at = words::style(locale, TimeStyle::Near, at, now);
        Target {
            glyph: Glyph::Film,
            name: row.file_name.clone().unwrap_or_else(|| room.clone()),
            note: format!("{room} · {at} · {}", state_word(locale, row.state)),
            href: paths::recording(row.id),
        }
    });
    let wanted = search.trim().to_lowercase();
    let pages = [
        (Room, say!(locale, common.nav.rooms), "/"),
        (Library, say!(locale, common.nav.library), "/recordings"),
        (Inbox, say!(locale, common.nav.callbacks), "/callbacks"),
        (Sliders, say!(locale, common.nav.settings), "/settings"),
    ];
    let pages = pages
        .into_iter()
        .filter(|(_, name, _)| name.to_lowercase().contains(&wanted))
        .map(|(glyph, name, path)| Target {
            glyph,
            name: name.to_owned(),
            note: String::new(),
            href: app.to(path),
        });
    rooms.chain(recordings).chain(pages).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::{
        place::RoomPlace,
        room::{RoomId, RoomTitle},
        time::Timestamp,
        view::{Presence, RoomLabel, RoomRow},
    };

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn rooms_are_listed_by_their_title_and_pages_by_their_name() {
        let room = RoomId::new("r-1").unwrap();
        let found = Found {
            rooms: vec![RoomRow {
                alert: None,
                place: RoomPlace::new(0, 0, room.clone()),
                room,
                label: RoomLabel {
                    title: RoomTitle::parse("Small hall").unwrap(),
                    ..RoomLabel::default()
                },
                presence: Presence::Empty,
                current: None,
                last_recorded_at: None,
            }],
            recordings: vec![],
        };
        let app = CurrentApp::new("");
        let mut reader = Reader::of(&HeaderMap::new(), Timestamp::from_millis(0));
        let shown = targets(&reader, &app, " ROO", &found);
        let shown = shown.iter().map(|one| [&*one.name, &one.note, &one.href]);
        let expected = [["Small hall", "r-1", "/rooms/r-1"], ["Rooms", "", "/"]];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        reader.locale = Locale::zh_CN;
        let settings = targets(&reader, &app, "设", &Found::default());
        assert_eq!(settings.len(), 1);
    }

    #[test]
    fn a_search_may_begin_with_a_verb_of_either_language() {
        assert_eq!(verb("stop class"), Some((Verb::Stop, "class")));
        assert_eq!(verb(" Record 产品评审"), Some((Verb::Record, "产品评审")));
        assert_eq!(verb("录制产品"), Some((Verb::Record, "产品")));
        for search in ["stop", "stop ", "stopped", "recording", "停", ""] {
            assert_eq!(verb(search), None, "{search}");
        }
    }
}
