//! The number of statements for a call, which must not depend on what the database holds.

use std::{fmt::Debug, sync::Mutex};

use reelroom_domain::{
    file::FileKind,
    ids::AppId,
    meeting::What,
    recording::{Recording, RecordingState},
    understanding::{Meaning, ReadCall},
};
use reelroom_store::{Conn, Store, inbox};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::{
    at, id, recording,
    rig::{self, call, file, file_with_token, send_status, status, understand},
};

/// First words of the statements that the driver logged.
static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A subscriber that records the statements logged by the driver.
struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Statement);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Statement;

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" && value != LAST {
            STATEMENTS.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// A marker that is not recorded: earlier statements are logged when it is done.
const LAST: &str = "SELECT 1";

/// The statements since the last call.
async fn statements(conn: &mut Conn) -> Vec<String> {
    sqlx::query(LAST).execute(conn).await.unwrap();
    std::mem::take(&mut STATEMENTS.lock().unwrap())
}

/// The statements that load the world of calls, and those that understand them.
async fn cost(conn: &mut Conn, calls: &[ReadCall]) -> [Vec<String>; 2] {
    statements(conn).await;
    rig::load(conn, calls).await;
    let load = statements(conn).await;
    understand(conn, calls).await;
    [load, statements(conn).await]
}

/// Rolled back, as other parts count rooms.
pub async fn story(store: &Store, app: AppId) {
    // Another test of this process may have set it.
    drop(tracing::subscriber::set_global_default(Recorder));
    after_thousands_of_events(store, app).await;
    after_a_find_and_an_assignment(store, app).await;
    of_a_batch(store, app).await;
}

/// Inserts a running recording in a room of its own.
async fn insert_running(conn: &mut Conn, number: u128, app: AppId, name: &str) {
    let running = Recording {
        state: RecordingState::Recording,
        started_at: Some(at(20_001)),
        ..recording(number, app, name, 20_000)
    };
    rig::insert(conn, &running).await;
}

async fn after_thousands_of_events(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let people: Vec<String> = (0..8_999).map(|number| format!("p{number}")).collect();
    let mut crowd = vec![(What::Begin, "", 20_000)];
    crowd.extend(
        people
            .iter()
            .zip(20_001..)
            .map(|(who, second)| (What::Online, who.as_str(), second)),
    );
    crowd.reverse();
    let two = [(What::Online, "p0", 20_001), (What::Begin, "", 20_000)];
    let mut costs = Vec::new();
    for (number, name, events) in [(0x7a01, "pair", &two[..]), (0x7a02, "crowd", &crowd[..])] {
        insert_running(&mut write, number, app, name).await;
        send_status(&mut write, app, name, events).await;
        let next = status(app, name, &[(What::Online, "zoe", 30_000)]);
        let status = cost(&mut write, &[call(30_000, next)]).await;
        let track = rig::announcement(FileKind::Track, Some("p0"), "p0.mp4");
        let track = file_with_token(app, name, id(number), &track);
        let file = cost(&mut write, &[call(30_001, track)]).await;
        costs.push([status, file]);
    }
    assert_eq!(costs[0], costs[1]);
    let all = costs[0].iter().flatten();
    assert!(
        all.clone().all(|some| (1..30).contains(&some.len())),
        "{costs:?}"
    );
}

/// 64 calls take as many statements as one: each bulk statement takes all their rows.
async fn of_a_batch(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let rooms: Vec<(u128, String)> = (0x7b00..0x7b00 + 65)
        .map(|number| (number, format!("batch-{number}")))
        .collect();
    for (number, name) in &rooms {
        insert_running(&mut write, *number, app, name).await;
        let two = [(What::Online, "p0", 20_001), (What::Begin, "", 20_000)];
        send_status(&mut write, app, name, &two).await;
    }
    let mut costs = Vec::new();
    for rooms in [&rooms[..1], &rooms[1..]] {
        let (mut events, mut tracks) = (Vec::new(), Vec::new());
        for (number, name) in rooms {
            let online = status(app, name, &[(What::Online, "zoe", 30_000)]);
            events.push(call(30_000, online));
            let track = rig::announcement(FileKind::Track, Some("p0"), "p0.mp4");
            let track = file_with_token(app, name, id(*number), &track);
            tracks.push(call(30_001, track));
        }
        let events = cost(&mut write, &events).await;
        costs.push([events, cost(&mut write, &tracks).await]);
    }
    assert_eq!(costs[0], costs[1]);
}

async fn after_a_find_and_an_assignment(store: &Store, app: AppId) {
    let mut costs = Vec::new();
    let mut sizes = Vec::new();
    for is_after in [false, true] {
        let mut write = store.write().await.unwrap();
        insert_running(&mut write, 0x7a03, app, "plain").await;
        if is_after {
            insert_running(&mut write, 0x7a04, app, "found").await;
            find_and_assign(&mut write, app).await;
        }
        for number in 0..2 {
            let plain = rig::announcement(FileKind::Track, Some("ada"), &format!("{number}.mp4"));
            // The second has no token.
            let meaning = match number {
                0 => file_with_token(app, "plain", id(0x7a03), &plain),
                _ => Meaning::File(Box::new(file(app, "plain", &plain))),
            };
            let call = call(20_100, meaning);
            let world = rig::load(&mut write, std::slice::from_ref(&call)).await;
            sizes.push((
                world.files().len(),
                world.recordings.len(),
                world.rooms.len(),
            ));
            costs.push(cost(&mut write, &[call]).await);
        }
    }
    assert_eq!(costs[..2], costs[2..]);
    assert_eq!(sizes[..2], sizes[2..]);
}

/// A look-up finds a file and a person assigns it, in another room and in the same one.
async fn find_and_assign(conn: &mut Conn, app: AppId) {
    for (number, name) in [(0x7a04, "found"), (0x7a03, "plain")] {
        for file_name in ["found-1.mp4", "found-2.mp4"] {
            let found = rig::announcement(FileKind::Frame, None, file_name);
            let call = call(20_050, rig::found(app, name, id(number), &found));
            let number_of = call.id;
            understand(conn, &[call]).await;
            let done = inbox::assign(conn, number_of, Some((id(number), None)), "Ada").await;
            assert!(done.unwrap());
        }
    }
}
