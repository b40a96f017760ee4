//! Checks that the rows of each earlier schema are there and readable after the migrations.

use std::collections::BTreeMap;

use reelroom_domain::{
    ids::{AppId, RecordingId},
    room::RoomId,
    time::Timestamp,
};
use sqlx::{AssertSqlSafe, Row, query, raw_sql};

use crate::{
    Conn, Store, alerts, always, apps, callbacks,
    engine::{Engine, MIGRATIONS},
    expected, files, history, looks, lookups, meetings, notes, presets, recordings, rooms,
    sessions, settings,
    testing::{Databases, tables},
    turned_away, users,
};

#[tokio::test]
async fn rows_outlive_every_migration_on_sqlite() {
    upgrade(&Databases::on_sqlite()).await;
}

#[tokio::test]
async fn rows_outlive_every_migration_on_postgres() {
    upgrade(&Databases::on_postgres()).await;
}

async fn upgrade(databases: &Databases) {
    let newest = MIGRATIONS.last().unwrap().0;
    for (number, ..) in MIGRATIONS {
        let url = databases.another();
        let store = Store::connect(&url).await.unwrap();
        let mut write = store.write().await.unwrap();
        let engine = Engine::of_connection(&write);
        let migrator = engine.migrator();
        migrator.run_to(*number, &mut *write).await.unwrap();
        let rows = raw_sql(AssertSqlSafe(rows_of(engine, *number)));
        rows.execute(&mut *write).await.unwrap();
        let before = counts(&mut write).await;
        if *number == newest {
            let empty = before.iter().filter(|(_, rows)| **rows == 0);
            let empty: Vec<_> = empty.map(|(table, _)| table).collect();
            assert!(empty.is_empty(), "no rows of schema {number} in {empty:?}");
        }
        write.commit().await.unwrap();

        store.migrate().await.unwrap();
        let mut write = store.write().await.unwrap();
        let after = counts(&mut write).await;
        for (table, rows) in before {
            assert_eq!(after.get(&table), Some(&rows), "{table} of schema {number}");
        }
        everything_is_readable(&mut write).await;
    }
}

/// The rows in the form that the engine takes.
fn rows_of(engine: Engine, number: i64) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/rows");
    let rows = std::fs::read_to_string(format!("{folder}/{number:04}.sql"))
        .unwrap_or_else(|why| panic!("migrations/rows has nothing of schema {number}: {why}"));
    match engine {
        Engine::Sqlite => rows,
        Engine::Postgres => rows.replace("X'", "'\\x"),
    }
}

/// How many rows each table has.
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
    assert_eq!(users::list(conn).await.unwrap().len(), 1);
    let session = sessions::find(conn, &[1; 32], at(2000)).await.unwrap();
    assert_eq!(session.unwrap().0.name, "Ada");
    let known = apps::get(conn, app).await.unwrap().unwrap();
    assert_eq!(known.vod_token.unwrap().bytes, [0, 0xff, 0x80]);
    let saved = presets::list(conn, app, &hall).await.unwrap();
    assert!(saved[0].for_room && saved[0].for_all);

    assert_eq!(rooms::untrue(conn).await.unwrap(), []);
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
        let people = meetings::participants(conn, meeting.id).await.unwrap();
        assert_eq!(people.len(), 1);
    }
    assert_eq!(alerts::all(conn).await.unwrap().len(), 1);

    let every = recordings::Filter::default();
    let page = recordings::page(conn, app, every, None, 10).await.unwrap();
    let found: Vec<_> = page
        .iter()
        .map(|one| (one.recording.id, one.given_up))
        .collect();
    assert_eq!(found, [(active, false), (failed, true), (ready, false)]);
    assert_eq!(page[2].composite_name.as_deref(), Some("Hall.mp4"));
    let lines = history::of_recording(conn, failed).await.unwrap();
    assert_eq!(lines.len(), 1);
    let tracks = expected::of_recording(conn, ready).await.unwrap();
    assert_eq!(tracks.len(), 1);
    let looks = looks::of_recording(conn, ready).await.unwrap();
    assert!(looks.looks.is_some() && looks.listed_at.is_some());
    let files = files::of_recording(conn, ready).await.unwrap();
    assert!(files[0].version == 2 && files[0].stored.is_some());

    let calls = callbacks::list(conn, None, 10).await.unwrap();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].body, [b'{', 0, 0xff, b'}']);
    assert_eq!(turned_away::list(conn).await.unwrap().len(), 1);
    let place = "https://cdn.example.com/Hall.mp4";
    assert!(lookups::is_known(conn, app, place).await.unwrap());
    let sweep = lookups::claim_sweep(conn, app, at(9000), 1).await.unwrap();
    assert_eq!(sweep.unwrap().swept_until, Some(at(3900)));
}
