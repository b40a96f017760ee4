//! `/jump?q=`: the results of the jump dialog, as an HTML fragment. `stop` and `record`, in either language
//! and perhaps with the name of a room, also find actions.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Thing, Verb},
    find::{Days, Find},
    jump::{Found, RoomAction},
    search::SearchText,
    time::Timestamp,
    view::{Presence, RoomRow, RoomView},
};

use crate::{
    components::{Glyph, Icon, row_word, state_word},
    current_app::CurrentApp,
    error::ApiError,
    i18n::Locale,
    paths,
    reader::Reader,
    server_fns::{StartRecording, StopRecording},
    this_page::locale,
    visit::Visit,
    words,
};

/// The list for the dialog, and its length for screen readers.
pub async fn jump(visit: Visit) -> Response {
    let search = visit.query.get("q").to_owned();
    let found = find(&visit, &search).await;
    let actions = actions(&visit, &search).await;
    let sees_callbacks = visit.me.may(Verb::See, Thing::Callbacks);
    // Without the name of a room, Enter alone must not act on one of several.
    let is_unchosen =
        actions.len() > 1 && RoomAction::parse(&search).is_some_and(|(_, name)| name.is_empty());
    visit.part(found, |found| {
        let reader = Reader::expect();
        let locale = reader.locale;
        let pages = pages(reader.locale, &search, sees_callbacks);
        let app = CurrentApp::expect();
        let mut targets = targets(&reader, &app, &pages, &found);
        if let Some(day) = of_day(&reader, &app, &search) {
            targets.insert(0, day);
        }
        let status = match targets.len() + actions.len() {
            0 => say!(locale, keys.none, search = search),
            n => plural!(locale, n, keys.found_single, keys.found, n),
        };
        let none = targets.is_empty() && actions.is_empty();
        let class = if none { "none" } else { "sr" };
        view! {
            <ul
                id="jump-list"
                role="listbox"
                aria-label=say!(locale, keys.jump_label)
                data-unchosen=is_unchosen.then_some("")
            >
                {actions.iter().filter_map(act).collect_view()}
                {targets.into_iter().map(option).collect_view()}
            </ul>
            <p class=class role="status">{status}</p>
        }
    })
}

async fn find(visit: &Visit, search: &str) -> Result<Found, ApiError> {
    let (app, search) = (visit.app.id()?, SearchText::parse(search));
    Ok(visit.service.jump(&visit.me, app, search.as_ref()).await?)
}

/// The rooms with which the search text asks to do something.
async fn actions(visit: &Visit, search: &str) -> Vec<(RoomAction, RoomView)> {
    let mut actions = Vec::new();
    let asked = RoomAction::parse(search).filter(|_| visit.me.role().may_record());
    let (Some((action, name)), Ok(app)) = (asked, visit.app.id()) else {
        return actions;
    };
    let name = SearchText::parse(name);
    let rooms = visit
        .service
        .rooms_for(&visit.me, app, action, name.as_ref())
        .await;
    for row in rooms.unwrap_or_default() {
        if let Ok(view) = visit.service.room(&visit.me, app, &row.room).await {
            actions.push((action, view));
        }
    }
    actions
}

/// An action as an option that sends a form; `None` if the room's state does not allow it.
fn act((action, view): &(RoomAction, RoomView)) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let room = view.label.name(&view.room).to_owned();
    let current = view.current.as_ref().map(|recording| &recording.row);
    if !action.is_possible(current.map(|row| row.state)) {
        return None;
    }
    let (glyph, word, url, fields) = match action {
        RoomAction::Stop => {
            let id = current?.id.to_string();
            let word = say!(locale, keys.act.stop, room);
            (Glyph::Stop, word, StopRecording::url(), vec![("id", id)])
        }
        RoomAction::Record => {
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

/// A page: its icon, name and path.
type Link = (Glyph, &'static str, &'static str);

/// The pages whose name contains the search text.
fn pages(locale: Locale, search: &str, sees_callbacks: bool) -> Vec<Link> {
    use Glyph::{Inbox, Library, Room, Sliders};
    let wanted = search.trim().to_lowercase();
    let callbacks = (Inbox, say!(locale, common.nav.callbacks), "/callbacks");
    let all = [
        Some((Room, say!(locale, common.nav.rooms), "/")),
        Some((Library, say!(locale, common.nav.library), "/recordings")),
        sees_callbacks.then_some(callbacks),
        Some((Sliders, say!(locale, common.nav.settings), "/settings")),
    ];
    all.into_iter()
        .flatten()
        .filter(|(_, name, _)| name.to_lowercase().contains(&wanted))
        .collect()
}

/// The recordings of the day that the search text names, if it names one.
fn of_day(reader: &Reader, app: &CurrentApp, search: &str) -> Option<Target> {
    let locale = reader.locale;
    let days = Days::typed(search, reader.date()?)?;
    let find = Find {
        days: Some(days),
        ..Find::default()
    };
    Some(Target {
        glyph: Glyph::Calendar,
        name: words::days(locale, days, reader.today()),
        note: say!(locale, common.nav.library).to_owned(),
        href: app.to(&paths::with_list("/recordings", &find)),
    })
}

/// Rooms, then recordings, then pages.
fn targets(reader: &Reader, app: &CurrentApp, pages: &[Link], found: &Found) -> Vec<Target> {
    let locale = reader.locale;
    let rooms = found.rooms.iter().map(|row| Target {
        glyph: Glyph::Room,
        name: row.label.name(&row.room).to_owned(),
        note: room_note(reader, row),
        href: paths::room(app.as_str(), &row.room),
    });
    let recordings = found.recordings.iter().map(|row| {
        let room = row.room_name().to_owned();
        let note = format!(
            "{} · {}",
            near(reader, row.began_at()),
            row_word(locale, row)
        );
        // The room stands beside the file's name, or in its place.
        let (name, note) = match row.file_name.clone() {
            Some(name) => (name, format!("{room} · {note}")),
            None => (room, note),
        };
        Target {
            glyph: Glyph::Film,
            name,
            note,
            href: paths::recording(row.id),
        }
    });
    let pages = pages.iter().map(|(glyph, name, path)| Target {
        glyph: *glyph,
        name: (*name).to_owned(),
        note: String::new(),
        href: app.to(path),
    });
    rooms.chain(recordings).chain(pages).collect()
}

/// The id beside a title, the state, and the last recording unless it is active.
fn room_note(reader: &Reader, row: &RoomRow) -> String {
    let locale = reader.locale;
    let id = Some(row.room.to_string()).filter(|id| id.as_str() != row.label.name(&row.room));
    let state = match (row.current, row.presence) {
        (Some((state, _)), _) => Some(state_word(locale, state)),
        (None, Presence::Live { .. }) => Some(say!(locale, common.state.live)),
        (None, Presence::Empty) => None,
    };
    let is_active = row.current.is_some_and(|(state, _)| state.is_active());
    let last = row.last_recorded_at.filter(|_| !is_active);
    let last = last.map(|at| say!(locale, keys.last_recorded, time = near(reader, at)));
    let parts = [id, state.map(str::to_owned), last];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn near(reader: &Reader, at: Timestamp) -> String {
    words::near(reader.locale, reader.zone.civil(at), reader.today())
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::{
        place::RoomPlace,
        recording::RecordingState,
        room::{RoomId, RoomTitle},
        view::RoomLabel,
    };

    use super::*;

    fn row() -> RoomRow {
        let room = RoomId::new("r-1").unwrap();
        RoomRow {
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
        }
    }

    #[test]
    fn rooms_are_listed_by_their_title_and_pages_by_their_name() {
        let found = Found {
            rooms: vec![row()],
            recordings: vec![],
        };
        let app = CurrentApp::new("");
        let reader = Reader::of(&HeaderMap::new(), Timestamp::from_millis(0));
        let rooms = pages(reader.locale, " ROO", true);
        let shown = targets(&reader, &app, &rooms, &found);
        let shown = shown.iter().map(|one| [&*one.name, &one.note, &one.href]);
        let expected = [["Small hall", "r-1", "/rooms/r-1"], ["Rooms", "", "/"]];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        assert_eq!(pages(Locale::zh_CN, "设", true).len(), 1);
        // A page that the account does not see is not found.
        assert_eq!(pages(Locale::en, "callb", true).len(), 1);
        assert_eq!(pages(Locale::en, "callb", false), []);
    }

    #[test]
    fn a_day_leads_to_its_recordings() {
        // 2026-11-22T06:27:05Z.
        let reader = Reader::of(&HeaderMap::new(), Timestamp::from_millis(1_795_328_825_000));
        let app = CurrentApp::new("");
        let of_day = |search| of_day(&reader, &app, search);
        let yesterday = of_day("昨天").unwrap();
        assert_eq!(yesterday.href, "/recordings?from=2026-11-21&to=2026-11-21");
        assert_eq!((&*yesterday.name, &*yesterday.note), ("21 Nov", "Library"));
        assert_eq!(of_day("today").unwrap().href, "/recordings?last=1");
        assert_eq!(of_day("lesson"), None);
    }

    #[test]
    fn a_room_has_its_state_or_its_last_recording() {
        let moment = Timestamp::from_millis(0);
        let reader = Reader::of(&HeaderMap::new(), moment);
        let note = |row| room_note(&reader, &row);
        let recorded = RoomRow {
            last_recorded_at: Some(moment),
            presence: Presence::Live {
                people: 2,
                since: moment,
            },
            ..row()
        };
        // Shown in the platform's zone.
        let last = "last recorded Today 08:00";
        assert_eq!(note(recorded.clone()), format!("r-1 · Live · {last}"));
        let with = |state| RoomRow {
            current: Some((state, moment)),
            ..recorded.clone()
        };
        assert_eq!(note(with(RecordingState::Recording)), "r-1 · Recording");
        let waiting = format!("r-1 · Waiting for files · {last}");
        assert_eq!(note(with(RecordingState::AwaitingFiles)), waiting);
    }
}
