//! Checks that the rows of each earlier schema are readable after the migrations.

use std::collections::BTreeMap;

use reelroom_domain::{
    file::{FileKind, FileState},
    ids::{AppId, CallId, RecordingId},
    room::RoomId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row, query, raw_sql};

use crate::{
    Conn, Store, alerts, always, apps, calls, checks,
    engine::{Engine, MIGRATIONS, MIGRATIONS_OF_CALLS},
    expected, files, history, inbox, jobs, leases, library, lookups, meetings, notes, presets,
    recordings, rejected, retention, rooms, sessions, settings,
    testing::{self, Databases, tables},
    tries, trouble, usage, users,
};

crate::on_both!(rows_survive_every_migration, versions_become_files);

async fn rows_survive_every_migration(databases: &Databases) {
    let newest = MIGRATIONS.last().unwrap().0;
    for (number, ..) in MIGRATIONS {
        let store = Store::connect(&databases.empty()).await.unwrap();
        let mut write = store.write().await.unwrap();
        let engine = Engine::of_connection(&write);
        let migrator = engine.migrator();
        migrator.run_to(*number, &mut *write).await.unwrap();
        load(&mut write, rows_of("", *number)).await;
        if !engine.has_calls_apart() {
            let calls = MIGRATIONS_OF_CALLS.iter().rfind(|calls| calls.0 <= *number);
            load(&mut write, rows_of("calls/", calls.unwrap().0)).await;
        }
        let before = counts(&mut write).await;
        if *number == newest {
            assert_none_empty(&before);
        }
        write.commit().await.unwrap();

        store.migrate().await.unwrap();
        let mut write = store.write().await.unwrap();
        assert_kept(before, &counts(&mut write).await);
        everything_is_readable(&mut write).await;
    }
}

/// Versions that differ from all later ones in place or size become files, and each copy is one of the version
/// whose size it has.
async fn versions_become_files(databases: &Databases) {
    const FILES: &str = "INSERT INTO files (id, recording_id, kind, media, participant, name, name_key,
            size, url, announced_at, version, call_id, state, tries, storage_key, stored_size, sha256,
            content_type)
        VALUES ('00000000000000000000000000000060', '00000000000000000000000000000040', 'track', 'video',
                'u1', 'a.mp4', 'a.mp4', 10, 'http://a/x?s=5', 9, 5, 105, 'failed', 3, 'k/1', 10, 'abc',
                'video/mp4'),
            ('00000000000000000000000000000061', '00000000000000000000000000000040', 'track', 'video',
                'u2', 'b.mp4', 'b.mp4', NULL, 'http://a/x', 9, 3, 203, 'gone', 3, 'k/2', 10, 'abc',
                'video/mp4'),
            ('00000000000000000000000000000062', '00000000000000000000000000000040', 'track', 'video',
                'u3', 'c.mp4', 'c.mp4', 30, 'http://a/c', 9, 3, 303, 'gone', 3, 'k/3', 10, 'abc',
                'video/mp4'),
            ('00000000000000000000000000000063', '00000000000000000000000000000040', 'frame', 'image',
                '', 'd.jpg', 'd.jpg', 7, 'http://a/d', 9, 1, 401, 'gone', 3, NULL, NULL, NULL, NULL);
        INSERT INTO file_versions (file_id, version, call_id, size, url, replaced_at)
        VALUES ('00000000000000000000000000000060', 1, 101, 10, 'http://a/x?s=1', 0),
            ('00000000000000000000000000000060', 2, 102, 10, 'http://a/x#?s=2', 0),
            ('00000000000000000000000000000060', 3, 103, 20, 'http://a/y?s=3', 0),
            ('00000000000000000000000000000060', 4, 104, 20, 'http://a/y?s=4', 0),
            ('00000000000000000000000000000061', 1, 201, NULL, 'http://a/x?s=1', 0),
            ('00000000000000000000000000000061', 2, 202, 7, 'http://a/x?s=2', 0),
            ('00000000000000000000000000000062', 1, 301, 10, 'http://a/c', 0),
            ('00000000000000000000000000000062', 2, 302, 20, 'http://a/c', 0);";
    let store = Store::connect(&databases.empty()).await.unwrap();
    let mut write = store.write().await.unwrap();
    let migrator = Engine::of_connection(&write).migrator();
    migrator.run_to(2, &mut *write).await.unwrap();
    load(&mut write, rows_of("", 2)).await;
    load(&mut write, FILES.to_owned()).await;
    write.commit().await.unwrap();

    store.migrate().await.unwrap();
    let mut read = store.read().await.unwrap();
    let ready: RecordingId = "00000000000000000000000000000040".parse().unwrap();
    let mut files = files::of_recording(&mut read, ready).await.unwrap();
    files.retain(|file| file.announced.kind == FileKind::Track);
    files.sort_by_key(|file| (file.take, file.version));
    let versions: Vec<_> = files
        .iter()
        .map(|file| {
            let key = file.stored.as_ref().map(|stored| stored.key.as_str());
            (file.version, file.call.unwrap().number(), file.state, key)
        })
        .collect();
    let expected = [
        (4, 104, FileState::Remote, None),
        (5, 105, FileState::Archived, Some("k/1")),
        (2, 202, FileState::Remote, None),
        (3, 203, FileState::Archived, Some("k/2")),
        (1, 301, FileState::Archived, Some("k/3")),
        (2, 302, FileState::Remote, None),
        (3, 303, FileState::Gone, None),
    ];
    assert_eq!(versions, expected);
    let takes: Vec<_> = files.iter().map(|file| file.take).collect();
    let newest = [1, 1, 3, 3, 6, 6, 6].map(|at: usize| files[at].id);
    assert_eq!(takes, newest);
    // The file that is gone has been in trouble since it was announced.
    let trouble = trouble::total(&mut read, None, Timestamp::from_millis(10)).await;
    let trouble = trouble.unwrap();
    assert_eq!((trouble.files(), trouble.gone), (1, 1));
}

#[tokio::test]
async fn calls_survive_every_migration_of_their_file() {
    let databases = Databases::on_sqlite();
    let newest = MIGRATIONS_OF_CALLS.last().unwrap().0;
    for (number, ..) in MIGRATIONS_OF_CALLS {
        let store = Store::connect(&databases.another()).await.unwrap();
        let mut write = store.write_calls().await.unwrap();
        let migrator = Engine::Sqlite.migrator_of_calls().unwrap();
        migrator.run_to(*number, &mut *write).await.unwrap();
        load(&mut write, rows_of("calls/", *number)).await;
        let before = counts(&mut write).await;
        if *number == newest {
            assert_none_empty(&before);
        }
        write.commit().await.unwrap();

        store.migrate().await.unwrap();
        let mut write = store.write_calls().await.unwrap();
        assert_kept(before, &counts(&mut write).await);
        calls_are_readable(&mut write).await;
    }
}

async fn load(conn: &mut Conn, rows: String) {
    let rows = match Engine::of_connection(conn) {
        Engine::Sqlite => rows,
        Engine::Postgres => rows.replace("X'", "'\\x"),
    };
    let rows = raw_sql(AssertSqlSafe(rows));
    rows.execute(&mut *conn).await.unwrap();
}

fn assert_none_empty(counts: &BTreeMap<String, i64>) {
    // The index of the library is made from the others.
    let empty = counts
        .iter()
        .filter(|(table, rows)| **rows == 0 && !table.starts_with("library"));
    let empty: Vec<_> = empty.map(|(table, _)| table).collect();
    assert!(empty.is_empty(), "no rows in {empty:?}");
}

fn assert_kept(mut before: BTreeMap<String, i64>, after: &BTreeMap<String, i64>) {
    // Each version became a file.
    if let Some(versions) = before.remove("file_versions") {
        *before.get_mut("files").unwrap() += versions;
    }
    // Later schemas make the index of the library anew.
    before.remove("stale");
    for (table, rows) in before {
        assert_eq!(after.get(&table), Some(&rows), "{table}");
    }
}

/// The rows of a schema: those of the newest file up to its number, and what later files add to them.
fn rows_of(folder: &str, number: i64) -> String {
    let rows = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/rows");
    let read = |number: i64, end: &str| {
        std::fs::read_to_string(format!("{rows}/{folder}{number:04}{end}.sql")).ok()
    };
    let whole = |number| Some((number, read(number, "")?));
    let (of, whole) = (1..=number).rev().find_map(whole).expect("rows");
    let more = (of + 1..=number).filter_map(|number| read(number, "_more"));
    more.fold(whole, |rows, more| rows + &more)
}

/// The number of rows of each table.
async fn counts(conn: &mut Conn) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for table in tables(conn).await {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM {table}"));
        let row = query(sql).fetch_one(&mut *conn).await.unwrap();
        counts.insert(table, row.get("n"));
    }
    counts
}

async fn everything_is_readable(conn: &mut Conn) {
    let app: AppId = "00000000000000000000000000000010".parse().unwrap();
    let [ready, active, failed] =
        [0x40, 0x41, 0x42].map(|number| format!("{number:032x}").parse::<RecordingId>().unwrap());
    let (hall, at) = (RoomId::new("Hall").unwrap(), Timestamp::from_millis);

    let setting = settings::get(conn, "callback_secret").await.unwrap();
    assert_eq!(setting.as_deref(), Some("of-this-database"));
    let holder = leases::holder(conn, "jobs").await.unwrap();
    assert_eq!(holder.as_deref(), Some("one"));
    assert_eq!(jobs::list(conn).await.unwrap().len(), 1);
    let ada = tries::Counter {
        origin: "192.0.2.1".to_owned(),
        target: "account ada".to_owned(),
        allowed: 8,
        window: 5000,
    };
    let spent = tries::reserve(conn, &[ada], at(3000)).await;
    assert_eq!(spent.unwrap(), Some(0));
    assert_eq!(users::list(conn).await.unwrap().len(), 1);
    let session = sessions::find(conn, &[1; 32], at(2000)).await.unwrap();
    assert_eq!(session.unwrap().0.name, "Ada");
    let known = apps::get(conn, app).await.unwrap().unwrap();
    assert_eq!(known.vod_token.unwrap().bytes, [0, 0xff, 0x80]);
    let saved = presets::list(conn, app, &hall).await.unwrap();
    assert!(saved[0].for_room && saved[0].for_all);

    while testing::index(conn, 2).await.unwrap() {}
    let listed = library::Filter {
        with_tries: true,
        ..library::Filter::all(app.into())
    };
    assert_eq!(library::count(conn, listed).await.unwrap().n, 3);
    assert_eq!(rooms::stale(conn).await.unwrap(), []);
    let wanted = rooms::Wanted::default();
    let listed = rooms::list(conn, app, wanted, None, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].label.title.as_str(), "Große Halle");
    assert!(listed[0].alert.is_some() && listed[0].current.is_some());
    let counts = rooms::counts(conn, app, None).await.unwrap();
    assert_eq!(counts, [1, 1, 1, 1, 1]);
    assert!(rooms::form(conn, app, &hall).await.unwrap().is_some());
    assert!(always::of_room(conn, app, &hall).await.unwrap().is_some());
    assert_eq!(notes::of_room(conn, app, &hall, 9).await.unwrap().len(), 1);
    let held = meetings::since(conn, app, &hall, at(0)).await.unwrap();
    assert_eq!(held.len(), 2);
    for meeting in held {
        let stays = meetings::stays(conn, meeting.id).await.unwrap();
        assert_eq!(stays.len(), 1);
    }
    assert_eq!(alerts::all(conn).await.unwrap().len(), 1);

    let lab = RoomId::new("Lab").unwrap();
    let mut page = recordings::of_room(conn, app, &lab, None, 10)
        .await
        .unwrap();
    page.extend(
        recordings::of_room(conn, app, &hall, None, 10)
            .await
            .unwrap(),
    );
    let found: Vec<_> = page
        .iter()
        .map(|one| {
            let given_up = one.failed.as_ref().is_some_and(|failed| failed.given_up);
            (one.recording.id, given_up)
        })
        .collect();
    assert_eq!(found, [(failed, true), (active, false), (ready, false)]);
    assert_eq!(page[2].composite_name.as_deref(), Some("Hall.mp4"));
    let lines = history::of_recording(conn, failed).await.unwrap();
    assert_eq!(lines.len(), 1);
    let tracks = expected::of_recording(conn, ready).await.unwrap();
    assert_eq!(tracks.len(), 1);
    let checks = checks::of_recording(conn, ready).await.unwrap();
    assert!(checks.checks.is_some() && checks.listed_at.is_some());
    let files = files::of_recording(conn, ready).await.unwrap();
    let current = files.iter().find(|file| file.version == 2).unwrap();
    assert!(current.stored.is_some() && files.iter().all(|file| file.take == current.id));
    let used = usage::of_rooms(conn, at(0)).await.unwrap();
    let used: Vec<_> = used
        .iter()
        .map(|room| (&room.room, room.total.files, room.total.bytes))
        .collect();
    assert_eq!(used, [(&hall, 1, 2000)]);

    // Rules came with schema 10.
    for rule in retention::rules(conn).await.unwrap() {
        assert_eq!(rule.text.name.as_str(), "Tracks");
        let leaving = retention::leaving(conn, at(9000), 10).await.unwrap();
        assert_eq!(leaving, [(ready, FileKind::Track)]);
    }

    let entry = inbox::get(conn, CallId::new(60)).await.unwrap().unwrap();
    assert_eq!(entry.dealt_by.as_deref(), Some("Ada"));
    if !Engine::of_connection(conn).has_calls_apart() {
        calls_are_readable(conn).await;
    }
    assert_eq!(rejected::list(conn).await.unwrap().len(), 1);
    let place = "https://cdn.example.com/Hall.mp4";
    assert!(lookups::is_known(conn, app, place).await.unwrap());
    let sweep = lookups::claim_sweep(conn, app, at(9000), 1).await.unwrap();
    assert_eq!(sweep.unwrap().swept_until, Some(at(3900)));
}

async fn calls_are_readable(conn: &mut Conn) {
    let waiting = calls::next_waiting(conn, CallId::new(0), 10, 1000)
        .await
        .unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].content.body, [b'{', 0, 0xff, b'}']);
}
