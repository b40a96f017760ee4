//! Copies of a database in use, and the rows of a library that is made of descriptions.

use reelroom_domain::{
    about::{About, AboutForm},
    file::{Announcement, FileKind, FileState, Media},
    ids::RecordingId,
    recording::{Origin, Recording, RecordingState},
    room::RoomTitle,
};
use reelroom_store::{
    Conn, DatabaseUrl, Store, about,
    apps::{self, App},
    files::{self, File, Stored},
    path_of_calls,
    rebuild::{self, Added, Described},
    recordings, rooms, settings, stale,
    testing::{self, Databases},
    undescribed,
};

use crate::{ALONE, at, id, recording, room, sandbox};

/// A store with an app.
async fn opened(url: &DatabaseUrl) -> Store {
    let store = Store::connect(url).await.unwrap();
    store.migrate().await.unwrap();
    let app = App {
        sandbox: false,
        ..sandbox()
    };
    let mut write = store.write().await.unwrap();
    apps::insert(&mut write, &app).await.unwrap();
    write.commit().await.unwrap();
    store
}

fn about() -> About {
    let form = AboutForm {
        title: "Fractions".into(),
        tags: "lesson, 数学".into(),
        notes: "Homework".into(),
    };
    form.parse().unwrap()
}

/// A recording with one file, whose copy is `key`.
fn described(number: u128, key: &str) -> Described {
    let of: RecordingId = id(number);
    Described {
        recording: Recording {
            origin: Origin::Started,
            state: RecordingState::Ready,
            started_at: Some(at(2)),
            stopped_at: Some(at(9)),
            ..recording(number, id(0xa0), "hall", 1)
        },
        room_title: RoomTitle::parse("The hall").unwrap(),
        about: about(),
        noted: Some((at(10), "Ada".into())),
        files: vec![File {
            id: id(number + 0x100),
            take: id(number + 0x100),
            version: 1,
            recording: of,
            announced: Announcement {
                kind: FileKind::Composite,
                media: Media::Audio,
                participant: None,
                name: "hall.m4a".into(),
                size: Some(5),
                length_ms: Some(7000),
                started_at: Some(at(2)),
                ended_at: Some(at(9)),
                url: "http://files.example/hall.m4a".into(),
            },
            state: FileState::Archived,
            trouble: None,
            tries: 0,
            next_try_at: None,
            missing_since: None,
            stored: Some(Stored {
                key: key.into(),
                size: 5,
                sha256: "00ff".into(),
                crc32: Some(7),
                content_type: "audio/mp4".into(),
            }),
            tracks: Some("AAC".into()),
            peaks: Some(vec![0, 255]),
            strip: None,
            announced_at: at(11),
            archived_at: Some(at(12)),
            call: None,
        }],
    }
}

async fn index(conn: &mut Conn) {
    while testing::index(conn, 100).await.unwrap() {}
}

async fn described_recordings_are_inserted_once(url: &DatabaseUrl) {
    let store = opened(url).await;
    let mut write = store.write().await.unwrap();
    let all = [described(1, "1/a"), described(2, "demo/2")];
    for (some, has_copies) in [(&all[1..], false), (&all[..], true)] {
        let added = rebuild::insert(&mut write, some).await.unwrap();
        assert_eq!((added.recordings, added.files), (1, 1));
        // Copies of a demo do not exist.
        assert_eq!(files::has_copies(&mut write).await.unwrap(), has_copies);
    }
    let again = rebuild::insert(&mut write, &all).await.unwrap();
    assert_eq!(again, Added::default());
    let hall = [(id(0xa0), room("hall"))];
    rooms::lock(&mut write, &hall).await.unwrap();
    rooms::update_facts(&mut write, &hall).await.unwrap();
    assert_eq!(rooms::stale(&mut write).await.unwrap(), []);

    let one = &all[0];
    let of = one.recording.id;
    let stored = recordings::get(&mut write, of).await.unwrap();
    assert_eq!(stored.as_ref(), Some(&one.recording));
    let known = about::get(&mut write, of).await.unwrap().unwrap();
    assert_eq!((&known.about, &known.noted), (&one.about, &one.noted));
    let stored = files::of_recording(&mut write, of).await.unwrap();
    assert_eq!(stored, one.files);
    let known = rooms::get(&mut write, id(0xa0), &room("hall")).await;
    assert_eq!(known.unwrap().unwrap().label.title, one.room_title);
    let copies = files::copies(&mut write, None, 10).await.unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!(Some(&copies[0].1), one.files[0].stored.as_ref());
    let after = files::copies(&mut write, Some(copies[0].0), 10).await;
    assert!(after.unwrap().is_empty());

    // Each change of the index adds those with a copy to the other queue.
    index(&mut write).await;
    let queue = undescribed::next(&mut write, 10).await.unwrap();
    assert_eq!(queue.len(), 1);
    assert_eq!(queue[0].1, of);
    stale::mark(&mut write, &[of]).await.unwrap();
    index(&mut write).await;
    undescribed::remove(&mut write, &[queue[0].0])
        .await
        .unwrap();
    let queue = undescribed::next(&mut write, 10).await.unwrap();
    assert_eq!(queue.len(), 1, "it was added again");
    undescribed::remove(&mut write, &[queue[0].0])
        .await
        .unwrap();
    let queue = undescribed::next(&mut write, 10).await.unwrap();
    assert!(queue.is_empty());
    write.commit().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn described_recordings_are_inserted_once_on_sqlite() {
    let _alone = ALONE.lock().await;
    described_recordings_are_inserted_once(&Databases::on_sqlite().another()).await;
}

#[tokio::test]
async fn described_recordings_are_inserted_once_on_postgres() {
    let _alone = ALONE.lock().await;
    let databases = Databases::on_postgres();
    described_recordings_are_inserted_once(&databases.another()).await;
}

#[tokio::test]
async fn a_database_is_copied_while_others_write() {
    let _alone = ALONE.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let store = opened(&database).await;
    let newest = store.schema().await.unwrap();
    let mut write = store.write().await.unwrap();
    settings::set(&mut write, "before", "x").await.unwrap();
    write.commit().await.unwrap();
    // Another process.
    let other = Store::connect(&database).await.unwrap();
    let mut write = store.write().await.unwrap();
    settings::set(&mut write, "after", "x").await.unwrap();
    let to = folder.path().join("a copy's.db");
    other.copy_to(&to).await.unwrap();
    write.commit().await.unwrap();
    assert!(path_of_calls(&to).is_file());
    assert!(other.copy_to(&to).await.is_err(), "it is there already");
    other.close().await;
    store.close().await;

    let copy = Store::connect(&DatabaseUrl::Sqlite(to)).await.unwrap();
    assert_eq!(copy.schema().await.unwrap(), newest);
    let mut read = copy.read().await.unwrap();
    let before = settings::get(&mut read, "before").await.unwrap();
    assert_eq!(before.as_deref(), Some("x"));
    assert_eq!(settings::get(&mut read, "after").await.unwrap(), None);
    drop(read);
    copy.close().await;
}
