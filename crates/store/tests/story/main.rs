//! One story for both databases: what the product does with its store, in the order of a day.

mod about;
mod accounts;
mod acts;
mod backup;
mod calls;
mod checks;
mod cost;
mod files;
mod growth;
mod jobs;
mod joins;
mod leases;
mod links;
mod lookups;
mod meetings;
mod presets;
mod recordings;
mod rig;
mod room_facts;
mod room_list;
mod rooms;
mod trouble;
mod usage;
mod watch;

use std::{path::Path, time::Duration};

use reelroom_domain::{
    ids::{AppId, CallId},
    recording::Recording,
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use reelroom_store::{
    Conn, DatabaseUrl, Store, StoreError,
    apps::{self, App},
    inbox, settings,
    testing::{Databases, execute},
};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Runs one story at a time in a process, as statements are counted.
static ALONE: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn on_postgres() {
    let _alone = ALONE.lock().await;
    let databases = Databases::on_postgres();
    let url = databases.empty();
    story(&url).await;
    a_commit_waits_for_the_disk(&url).await;
    only_one_process_understands(&url).await;
    a_lock_has_a_timeout(&url).await;
    leases::notices_reach_every_server(&url).await;
}

/// Requires a synced commit, whatever the database's default.
async fn a_commit_waits_for_the_disk(url: &DatabaseUrl) {
    let store = Store::connect(url).await.unwrap();
    let sql = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
    END $$";
    execute(&store, sql).await;
    let store = Store::connect(url).await.unwrap();
    let mut write = store.write().await.unwrap();
    let set: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(set, "on");
}

/// Two processes over one database exclude each other.
async fn only_one_process_understands(url: &DatabaseUrl) {
    let [one, other] = [Store::connect(url).await, Store::connect(url).await].map(Result::unwrap);
    let mut first = one.write().await.unwrap();
    inbox::lock_understanding(&mut first).await.unwrap();
    let second = tokio::spawn(async move {
        let mut write = other.write().await.unwrap();
        inbox::lock_understanding(&mut write).await.unwrap();
        write.commit().await.unwrap();
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!second.is_finished());
    first.commit().await.unwrap();
    second.await.unwrap();
}

/// A lock has a timeout, and the error is temporary.
async fn a_lock_has_a_timeout(url: &DatabaseUrl) {
    let store = Store::connect(url).await.unwrap();
    let mut holder = store.write().await.unwrap();
    let locked = sqlx::query("LOCK TABLE inbox").execute(&mut *holder);
    locked.await.unwrap();
    let mut write = store.write().await.unwrap();
    let set: String = sqlx::query_scalar("SHOW lock_timeout")
        .fetch_one(&mut *write)
        .await
        .unwrap();
    assert_eq!(set, "10s");
    let shorter = sqlx::query("SET LOCAL lock_timeout = '100ms'").execute(&mut *write);
    shorter.await.unwrap();
    let waited = inbox::count_open(&mut write).await;
    assert!(
        waited.as_ref().is_err_and(StoreError::is_passing),
        "{waited:?}"
    );
}

/// Writers are served in order, so the last one cannot starve the others.
async fn writers_are_served_in_order(store: &Store) {
    let first = store.write().await.unwrap();
    let other = store.clone();
    let second = tokio::spawn(async move { other.write().await.unwrap() });
    tokio::time::sleep(Duration::from_millis(100)).await;
    first.commit().await.unwrap();
    let at_once = Duration::from_millis(200);
    let again = tokio::time::timeout(at_once, store.write()).await;
    assert!(again.is_err());
    second.await.unwrap().commit().await.unwrap();
    store.write().await.unwrap().commit().await.unwrap();
}

/// Calls and other writes do not wait for each other.
async fn calls_and_other_writes_do_not_wait(store: &Store) {
    let other = store.write().await.unwrap();
    calls::append_one(store).await;
    other.commit().await.unwrap();
    let calls = store.write_calls().await.unwrap();
    store.write().await.unwrap().commit().await.unwrap();
    calls.commit().await.unwrap();
}

/// A long log is copied into the database file while a transaction writes.
async fn a_long_log_is_copied(store: &Store, path: &Path) {
    let size = || path.metadata().unwrap().len();
    let long = 40_000_000;
    execute(
        store,
        "INSERT INTO settings (key, value) VALUES ('long', hex(zeroblob(20000000)))",
    )
    .await;
    assert!(size() < long);
    let other = store.write().await.unwrap();
    store.checkpoint().await.unwrap();
    assert!(size() > long);
    other.commit().await.unwrap();
}

/// A call is stored while a checkpoint of the main database waits for a reader with all its locks held.
async fn a_checkpoint_does_not_delay_calls(store: &Store, path: &Path) {
    let insert = "INSERT INTO settings (key, value) VALUES ('checkpoint', 'x')";
    execute(store, insert).await;
    // A reader of the log, which the checkpoint cannot begin anew until it ends.
    let mut reader = store.read().await.unwrap();
    settings::get(&mut reader, "checkpoint").await.unwrap();
    let options = SqliteConnectOptions::new().filename(path);
    let options = options.busy_timeout(Duration::from_secs(20));
    let mut conn = options.connect().await.unwrap();
    let checkpoint = tokio::spawn(async move {
        sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(RESTART)")
            .fetch_one(&mut conn)
            .await
            .unwrap()
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    calls::append_one(store).await;
    assert!(!checkpoint.is_finished());
    drop(reader);
    let (was_busy, ..) = checkpoint.await.unwrap();
    assert_eq!(was_busy, 0);
}

#[tokio::test]
async fn on_sqlite() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    // Characters with a meaning in URLs.
    let path = folder.path().join("a b?c#d%41.db");
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse().unwrap();
    story(&url).await;
    assert!(path.is_file());
    assert!(folder.path().join("a b?c#d%41.calls.db").is_file());
    let store = Store::connect(&url).await.unwrap();
    writers_are_served_in_order(&store).await;
    calls_and_other_writes_do_not_wait(&store).await;
    a_long_log_is_copied(&store, &path).await;
    a_checkpoint_does_not_delay_calls(&store, &path).await;
}

async fn story(url: &DatabaseUrl) {
    let store = Store::connect(url).await.unwrap();
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    store.ping().await.unwrap();

    accounts::story(&store).await;
    links::story(&store).await;
    acts::story(&store).await;
    jobs::story(&store).await;
    leases::story(&store).await;
    let app = two_apps(&store).await;
    rooms::story(&store, app).await;
    meetings::story(&store, app).await;
    growth::story(&store, app).await;
    recordings::story(&store, app).await;
    files::story(&store, app).await;
    joins::story(&store, app).await;
    about::story(&store, app).await;
    trouble::story(&store).await;
    usage::story(&store, app).await;
    checks::story(&store).await;
    execute(&store, "DELETE FROM inbox").await;
    let stored = calls::story(&store, app).await;
    calls::story_of_the_inbox(&store, app, &stored).await;
    rooms::story_of_the_evening(&store, app).await;
    rooms::story_of_labels(&store, app).await;
    watch::story(&store, app).await;
    room_facts::story(&store, app).await;
    room_list::story(&store, app).await;
    lookups::story(&store, app).await;
    cost::story(&store, app).await;
    presets::story(&store, app).await;
    rooms::story_of_two_apps(&store, app).await;

    calls_have_no_index_but_their_key(&store).await;
    a_dropped_transaction_is_rolled_back(&store).await;
    a_reader_cannot_write(&store).await;
    store.close().await;
    let closed = store.read().await.unwrap_err();
    assert!(closed.is_passing(), "{closed:?}");
}

/// The emulated platform.
fn sandbox() -> App {
    App {
        id: id(0xa0),
        name: "Sandbox".into(),
        app_id: "sandbox".into(),
        api_base: "http://127.0.0.1:3100".into(),
        method: "GET".into(),
        encoding: "json".into(),
        reply_form: "text".into(),
        zone: "Asia/Shanghai".into(),
        allowed_hosts: vec![],
        public_cloud: false,
        frames: false,
        sandbox: true,
        kinds: vec!["Meet".into()],
        vod_base: "http://127.0.0.1:3100".into(),
        vod_token: None,
        created_at: at(1),
    }
}

async fn two_apps(store: &Store) -> AppId {
    let mut write = store.write().await.unwrap();
    let sandbox = sandbox();
    assert_eq!(apps::default_app(&mut write).await.unwrap(), None);
    let kept = apps::upsert_sandbox(&mut write, &sandbox).await.unwrap();
    assert_eq!(kept, sandbox);

    // The sandbox starts with another port and another id, and stays the same app.
    let moved = App {
        id: id(0xa1),
        api_base: "http://127.0.0.1:3200".into(),
        vod_base: "http://127.0.0.1:3200".into(),
        vod_token: Some(sealed(2)),
        created_at: at(2),
        ..sandbox.clone()
    };
    let kept = apps::upsert_sandbox(&mut write, &moved).await.unwrap();
    assert_eq!((kept.id, kept.created_at), (sandbox.id, at(1)));
    assert_eq!(
        (&kept.api_base, &kept.vod_base, &kept.vod_token),
        (&moved.api_base, &moved.vod_base, &moved.vod_token)
    );

    let mut real = App {
        id: id(0xa2),
        name: "Board \0 meetings".into(),
        app_id: "board".into(),
        allowed_hosts: vec!["cdn.example.com".into(), "\"quoted\"".into()],
        public_cloud: true,
        frames: false,
        sandbox: false,
        kinds: vec!["Meet".into(), "Live \"\0 直播".into()],
        vod_base: apps::VOD_BASE.into(),
        created_at: at(3),
        ..sandbox
    };
    apps::insert(&mut write, &real).await.unwrap();
    real.name = real.name.replace('\0', "\u{fffd}");
    let first = apps::default_app(&mut write).await.unwrap();
    assert_eq!(first, Some(real.clone()));
    real.zone = "UTC".into();
    real.vod_token = Some(sealed(4));
    assert!(apps::update(&mut write, &real).await.unwrap());
    let listed = apps::list(&mut write).await.unwrap();
    assert_eq!(listed, [real.clone(), kept]);
    assert_eq!(apps::get(&mut write, real.id).await.unwrap(), Some(real));
    assert_eq!(apps::get(&mut write, id(0xff)).await.unwrap(), None);
    write.commit().await.unwrap();
    id(0xa2)
}

/// An index of the calls would be written with each of them before it is acknowledged.
async fn calls_have_no_index_but_their_key(store: &Store) {
    let (sql, key): (_, &[&str]) = if store.has_calls_apart() {
        // The key is the number of the row.
        ("SELECT name FROM pragma_index_list('calls')", &[])
    } else {
        let sql = "SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE tablename = 'calls'";
        (sql, &["calls_pkey"])
    };
    let mut read = store.read_calls().await.unwrap();
    let indexes: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *read).await.unwrap();
    assert_eq!(indexes, key);
}

async fn a_dropped_transaction_is_rolled_back(store: &Store) {
    let mut write = store.write().await.unwrap();
    settings::set(&mut write, "dropped", "x").await.unwrap();
    drop(write);
    let mut read = store.read().await.unwrap();
    assert_eq!(settings::get(&mut read, "dropped").await.unwrap(), None);
}

async fn a_reader_cannot_write(store: &Store) {
    let mut read = store.read().await.unwrap();
    let refused = settings::set(&mut read, "key", "value").await;
    assert!(
        matches!(refused, Err(StoreError::Refused(_))),
        "{refused:?}"
    );
}

/// A sealed secret, of bytes that are no text.
fn sealed(second: i64) -> apps::Sealed {
    apps::Sealed {
        bytes: vec![0, 0xff, 0x80, b'\'', 0],
        set_at: at(second),
    }
}

/// An id of any kind; greater numbers are later.
fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// A call's number, where any will do.
fn call_id(number: u128) -> CallId {
    CallId::new(i64::try_from(number).unwrap())
}

/// The second `second` of the story.
fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + second * 1000)
}

fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

fn person(name: &str) -> ParticipantId {
    ParticipantId::new(name).unwrap()
}

/// The newest recording of a room.
async fn newest_recording(conn: &mut Conn, app: AppId, name: &str) -> Recording {
    let between = (at(0), at(100_000));
    let found = reelroom_store::recordings::candidates(conn, app, &room(name), between).await;
    found.unwrap().swap_remove(0)
}

/// A recording requested at `second`.
fn recording(number: u128, app: AppId, name: &str, second: i64) -> Recording {
    Recording {
        rule: Some("ar_{roomid}_{date}_{random}".into()),
        path: Some("/a/b".into()),
        user_data: Some(r#"{"课":1}"#.into()),
        kind: Some("Meet".into()),
        requested_by: Some("Ada".into()),
        ..Recording::requested(id(number), app, room(name), at(second))
    }
}
