//! The columns of a room follow every write of its meetings, recordings and alerts.

use reelroom_domain::{
    file::FileKind,
    ids::AppId,
    meeting::What,
    recording::{FailedStart, Origin, Recording, RecordingState as S},
    room::RoomId,
    view::RoomRow,
    watch::AlertKind,
};
use reelroom_store::{
    Conn, Store,
    alerts::{self, Alert},
    apps::{self, App},
    recordings::{self, Fields},
    rooms,
};

use crate::{at, id, recording, rig, room};

/// A room that is checked after each write.
struct Walk<'a> {
    conn: &'a mut Conn,
    app: AppId,
    room: RoomId,
    before: Option<RoomRow>,
}

impl Walk<'_> {
    /// Asserts that the columns are correct and that the list changed.
    async fn assert_changed(&mut self, what: &str) {
        assert_eq!(rooms::stale(self.conn).await.unwrap(), [], "{what}");
        let now = rig::row(self.conn, self.app, &self.room).await;
        assert_ne!(now, self.before, "{what}");
        self.before = now;
    }

    async fn update_state(&mut self, of: u128, from: S, to: S, given_up: bool) {
        let fields = Fields {
            given_up,
            ..Fields::default()
        };
        rig::update_state(self.conn, id(of), (from, to), 50, &fields).await;
        self.assert_changed(&format!("{from:?} to {to:?}")).await;
    }

    async fn insert_found(&mut self, of: u128, second: i64) {
        let found = Recording {
            origin: Origin::AutoRecorded,
            state: S::Ready,
            ..recording(of, self.app, self.room.as_str(), second)
        };
        recordings::insert_found(self.conn, &[found]).await.unwrap();
        self.assert_changed("a recording is found").await;
    }

    async fn status(&mut self, event: (What, &str, i64)) {
        rig::send_status(self.conn, self.app, self.room.as_str(), &[event]).await;
    }

    async fn failed(&mut self, of: u128) -> Option<FailedStart> {
        let row = recordings::summary(self.conn, id(of)).await.unwrap();
        row.unwrap().failed
    }

    async fn is_given_up(&mut self, of: u128) -> bool {
        (self.failed(of).await).is_some_and(|failed| failed.given_up)
    }

    async fn needs_attention(&mut self, of: u128) -> bool {
        (self.failed(of).await).is_some_and(|failed| failed.needs_attention)
    }
}

/// Rolled back, as other parts count rooms.
pub async fn story(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let room = room("walk");
    rooms::ensure(&mut write, app, &room, at(1)).await.unwrap();
    let mut walk = Walk {
        conn: &mut write,
        app,
        room,
        before: None,
    };
    walk.assert_changed("it is known").await;
    a_recording_runs(&mut walk).await;
    alerts_are_raised(&mut walk).await;
    recordings_are_found_and_go(&mut walk).await;
    many_at_once(&mut walk).await;
    an_app_goes(&mut walk).await;
}

async fn a_recording_runs(walk: &mut Walk<'_>) {
    walk.status((What::Begin, "", 10)).await;
    walk.assert_changed("a meeting begins").await;
    let new = recording(0xb001, walk.app, walk.room.as_str(), 20);
    rig::insert(walk.conn, &new).await;
    walk.assert_changed("a recording is requested").await;
    walk.update_state(0xb001, S::Requested, S::Unknown, false)
        .await;
    assert!(!walk.is_given_up(0xb001).await);
    walk.update_state(0xb001, S::Unknown, S::Failed, true).await;
    assert!(walk.is_given_up(0xb001).await);
    assert_eq!(walk.before.as_ref().unwrap().current, None);

    // A change that keeps the state keeps "given up"; a file that changes it clears it.
    let fields = Fields {
        requested_at: Some(at(21)),
        ..Fields::default()
    };
    let set = recordings::update_fields(walk.conn, id(0xb001), &fields).await;
    assert!(set.unwrap());
    assert_eq!(rooms::stale(walk.conn).await.unwrap(), []);
    assert!(walk.is_given_up(0xb001).await);
    walk.update_state(0xb001, S::Failed, S::AwaitingFiles, false)
        .await;
    assert!(!walk.is_given_up(0xb001).await);
    walk.update_state(0xb001, S::AwaitingFiles, S::Overdue, false)
        .await;
    walk.update_state(0xb001, S::Overdue, S::Ready, false).await;
    tries_ask_for_attention(walk).await;

    walk.status((What::End, "", 60)).await;
    walk.assert_changed("the meeting ends").await;
    assert!(!walk.needs_attention(0xb007).await);
    let row = walk.before.as_ref().unwrap();
    assert_eq!((row.current, row.last_recorded_at), (None, Some(at(21))));
}

/// A failed start is shown until a person has seen it, or its meeting is over.
async fn tries_ask_for_attention(walk: &mut Walk<'_>) {
    for (of, second) in [(0xb006, 51), (0xb007, 52)] {
        let new = recording(of, walk.app, walk.room.as_str(), second);
        rig::insert(walk.conn, &new).await;
        recordings::follow_meeting(walk.conn, walk.app, &walk.room)
            .await
            .unwrap();
        walk.assert_changed("a recording is requested").await;
        walk.update_state(of, S::Requested, S::Failed, false).await;
        let row = walk.before.as_ref().unwrap();
        assert_eq!(row.current, Some((S::Failed, at(50))));
        assert_eq!(row.last_recorded_at, Some(at(21)), "a try is no recording");
        assert!(walk.needs_attention(of).await);
        if of == 0xb006 {
            assert!(recordings::mark_seen(walk.conn, id(of)).await.unwrap());
            walk.assert_changed("a person has seen it").await;
            assert_eq!(walk.before.as_ref().unwrap().current, None);
            assert!(!walk.needs_attention(of).await);
        }
    }
}

async fn alerts_are_raised(walk: &mut Walk<'_>) {
    let kind = AlertKind::NotRecorded;
    let alert = |recording| Alert {
        app: walk.app,
        room: walk.room.clone(),
        kind,
        recording,
        meeting: None,
        since: at(70),
        dismissed_at: None,
    };
    let (first, other) = (alert(None), alert(Some(id(0xb001))));
    alerts::raise(walk.conn, &first).await.unwrap();
    walk.assert_changed("an alert is raised").await;
    let dismissed = alerts::dismiss(walk.conn, walk.app, &walk.room, kind, at(71)).await;
    assert!(dismissed.unwrap().is_some());
    walk.assert_changed("it is dismissed").await;
    alerts::raise(walk.conn, &other).await.unwrap();
    walk.assert_changed("it is raised about something else")
        .await;
    alerts::clear(walk.conn, &other).await.unwrap();
    walk.assert_changed("it is no longer true").await;
}

async fn recordings_are_found_and_go(walk: &mut Walk<'_>) {
    walk.insert_found(0xb003, 80).await;
    let removed = recordings::remove_found_without_files(walk.conn, id(0xb003)).await;
    assert!(removed.unwrap());
    walk.assert_changed("it has no files").await;
    walk.insert_found(0xb004, 81).await;
    recordings::delete(walk.conn, id(0xb004)).await.unwrap();
    walk.assert_changed("it is another one").await;

    // Its only file turns out to be of the started recording.
    walk.insert_found(0xb005, 82).await;
    let file = rig::announcement(FileKind::Composite, None, "walk.mp4");
    let found = rig::found(walk.app, walk.room.as_str(), id(0xb005), &file);
    rig::send_file(walk.conn, 83, found).await;
    let status = rig::file_with_token(walk.app, walk.room.as_str(), id(0xb001), &file);
    rig::send_file(walk.conn, 84, status).await;
    let removed = recordings::get(walk.conn, id(0xb005)).await;
    assert_eq!(removed.unwrap(), None);
    walk.assert_changed("its file is of the one that was started")
        .await;
}

/// More rooms than one statement takes, some of them twice.
async fn many_at_once(walk: &mut Walk<'_>) {
    let mut found = Vec::new();
    for number in 0..300_u128 {
        let name = room(&format!("many-{number}"));
        rooms::ensure(walk.conn, walk.app, &name, at(1))
            .await
            .unwrap();
        for twice in 0..=number % 2 {
            found.push(Recording {
                origin: Origin::AutoRecorded,
                state: S::Overdue,
                ..recording(0xc000 + number * 2 + twice, walk.app, name.as_str(), 90)
            });
        }
    }
    recordings::insert_found(walk.conn, &found).await.unwrap();
    assert_eq!(rooms::stale(walk.conn).await.unwrap(), []);
    let counts = rooms::counts(walk.conn, walk.app, None).await.unwrap();
    assert!(counts[3] >= 300, "{counts:?}");
}

async fn an_app_goes(walk: &mut Walk<'_>) {
    let other = App {
        id: id(0xb010),
        ..apps::get(walk.conn, walk.app).await.unwrap().unwrap()
    };
    apps::insert(walk.conn, &other).await.unwrap();
    rooms::ensure(walk.conn, other.id, &walk.room, at(1))
        .await
        .unwrap();
    let begin = [(What::Begin, "", 10)];
    rig::send_status(walk.conn, other.id, walk.room.as_str(), &begin).await;
    assert!(apps::remove(walk.conn, other.id).await.unwrap());
    assert_eq!(rooms::stale(walk.conn).await.unwrap(), []);
}
