//! Understands calls as the product does: loads their world, decides, and applies the decision.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use reelroom_domain::{
    callback::CallbackKind,
    file::{Announcement, FileKind, Media},
    ids::{AppId, CallId, FileId, Ids, RecordingId},
    ledger::Patience,
    meeting::{RoomEvent, What},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
    understanding::{Decided, FileCall, Meaning, ReadCall, StatusCall, World, decide},
    view::RoomRow,
};
use reelroom_store::{
    Conn,
    calls::{Call, NewCall},
    recordings::{self, Fields, Inserted},
    rooms::{self, Wanted},
    understanding,
};
use uuid::Uuid;

use crate::{at, person, room};

static NEXT: AtomicI64 = AtomicI64::new(0x1000_0000);

/// Ids that no other part uses.
struct Counter;

impl Ids for Counter {
    fn next(&mut self, _: Timestamp) -> Uuid {
        Uuid::from_u128(0xffff_0000_0000 + u128::try_from(NEXT.fetch_add(1, Relaxed)).unwrap())
    }
}

/// A call with a number of its own.
pub fn call(second: i64, meaning: Meaning) -> ReadCall {
    ReadCall {
        id: CallId::new(NEXT.fetch_add(1, Relaxed)),
        received_at: at(second),
        meaning,
    }
}

/// Events in a room; those with an empty name are of the meeting.
pub fn status(app: AppId, name: &str, events: &[(What, &str, i64)]) -> Meaning {
    let events = events.iter().map(|(what, who, second)| {
        let event = RoomEvent {
            at: at(*second),
            what: *what,
            who: (!who.is_empty()).then(|| person(who)),
        };
        (room(name), event)
    });
    Meaning::Status(StatusCall {
        app,
        rooms: vec![room(name)],
        events: events.collect(),
        skipped: 0,
        was_accepted: false,
    })
}

/// A file without a token.
pub fn file(app: AppId, name: &str, file: &Announcement) -> FileCall {
    FileCall {
        room: room(name),
        app,
        file: file.clone(),
        other_zones: Vec::new(),
        named: None,
        token: None,
        user_data: None,
        looked_up: false,
        assigned_to: None,
        before: None,
    }
}

/// A file of the recording that its token names.
pub fn file_with_token(
    app: AppId,
    name: &str,
    recording: RecordingId,
    announced: &Announcement,
) -> Meaning {
    Meaning::File(Box::new(FileCall {
        token: Some((app, recording)),
        ..file(app, name, announced)
    }))
}

/// A file of 1,000 bytes.
pub fn announcement(kind: FileKind, who: Option<&str>, name: &str) -> Announcement {
    Announcement {
        kind,
        media: Media::Video,
        participant: who.map(person),
        name: name.into(),
        size: Some(1000),
        length_ms: None,
        started_at: None,
        ended_at: None,
        url: format!("http://files.example/{name}"),
    }
}

/// A file that a look-up found, and guessed to be of this recording.
pub fn found(app: AppId, name: &str, recording: RecordingId, announced: &Announcement) -> Meaning {
    Meaning::File(Box::new(FileCall {
        token: Some((app, recording)),
        looked_up: true,
        ..file(app, name, announced)
    }))
}

/// Inserts a recording, and its room unless it is known.
pub async fn insert(conn: &mut Conn, recording: &Recording) {
    let (app, room) = (recording.app, &recording.room);
    rooms::ensure(conn, app, room, at(1)).await.unwrap();
    let inserted = recordings::insert(conn, recording).await.unwrap();
    assert_eq!(inserted, Inserted::Yes);
}

/// Moves a recording from one state to another.
pub async fn update_state(
    conn: &mut Conn,
    id: RecordingId,
    (from, to): (RecordingState, RecordingState),
    second: i64,
    fields: &Fields,
) {
    let moved = recordings::update_state(conn, id, from, to, at(second), fields).await;
    assert!(moved.unwrap());
}

/// Runs a statement that the product has no function for, with these texts.
pub async fn run(conn: &mut Conn, sql: &'static str, texts: &[&str]) {
    let mut statement = sqlx::query(sql);
    for text in texts {
        statement = statement.bind((*text).to_owned());
    }
    statement.execute(conn).await.unwrap();
}

/// Loads the world of these calls.
pub async fn load(conn: &mut Conn, calls: &[ReadCall]) -> World {
    let now = calls.iter().map(|call| call.received_at).max().unwrap();
    understanding::load(conn, now, Patience::default(), calls)
        .await
        .unwrap()
}

/// Understands calls, and records their entries in the inbox.
pub async fn understand(conn: &mut Conn, calls: &[ReadCall]) -> Decided {
    let mut world = load(conn, calls).await;
    let decided = decide(&mut world, calls, &mut Counter);
    let stored: Vec<Call> = calls.iter().map(as_stored).collect();
    let understood: Vec<_> = stored.iter().zip(decided.understood.clone()).collect();
    understanding::apply(conn, &world, &understood)
        .await
        .unwrap();
    assert_eq!(rooms::stale(conn).await.unwrap(), []);
    decided
}

fn as_stored(call: &ReadCall) -> Call {
    let kind = match call.meaning {
        Meaning::Status(_) => CallbackKind::Status,
        Meaning::File(_) | Meaning::Nothing(_) => CallbackKind::Av,
    };
    Call {
        id: call.id,
        content: NewCall {
            kind,
            app: None,
            received_at: call.received_at,
            remote: String::new(),
            content_type: None,
            content_encoding: None,
            looked_up: matches!(&call.meaning, Meaning::File(file) if file.looked_up),
            body: Vec::new(),
        },
    }
}

/// Understands one status call about a room, received at the time of its last event.
pub async fn send_status(conn: &mut Conn, app: AppId, name: &str, events: &[(What, &str, i64)]) {
    let last = events.iter().map(|(_, _, second)| *second).max().unwrap();
    understand(conn, &[call(last, status(app, name, events))]).await;
}

/// Understands one call about a file. Returns the file and its recording.
pub async fn send_file(conn: &mut Conn, second: i64, meaning: Meaning) -> (FileId, RecordingId) {
    let decided = understand(conn, &[call(second, meaning)]).await;
    let understood = &decided.understood[0];
    (understood.file.unwrap(), understood.recording.unwrap())
}

/// The row of a room in the list of all rooms.
pub async fn row(conn: &mut Conn, app: AppId, room: &RoomId) -> Option<RoomRow> {
    let rows = rooms::list(conn, app, Wanted::default(), None, 1000).await;
    rows.unwrap().into_iter().find(|row| row.room == *room)
}
