//! The measured library, its accounts, and what they ask for.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reelroom_app::paths::with_query;
use reelroom_domain::{
    access::{Access, Grant, Rights},
    find::Sort,
    ids::{AppId, RecordingId, UserId},
    room::RoomId,
    search::fold,
    time::{Clock, Timestamp},
    user::Role,
};
use reelroom_service::{Principal, SandboxApp, Secret, Service, SystemClock};
use reelroom_store::{
    Conn, DatabaseUrl, Scope, Store,
    grants::{self, Holder},
    library::{self, Filter},
    recordings,
    testing::execute,
};

use crate::server::{PASSWORD, Place};

/// The recordings on a page.
const PAGE: usize = 50;
/// The page that is as quick as the first.
const FAR: usize = 1000;
/// Two letters that are in the names of rooms of a demo.
const CHINESE: &str = "热线";
/// In the names of most files.
const FREQUENT: &str = "mp4";
/// A word of several terms, in the names of some rooms.
const LONG: &str = "support";
const FACETS: [(&str, &str); 3] = [
    ("kind", "composite"),
    ("archive", "archived"),
    ("length", "under_ten_minutes"),
];
const DAY: i64 = 24 * 60 * 60_000;

/// A query that is measured.
pub struct Question {
    pub what: String,
    pub path: String,
    /// The folded text that is searched for.
    pub text: Option<String>,
}

/// An account and its questions, the first page first and the far one last.
pub struct Account {
    pub principal: Principal,
    pub questions: Vec<Question>,
}

/// Fills an empty database; returns how long it took.
pub fn demo(place: &Place, recordings: u32) -> Result<Duration> {
    let begun = Instant::now();
    let done = place
        .command()
        .args(["demo", "--seed", "1", "--recordings"])
        .arg(recordings.to_string())
        .status()?;
    ensure!(done.success(), "the demo ended with {done}");
    Ok(begun.elapsed())
}

/// Prepares a library without recordings, and its administrator.
pub async fn empty(place: &Place) -> Result<()> {
    let service = Service::connect(place.config()).await?;
    let app = SandboxApp {
        app_id: "bench".to_owned(),
        api_base: "http://127.0.0.1:9".parse()?,
        vod_token: Secret::new("vod"),
    };
    service.register_sandbox(app).await?;
    service.add_user("desk", PASSWORD, Role::Admin).await?;
    service.close().await;
    Ok(())
}

/// Adds an administrator, and a viewer of the three most frequent rooms.
pub async fn accounts(place: &Place, service: &Service, store: &Store) -> Result<[Account; 2]> {
    if let DatabaseUrl::Postgres(_) = place.database {
        // The server would do so by itself within a minute.
        execute(store, "ANALYZE").await;
    }
    let app = *service
        .app_ids()
        .await?
        .first()
        .context("there is no app")?;
    let desk = service.add_user("desk", PASSWORD, Role::Admin).await?;
    let guest = service.add_user("guest", PASSWORD, Role::Viewer).await?;
    let mut tx = store.write().await?;
    let rooms = frequent_rooms(&mut tx, app).await?;
    grants::remove(&mut tx, Holder::User(guest), &Grant::Everything).await?;
    let granted: Vec<Grant> = rooms
        .iter()
        .map(|room| Grant::Room {
            app,
            room: room.clone(),
        })
        .collect();
    for grant in &granted {
        grants::add(&mut tx, Holder::User(guest), grant).await?;
    }
    let only = Scope {
        app,
        only: Some(&rooms),
    };
    let of_desk = questions(&mut tx, app.into(), &rooms).await?;
    let of_guest = questions(&mut tx, only, &rooms).await?;
    tx.commit().await?;
    let account = |user, name: &str, role, grants, questions| Account {
        principal: principal(user, name, role, grants),
        questions,
    };
    Ok([
        account(desk, "desk", Role::Admin, Vec::new(), of_desk),
        account(guest, "guest", Role::Viewer, granted, of_guest),
    ])
}

fn principal(user: UserId, name: &str, role: Role, grants: Vec<Grant>) -> Principal {
    Principal {
        user,
        name: name.to_owned(),
        access: Access {
            role,
            rights: Rights::default(),
            grants,
        },
        needs_second_factor: false,
    }
}

/// A demo numbers its rooms, the most frequent ones first.
async fn frequent_rooms(conn: &mut Conn, app: AppId) -> Result<Vec<RoomId>> {
    let rooms = library::rooms(conn, app.into(), None, u32::MAX).await?;
    let number = |room: &RoomId| room.as_str().rsplit('-').next()?.parse::<u32>().ok();
    let mut frequent: Vec<(u32, RoomId)> = rooms
        .into_iter()
        .filter_map(|(room, _)| Some((number(&room)?, room)))
        .collect();
    frequent.sort_by_key(|(number, _)| *number);
    frequent.truncate(3);
    ensure!(frequent.len() == 3, "there are no three rooms");
    Ok(frequent.into_iter().map(|(_, room)| room).collect())
}

/// The queries within a scope.
async fn questions(conn: &mut Conn, scope: Scope<'_>, rooms: &[RoomId]) -> Result<Vec<Question>> {
    let (filter, sort) = (Filter::all(scope), Sort::Newest);
    let before = u32::try_from((FAR - 1) * PAGE + 1)?;
    let hits = library::page(conn, filter, sort, None, before).await?;
    // A small library has no such page.
    let pages = (hits.len().saturating_sub(1) / PAGE).clamp(1, FAR - 1);
    let last = hits
        .get(pages * PAGE - 1)
        .context("there is no second page")?;
    let some: Vec<RecordingId> = hits
        .iter()
        .skip(hits.len() / 2)
        .take(PAGE)
        .map(|hit| hit.id)
        .collect();
    let some = recordings::summaries(conn, &some).await?;
    let name = some.into_iter().find_map(|one| one.composite_name);
    let name = name.context("no recording has a composite")?;
    let rare = name.trim_end_matches(".mp4");
    let asked = |what: &str, query: &[(&str, &str)]| Question {
        what: what.to_owned(),
        path: with_query("/recordings", query),
        text: query
            .iter()
            .find(|(key, _)| *key == "q")
            .map(|(_, text)| fold(text)),
    };
    let room = rooms.first().context("there is no room")?;
    let place = last.place.to_string();
    Ok(vec![
        asked("first page", &[]),
        asked("one room", &[("room", room.as_str())]),
        asked("two Chinese characters", &[("q", CHINESE)]),
        asked("rare word", &[("q", rare)]),
        asked("frequent word", &[("q", FREQUENT)]),
        asked("frequent long word", &[("q", LONG)]),
        asked("three facets", &FACETS),
        asked(&format!("page {}", pages + 1), &[("after", &place)]),
    ])
}

/// The moments at which the days of the last year begin, and the end of today.
pub fn midnights() -> Vec<Timestamp> {
    let now = SystemClock.now().as_millis();
    let today = now - now.rem_euclid(DAY);
    let days = (-364..=1).map(|day| Timestamp::from_millis(today + day * DAY));
    days.collect()
}
