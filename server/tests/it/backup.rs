//! Backups that are made while the server runs and brought back, and a library that is made of the storage alone.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use reelroom_domain::{callback::CallbackKind, file::FileState, time::Clock};
use reelroom_service::{
    BackupEngine, BackupError, Restored, Service, ServiceConfig, StorageLocation, SystemClock,
    back_up, restore,
};
use reelroom_store::{
    DatabaseUrl, Store, about, apps,
    calls::{self, NewCall},
    files, inbox, library, path_of_calls,
    testing::{self, Databases},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    binary::Server,
    common::{TestApp, actions, app_form, eventually},
    fetch::{Files, announce, file},
    torture::{self, NOWHERE, compare, prepare, stored_counts},
};

/// A description of a copy, as the server writes it.
const DESCRIPTION: &str = include_str!("../../../crates/service/src/archive/description.json");

/// The contents of a library: of each file its recording, room, title, tags, notes, name, key, size and hash.
type Facts = BTreeSet<Vec<String>>;

async fn facts(database: &DatabaseUrl) -> Facts {
    let store = Store::connect(database).await.unwrap();
    let mut facts = Facts::new();
    let mut read = store.read().await.unwrap();
    for app in apps::list(&mut read).await.unwrap() {
        for row in testing::recordings_of(&mut read, app.id).await {
            let recording = row.recording;
            let known = about::get(&mut read, recording.id).await.unwrap().unwrap();
            for file in files::of_recording(&mut read, recording.id).await.unwrap() {
                let copy = file.stored.unwrap();
                let about = &known.about;
                facts.insert(vec![
                    app.id.to_string(),
                    app.name.clone(),
                    app.api_base.clone(),
                    recording.id.to_string(),
                    recording.room.to_string(),
                    recording.state.as_str().to_owned(),
                    about.title.as_str().to_owned(),
                    about.tags.to_string(),
                    about.notes.as_str().to_owned(),
                    file.id.to_string(),
                    file.announced.name,
                    copy.key,
                    copy.size.to_string(),
                    copy.sha256,
                ]);
            }
        }
    }
    drop(read);
    store.close().await;
    facts
}

/// The addresses of the archived files.
const PATHS: [&str; 2] = ["/a", "/ranges"];

/// A server with two archived files, of which people have said something, and their platform.
async fn archived(databases: &Databases) -> (TestApp, Files) {
    let app = TestApp::with_config(|config| config.database = databases.another()).await;
    let platform = Files::start().await;
    let of = app.save_app(&app_form(&platform.base(), "other0app")).await;
    for path in PATHS {
        announce(&app, &of, &platform.base(), path).await;
        file(&app, path, |file| file.state == FileState::Archived).await;
    }
    // As if the descriptions were of an earlier program.
    for description in descriptions(&app) {
        fs::write(description, "{}").unwrap();
    }
    let cookie = app.cookie().await;
    for row in actions::library(&app.service).await.recordings {
        let id = row.id.to_string();
        let title = format!("Title of {}", row.room);
        let form = [
            ("id", &*id),
            ("title", &*title),
            ("tags", "lesson, 数学"),
            ("notes", "Homework\nfor all"),
        ];
        app.done("describe_recording", &cookie, &form).await;
    }
    eventually("what people say in the descriptions", async || {
        let all = descriptions(&app);
        let mut texts = all.iter().map(|path| fs::read_to_string(path).unwrap());
        let are_new = texts.all(|text| text.contains("Homework") && text.contains("数学"));
        are_new.then_some(())
    })
    .await;
    for description in descriptions(&app) {
        let text = fs::read_to_string(description).unwrap();
        assert!(!text.contains("other0app"), "the AppID: {text}");
    }
    (app, platform)
}

/// The descriptions beside the copies.
fn descriptions(app: &TestApp) -> Vec<PathBuf> {
    let folders = fs::read_dir(app.data("files")).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    let paths = files.map(|file| file.unwrap().path());
    let found: Vec<PathBuf> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    assert_eq!(found.len(), PATHS.len());
    found
}

fn storage(app: &TestApp) -> StorageLocation {
    StorageLocation::Folder(app.data("files"))
}

/// Restores into a new folder with the copies of this server, which are read, too. Returns the new database.
async fn restored(app: &TestApp, from: &Path, to: &TempDir) -> (DatabaseUrl, Restored) {
    let database = DatabaseUrl::Sqlite(to.path().join("restored.db"));
    let now = SystemClock.now();
    let restored = restore(&database, &storage(app), from, true, now).await;
    (database, restored.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_comes_back_from_a_folder_and_from_a_file() {
    let databases = Databases::on_sqlite();
    let (app, _platform) = archived(&databases).await;
    let before = facts(&app.database()).await;
    assert_eq!(before.len(), PATHS.len());
    let backups = TempDir::new().unwrap();
    for name in ["folder", "file.tar"] {
        let to = backups.path().join(name);
        let now = SystemClock.now();
        let made = back_up(&app.database(), &storage(&app), &to, now).await;
        let made = made.unwrap();
        assert_eq!(made.manifest.engine, BackupEngine::Sqlite);
        assert_eq!((made.manifest.copies, made.missing.len()), (2, 0));
        let again = back_up(&app.database(), &storage(&app), &to, now).await;
        assert!(matches!(again, Err(BackupError::Exists(path)) if path == to));
        let place = TempDir::new().unwrap();
        let (database, restored) = restored(&app, &to, &place).await;
        assert_eq!(restored.manifest, made.manifest);
        assert!(restored.copies.is_good(), "{restored:?}");
        assert_eq!(restored.copies.good, 2);
        assert_eq!(facts(&database).await, before);
        for file in ["restored.db", "restored.calls.db"] {
            let metadata = place.path().join(file).metadata().unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{file}");
        }
        // Where a database is, nothing is restored.
        let again = restore(&database, &storage(&app), &to, false, now).await;
        assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
    }
    let mut names: Vec<_> = fs::read_dir(backups.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["file.tar", "folder"], "nothing unfinished is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_missing_or_differs_is_named() {
    let databases = Databases::on_sqlite();
    let (app, _platform) = archived(&databases).await;
    let place = TempDir::new().unwrap();
    let to = place.path().join("backup");
    let now = SystemClock.now();
    let made = back_up(&app.database(), &storage(&app), &to, now).await;
    made.unwrap();
    let copies: Vec<PathBuf> = descriptions(&app)
        .iter()
        .map(|path| path.with_extension(""))
        .collect();
    let key = |copy: &Path| {
        let key = copy.strip_prefix(app.data("files")).unwrap();
        key.to_str().unwrap().to_owned()
    };
    // Another byte in one, and the other is gone.
    let mut bytes = fs::read(&copies[0]).unwrap();
    bytes[1000] ^= 1;
    fs::write(&copies[0], bytes).unwrap();
    fs::remove_file(&copies[1]).unwrap();
    let (_, restored) = restored(&app, &to, &place).await;
    assert_eq!(restored.copies.damaged, [key(&copies[0])]);
    assert_eq!(restored.copies.missing, [key(&copies[1])]);
    assert!(!restored.copies.is_good());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_with_another_byte_is_refused() {
    let databases = Databases::on_sqlite();
    let (app, _platform) = archived(&databases).await;
    let place = TempDir::new().unwrap();
    let (folder, archive) = (place.path().join("folder"), place.path().join("file.tar"));
    let (folder, archive) = (folder.as_path(), archive.as_path());
    for to in [folder, archive] {
        let now = SystemClock.now();
        let made = back_up(&app.database(), &storage(&app), to, now).await;
        made.unwrap();
    }
    let database = DatabaseUrl::Sqlite(place.path().join("restored.db"));
    let is_refused = async |from: &Path| {
        let now = SystemClock.now();
        let refused = restore(&database, &storage(&app), from, false, now).await;
        assert!(
            matches!(refused, Err(BackupError::NotWhole { .. })),
            "{from:?}: {refused:?}"
        );
        assert!(!place.path().join("restored.db").exists());
        assert!(!place.path().join("restored.calls.db").exists());
    };
    for name in [
        "reelroom.db",
        "reelroom.calls.db",
        "storage.jsonl",
        "manifest.json",
    ] {
        let path = folder.join(name);
        let whole = fs::read(&path).unwrap();
        let mut other = whole.clone();
        let middle = other.len() / 2;
        other[middle] ^= 0x10;
        fs::write(&path, other).unwrap();
        is_refused(folder).await;
        fs::write(&path, &whole[..middle]).unwrap();
        is_refused(folder).await;
        fs::remove_file(&path).unwrap();
        is_refused(folder).await;
        fs::write(&path, whole).unwrap();
    }
    let manifest = folder.join("manifest.json");
    let whole = fs::read_to_string(&manifest).unwrap();
    for (from, to) in [
        ("\"schema\": ", "\"schema\": 1"),
        ("\"copies\": 2", "\"copies\": 3"),
    ] {
        let other = whole.replacen(from, to, 1);
        assert_ne!(other, whole);
        fs::write(&manifest, other).unwrap();
        is_refused(folder).await;
    }
    fs::write(&manifest, whole).unwrap();
    let whole = fs::read(archive).unwrap();
    for part in [0, 1, 2, 3] {
        let end = whole.len() * part / 4;
        fs::write(archive, &whole[..end]).unwrap();
        is_refused(archive).await;
    }
    // The first part begins after a header of 512 bytes.
    let mut other = whole.clone();
    other[600] ^= 1;
    fs::write(archive, other).unwrap();
    is_refused(archive).await;
    fs::write(archive, whole).unwrap();
    for from in [folder, archive] {
        let to = TempDir::new().unwrap();
        restored(&app, from, &to).await;
    }
}

async fn a_library_is_made_of_the_storage_alone(databases: &Databases) {
    let (app, _platform) = archived(databases).await;
    let before = facts(&app.database()).await;
    let place = TempDir::new().unwrap();
    let database = databases.another();
    let config = ServiceConfig {
        storage: storage(&app),
        ..ServiceConfig::new(database.clone(), place.path())
    };
    let service = Service::connect(config).await.unwrap();
    let rebuilt = service.rebuild_from_storage().await.unwrap();
    assert_eq!((rebuilt.recordings, rebuilt.files), (2, 2));
    assert_eq!((rebuilt.new_recordings, rebuilt.new_files), (2, 2));
    assert!(rebuilt.unreadable.is_empty() && rebuilt.missing.is_empty());
    assert_eq!(facts(&database).await, before);
    let found = actions::library(&service).await.total.n;
    assert_eq!(found, 2, "they are in the index");
    let again = service.rebuild_from_storage().await.unwrap();
    assert_eq!((again.recordings, again.files), (2, 2));
    assert_eq!((again.new_recordings, again.new_files), (0, 0));
    assert_eq!(facts(&database).await, before);

    // One copy is gone, and the description of the other is of a later format.
    let found = descriptions(&app);
    fs::remove_file(found[0].with_extension("")).unwrap();
    let of_later = fs::read_to_string(&found[1]).unwrap();
    let of_later = of_later.replacen("\"format\": 2", "\"format\": 3", 1);
    fs::write(&found[1], of_later).unwrap();
    let other = service.rebuild_from_storage().await.unwrap();
    assert_eq!((other.unreadable.len(), other.missing.len()), (1, 1));
    assert_eq!((other.recordings, other.new_recordings), (0, 0));
    assert_eq!(facts(&database).await, before, "what is there stays");
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_is_made_of_the_storage_alone_on_sqlite() {
    a_library_is_made_of_the_storage_alone(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_is_made_of_the_storage_alone_on_postgres() {
    a_library_is_made_of_the_storage_alone(&Databases::on_postgres()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_of_more_than_one_portion_is_made_of_the_storage() {
    const MANY: usize = 5000;
    let place = TempDir::new().unwrap();
    let mut description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    for number in 0..MANY {
        let id = format!("0197f0c0000070008000{number:012x}");
        let folder = place.path().join("files").join(&id);
        fs::create_dir_all(&folder).unwrap();
        let copy = folder.join(format!("{id}-0011223344556677"));
        for (field, value) in [
            ("/recording", json!(id)),
            ("/file", json!(id)),
            ("/file_facts/take", json!(id)),
            ("/size", json!(1)),
        ] {
            *description.pointer_mut(field).unwrap() = value;
        }
        fs::write(copy.with_extension("json"), description.to_string()).unwrap();
        // The first and the last have no copy.
        if number % (MANY - 1) > 0 {
            fs::write(copy, "x").unwrap();
        }
    }
    let database = DatabaseUrl::Sqlite(place.path().join("reelroom.db"));
    let service = Service::connect(ServiceConfig::new(database, place.path())).await;
    let service = service.unwrap();
    let rebuilt = service.rebuild_from_storage().await.unwrap();
    assert_eq!((rebuilt.recordings, rebuilt.files), (MANY - 2, MANY - 2));
    assert_eq!((rebuilt.unreadable.len(), rebuilt.missing.len()), (0, 2));
    let found = actions::library(&service).await.total.n;
    assert_eq!(found as usize, MANY - 2);
    service.close().await;
}

/// The database itself comes back with PostgreSQL's own programs.
#[tokio::test(flavor = "multi_thread")]
async fn the_copies_of_a_database_of_postgres_are_compared_with_its_list() {
    let databases = Databases::on_postgres();
    let (app, _platform) = archived(&databases).await;
    let place = TempDir::new().unwrap();
    let to = place.path().join("backup.tar");
    let now = SystemClock.now();
    let made = back_up(&app.database(), &storage(&app), &to, now).await;
    let made = made.unwrap();
    assert_eq!(made.manifest.engine, BackupEngine::Postgres);
    let checked = restore(&app.database(), &storage(&app), &to, true, now).await;
    let checked = checked.unwrap();
    assert!(checked.copies.is_good(), "{checked:?}");
    assert_eq!(checked.copies.good, 2);
    let empty = restore(&databases.empty(), &storage(&app), &to, false, now).await;
    assert!(matches!(empty, Err(BackupError::NoDatabase)), "{empty:?}");
    let sqlite = DatabaseUrl::Sqlite(place.path().join("restored.db"));
    let other = restore(&sqlite, &storage(&app), &to, false, now).await;
    assert!(
        matches!(other, Err(BackupError::OtherEngine(_))),
        "{other:?}"
    );
}

/// The binary over a SQLite database.
fn reelroom(folder: &Path, database: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reelroom"));
    command
        .args(arguments)
        .env("REELROOM_DATA_DIR", folder)
        .env(
            "REELROOM_DATABASE_URL",
            format!("sqlite:{}", database.display()),
        );
    command
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Asserts exit status 1, and returns the line on standard error.
fn fails(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{text}");
    text
}

fn delete_database(database: &Path) {
    for file in [database.to_owned(), path_of_calls(database)] {
        fs::remove_file(&file).unwrap();
        for end in ["-wal", "-shm"] {
            let mut path = file.clone().into_os_string();
            path.push(end);
            let _ = fs::remove_file(path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_before_a_backup_under_load_is_lost() {
    const CLIENTS: usize = 4;
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let path = folder.join("reelroom.db");
    let (path, to) = (path.as_path(), folder.join("backup"));
    let to = to.to_str().unwrap();
    let database = DatabaseUrl::Sqlite(path.to_owned());
    prepare(&database, folder, NOWHERE).await;
    let mut server = Server::start(folder, &database, &[]);
    let at = Mutex::new(Some(server.address.clone()));
    let (at, stop) = (&at, &AtomicBool::new(false));
    let log_of = |which: usize| folder.join(format!("client-{which}"));
    let acknowledged = || -> BTreeSet<String> {
        // A client creates its log when it starts; the last line may be half written.
        let texts = (0..CLIENTS).map(|which| fs::read_to_string(log_of(which)).unwrap_or_default());
        let whole = texts.map(|text| text.rsplit_once('\n').map(|(whole, _)| whole.to_owned()));
        let names = whole.flatten().collect::<Vec<_>>().join("\n");
        names.lines().map(str::to_owned).collect()
    };
    let before = thread::scope(|scope| {
        for which in 0..CLIENTS {
            let log = log_of(which);
            scope.spawn(move || torture::client(which, at, stop, &log));
        }
        let some = eventually("calls are acknowledged and understood", || async {
            let is_any = !acknowledged().is_empty() && understood(&database).await.0 > 0;
            is_any.then_some(())
        });
        block_in_place(|| Handle::current().block_on(some));
        let before = acknowledged();
        succeeds(&mut reelroom(folder, path, &["backup", to]));
        let after = acknowledged();
        stop.store(true, Ordering::Relaxed);
        assert!(after.len() > before.len(), "callbacks were taken meanwhile");
        before
    });
    assert!(!before.is_empty());
    server.kill();
    delete_database(path);
    let said = succeeds(&mut reelroom(folder, path, &["restore", to]));
    assert!(
        said.contains("copies as the database has them: 0"),
        "{said}"
    );
    // The calls are copied last, so that no understood one is missing.
    let (listed, with_call) = understood(&database).await;
    assert!(listed > 0);
    assert_eq!(with_call, listed);
    let mut server = Server::start(folder, &database, &[]);
    let kept = stored_counts(&database).await;
    server.kill();
    compare(&before, &kept);
}

/// The number of entries of the inbox, and the number of stored calls that have one.
async fn understood(database: &DatabaseUrl) -> (usize, usize) {
    let store = Store::connect(database).await.unwrap();
    let calls = testing::all_calls(&store).await;
    let with_call = calls.iter().filter(|known| known.entry.is_some()).count();
    let mut read = store.read().await.unwrap();
    let inbox = inbox::page(&mut read, inbox::Filter::default(), None, u32::MAX).await;
    drop(read);
    store.close().await;
    (inbox.unwrap().len(), with_call)
}

#[tokio::test]
async fn a_call_between_the_copies_of_both_files_is_understood_after_the_restore() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let database = DatabaseUrl::Sqlite(folder.join("reelroom.db"));
    prepare(&database, folder, NOWHERE).await;
    let store = Store::connect(&database).await.unwrap();
    // The copy of the calls waits for this transaction.
    let mut arrival = store.write_calls().await.unwrap();
    let name = "c0-n1".to_owned();
    let call = NewCall {
        kind: CallbackKind::Av,
        app: None,
        received_at: SystemClock.now(),
        remote: String::new(),
        content_type: None,
        content_encoding: None,
        looked_up: false,
        body: torture::body(&name, 0, 1).into_bytes(),
    };
    let path = folder.join("copy.db");
    let arrives = async {
        eventually("the copy of the database", async || {
            path.exists().then_some(())
        })
        .await;
        // The copy has ended when the writer is free again.
        drop(store.write().await.unwrap());
        calls::append(&mut arrival, &[call]).await.unwrap();
        arrival.commit().await.unwrap();
    };
    let (copied, ()) = tokio::join!(store.copy_to(&path), arrives);
    copied.unwrap();
    store.close().await;
    let copy = DatabaseUrl::Sqlite(path);
    // Both databases have the call, and it is not understood in either.
    for database in [&database, &copy] {
        assert_eq!(understood(database).await, (0, 0));
        let mut server = Server::start(folder, database, &[]);
        let kept = stored_counts(database).await;
        server.kill();
        compare(&BTreeSet::from([name.clone()]), &kept);
    }
}

/// Steps of a backup at which the process ends.
const POINTS: [&str; 3] = ["backup-copied", "backup-listed", "backup-hashed"];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_of_a_backup_is_none() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let path = folder.join("reelroom.db");
    let demo = ["demo", "--recordings", "300"];
    succeeds(&mut reelroom(folder, &path, &demo));
    for name in ["backup", "backup.tar"] {
        let to = folder.join(name);
        let to = to.to_str().unwrap();
        for point in POINTS {
            let mut crashing = reelroom(folder, &path, &["backup", to]);
            let crashed = crashing.env("REELROOM_CRASH_AT", point).output().unwrap();
            assert!(!crashed.status.success(), "{point}");
            assert!(!Path::new(to).exists(), "{point}");
        }
    }
    let entries = fs::read_dir(folder).unwrap();
    let left: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".reelroom-unfinished-"))
        .collect();
    assert_eq!(left.len(), 2 * POINTS.len());
    let other = folder.join("other.db");
    for left in left {
        let error = fails(&mut reelroom(
            folder,
            &other,
            &["restore", left.to_str().unwrap()],
        ));
        assert!(error.contains("it has no manifest"), "{error}");
        assert!(!other.exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_backup_is_whole_or_not_there() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let path = folder.join("reelroom.db");
    let demo = ["demo", "--recordings", "2000"];
    succeeds(&mut reelroom(folder, &path, &demo));
    for round in 0..10_u32 {
        let name = if round.is_multiple_of(2) {
            "folder"
        } else {
            "file.tar"
        };
        let to = folder.join(format!("{round}-{name}"));
        let mut backup = reelroom(folder, &path, &["backup", to.to_str().unwrap()]);
        let mut backup = backup.stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(u64::from(round) * 40));
        backup.kill().unwrap();
        backup.wait().unwrap();
        if to.exists() {
            let other = folder.join(format!("{round}.db"));
            let from = to.to_str().unwrap();
            succeeds(&mut reelroom(folder, &other, &["restore", from]));
        }
    }
}

/// The numbers of recordings in the index and of calls.
async fn counted(path: &Path) -> (u32, usize) {
    let store = Store::connect(&DatabaseUrl::Sqlite(path.to_owned()))
        .await
        .unwrap();
    let mut read = store.read().await.unwrap();
    let app = apps::default_app(&mut read).await.unwrap().unwrap();
    let all = library::Filter::all(app.id.into());
    let recordings = library::count_all(&mut read, all).await.unwrap();
    drop(read);
    let calls = testing::all_calls(&store).await.len();
    store.close().await;
    (recordings, calls)
}

/// A backup of a demo in a folder, with the database that it is of.
fn demo_backup(folder: &Path) -> (PathBuf, String) {
    let path = folder.join("reelroom.db");
    let demo = ["demo", "--recordings", "300"];
    succeeds(&mut reelroom(folder, &path, &demo));
    let to = folder.join("backup").to_str().unwrap().to_owned();
    succeeds(&mut reelroom(folder, &path, &["backup", &to]));
    (path, to)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_leaves_of_a_restore_is_a_whole_database_or_none() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let (path, from) = demo_backup(folder);
    let restore = ["restore", &*from];
    let before = counted(&path).await;
    assert!(before.0 > 0);
    for (point, is_placed) in [
        ("restore-fetched", false),
        ("restore-checked", false),
        ("restore-calls-placed", false),
        ("restore-placed", true),
    ] {
        let target = TempDir::new().unwrap();
        let other = target.path().join("reelroom.db");
        let mut crashing = reelroom(folder, &other, &restore);
        let crashed = crashing.env("REELROOM_CRASH_AT", point).output().unwrap();
        assert_eq!(crashed.status.code(), None, "{point}: {crashed:?}");
        assert_eq!(other.exists(), is_placed, "{point}");
        if point == "restore-calls-placed" {
            let calls = path_of_calls(&other);
            let error = fails(&mut reelroom(folder, &other, &["migrate"]));
            assert!(error.contains(calls.to_str().unwrap()), "{error}");
            let error = fails(&mut reelroom(folder, &other, &restore));
            assert!(error.contains("is there already"), "{error}");
            assert!(!other.exists());
            fs::remove_file(calls).unwrap();
        }
        if !is_placed {
            succeeds(&mut reelroom(folder, &other, &restore));
        }
        assert_eq!(counted(&other).await, before, "{point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_restore_leaves_a_whole_database_or_none() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let (path, from) = demo_backup(folder);
    let restore = ["restore", &*from];
    let before = counted(&path).await;
    for round in 0..10_u64 {
        let target = TempDir::new().unwrap();
        let other = target.path().join("reelroom.db");
        let mut restoring = reelroom(folder, &other, &restore);
        let mut restoring = restoring.stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(round * 40));
        restoring.kill().unwrap();
        restoring.wait().unwrap();
        if !other.exists() {
            // Only the calls are in the way, and only where they were moved.
            let _ = fs::remove_file(path_of_calls(&other));
            succeeds(&mut reelroom(folder, &other, &restore));
        }
        assert_eq!(counted(&other).await, before, "{round}");
    }
}

#[test]
fn the_commands_overwrite_nothing() {
    let place = TempDir::new().unwrap();
    let folder = place.path();
    let path = folder.join("reelroom.db");
    let to = folder.join("backup.tar");
    let to = to.to_str().unwrap();
    let error = fails(&mut reelroom(folder, &path, &["backup", to]));
    assert_eq!(error, "reelroom: there is no database yet\n");
    assert!(!path.exists(), "a backup creates no database");
    succeeds(&mut reelroom(folder, &path, &["migrate"]));
    for name in ["backup.tar.gz", "backup.TGZ", "backup.zip"] {
        let other = folder.join(name);
        let other = other.to_str().unwrap();
        let error = fails(&mut reelroom(folder, &path, &["backup", other]));
        let expected = format!(
            "reelroom: {other} is not made: a backup is a file that ends in .tar, or a folder\n"
        );
        assert_eq!(error, expected);
        assert!(!Path::new(other).exists());
    }
    let said = succeeds(&mut reelroom(folder, &path, &["backup", to]));
    assert!(said.contains("reelroom.calls.db ("), "{said}");
    assert!(said.contains("secret.key"), "{said}");
    let error = fails(&mut reelroom(folder, &path, &["backup", to]));
    assert!(error.contains("is there already"), "{error}");
    let error = fails(&mut reelroom(folder, &path, &["restore", to]));
    assert!(error.contains("is there already"), "{error}");
    let error = fails(&mut reelroom(folder, &path, &["restore", "nowhere"]));
    assert!(error.contains("is there already"), "{error}");
    let other = folder.join("other.db");
    let passwd = folder.join("passwd");
    fs::write(&passwd, "root:x:0:0:root:/root:/bin/bash\n".repeat(100)).unwrap();
    let passwd = passwd.to_str().unwrap();
    let error = fails(&mut reelroom(folder, &other, &["restore", passwd]));
    let expected =
        format!("reelroom: {passwd} is no whole backup: it is no tar archive, or a damaged one\n");
    assert_eq!(error, expected);
    let said = succeeds(&mut reelroom(folder, &other, &["restore", to]));
    assert!(said.starts_with("ok    sqlite:"), "{said}");
    assert!(
        said.contains("put it back before the first start"),
        "{said}"
    );
    let rebuild = ["rebuild", "--from-storage"];
    let error = fails(&mut reelroom(folder, &other, &rebuild));
    assert!(error.contains("is not there, and nothing was made"));
    let files = folder.join("files");
    assert!(!files.exists(), "no command has made it");
    fs::create_dir(files).unwrap();
    let said = succeeds(&mut reelroom(folder, &other, &rebuild));
    assert!(
        said.starts_with("ok    0 recordings, 0 of them new; "),
        "{said}"
    );
}
