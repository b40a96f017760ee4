//! `/jump?q=`: the results of the jump dialog, as an HTML fragment.

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{jump::Found, search::SearchText};

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    error::ApiError,
    i18n::Locale,
    paths,
    this_page::locale,
    visit::Visit,
};

/// The list for the dialog, and its length for screen readers.
pub async fn jump(visit: Visit) -> Response {
    let search = visit.query.get("q").to_owned();
    let found = find(&visit, &search).await;
    visit.part(found, |found| {
        let locale = locale();
        let targets = targets(locale, &CurrentApp::expect(), &search, &found);
        let status = match targets.len() {
            0 => say!(locale, keys.none, search = search),
            1 => say!(locale, keys.found_single).to_owned(),
            n => say!(locale, keys.found, n = n),
        };
        let class = if targets.is_empty() { "none" } else { "sr" };
        view! {
            <ul id="jump-list" role="listbox" aria-label=say!(locale, keys.jump_label)>
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

/// One result.
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
fn targets(locale: Locale, app: &CurrentApp, search: &str, found: &Found) -> Vec<Target> {
    let rooms = found.rooms.iter().map(|row| {
        let name = row.label.name(&row.room).to_owned();
        let id = row.room.to_string();
        Target {
            glyph: Glyph::Room,
            note: if id == name { String::new() } else { id },
            name,
            href: paths::room(app.as_str(), &row.room),
        }
    });
    let recordings = found.recordings.iter().map(|row| {
        let room = row.room.to_string();
        Target {
            glyph: Glyph::Film,
            name: row.file_name.clone().unwrap_or_else(|| room.clone()),
            note: room,
            href: paths::recording(row.id),
        }
    });
    let wanted = search.trim().to_lowercase();
    let pages = [
        (Glyph::Room, say!(locale, common.nav.rooms), "/"),
        (
            Glyph::Library,
            say!(locale, common.nav.library),
            "/recordings",
        ),
        (
            Glyph::Inbox,
            say!(locale, common.nav.callbacks),
            "/callbacks",
        ),
        (
            Glyph::Sliders,
            say!(locale, common.nav.settings),
            "/settings",
        ),
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
    use reelroom_domain::{
        place::RoomPlace,
        room::{RoomId, RoomTitle},
        view::{Presence, RoomLabel, RoomRow},
    };

    use super::*;

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
        let shown = targets(Locale::en, &app, " ROO", &found);
        let shown = shown.iter().map(|one| [&*one.name, &one.note, &one.href]);
        let expected = [["Small hall", "r-1", "/rooms/r-1"], ["Rooms", "", "/"]];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
        let settings = targets(Locale::zh_CN, &app, "设", &Found::default());
        assert_eq!(settings.len(), 1);
    }
}
