//! Meetings and who is in them, as status callbacks tell.
//!
//! Calls come late, twice, in another order, or not at all. So what they tell is kept, each thing
//! once, with the time at which it happened (`VENDOR.md` §4), and the meetings are made from it: the
//! same things told make the same meetings, in whatever order they come. What no order of calls
//! could tell apart:
//!
//! - The platform tells whole seconds. A meeting that began and ended within one is the same as
//!   another one within it; and where one meeting ends in the second in which somebody comes, they
//!   came to the one that ended, unless the next began in that second.
//! - Something told without a time happened when the call came. Such a Begin may be told again, so it
//!   begins a meeting but ends none before it.
//! - Which id a meeting has, and whether its recording was started by itself, depends on what was
//!   known of it first. A meeting that turns out to be two keeps its id for the first of them.

mod fold;
mod settle;

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    view::ParticipantView,
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use self::fold::{Told, What};
use crate::{Conn, StoreError, rooms, row::Columns};

/// What became of something that was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was known, or the room is not ([`crate::rooms::ensure`]): nothing was changed.
    Before,
    /// It changed the stay of somebody in the meeting that is on, and nothing else.
    OfStay,
    /// It may have changed which meetings there are, and when.
    OfMeetings,
}

impl Heard {
    /// Whether it was not known before.
    pub fn is_news(self) -> bool {
        self != Self::Before
    }
}

/// A meeting of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; `None`: it is on.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, began_at, ended_at";

impl Meeting {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let row = Columns::new(row, "meetings", "id");
        Ok(Self {
            id: row.id("id")?,
            began_at: row.time("began_at")?,
            ended_at: row.opt_time("ended_at")?,
        })
    }
}

/// A meeting began at `at`.
///
/// A meeting that becomes known by it has the id `new`.
pub async fn begin(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
    new: MeetingId,
) -> Result<Heard, StoreError> {
    take(
        conn,
        app,
        room,
        Told::of_meeting(at, What::Begin),
        Some(new),
    )
    .await
}

/// A meeting is on at `at`, and nobody knows since when: as [`begin`], but it says nothing of a
/// meeting that was on by then.
pub async fn on(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
    new: MeetingId,
) -> Result<Heard, StoreError> {
    take(conn, app, room, Told::of_meeting(at, What::On), Some(new)).await
}

/// The room's meeting ended at `at`, and everybody left.
///
/// What happened later was of another meeting; where nothing else told of it, it has the id `new`.
pub async fn end(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
    new: MeetingId,
) -> Result<Heard, StoreError> {
    take(conn, app, room, Told::of_meeting(at, What::End), Some(new)).await
}

/// Somebody came at `at`; begins a meeting (with the id `new`) where none is on.
pub async fn join(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
    new: MeetingId,
) -> Result<Heard, StoreError> {
    let told = Told::of(participant, at, What::Online);
    take(conn, app, room, told, Some(new)).await
}

/// Somebody left at `at`.
pub async fn leave(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
) -> Result<Heard, StoreError> {
    let told = Told::of(participant, at, What::Offline);
    take(conn, app, room, told, None).await
}

/// Somebody shares their screen since `at`, or no longer.
pub async fn screen(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
    shares: bool,
) -> Result<Heard, StoreError> {
    let what = if shares {
        What::ScreenOn
    } else {
        What::ScreenOff
    };
    take(conn, app, room, Told::of(participant, at, what), None).await
}

/// Keeps what was told and, where it is news, makes true what follows from it.
async fn take(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    told: Told,
    new: Option<MeetingId>,
) -> Result<Heard, StoreError> {
    // Two that hear of one room at once: the second sees what the first kept.
    let rooms = [(app, room.clone())];
    rooms::hold(conn, &rooms).await?;
    let last = settle::last(conn, app, room, &told).await?;
    let done = query(
        "INSERT INTO room_status (app_id, room, at, what, participant)
         SELECT app_id, room, $3, $4, $5 FROM rooms WHERE app_id = $1 AND room = $2
         ON CONFLICT DO NOTHING",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(told.at.as_millis())
    .bind(told.what.as_str())
    .bind(told.who.as_ref().map_or("", ParticipantId::as_str))
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Heard::Before);
    }
    if let Some(meeting) = last {
        settle::one(conn, meeting, &told).await?;
        return Ok(Heard::OfStay);
    }
    settle::around(conn, app, room, told.at, new).await?;
    rooms::settle(conn, &rooms).await?;
    Ok(Heard::OfMeetings)
}

/// Meetings of a room that were on at `since` or later, in the order in which they began.
pub async fn since(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
) -> Result<Vec<Meeting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meetings WHERE app_id = $1 AND room = $2
             AND (ended_at IS NULL OR ended_at >= $3) ORDER BY began_at, id"
    );
    let rows = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(since.as_millis())
        .fetch_all(conn)
        .await?;
    rows.iter().map(Meeting::read).collect()
}

/// The meeting that is on in a room.
pub async fn open_of_room(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<Meeting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meetings WHERE app_id = $1 AND room = $2 AND ended_at IS NULL"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Meeting::read).transpose()
}

/// The newest meeting of a room that was on at `since` or later.
pub async fn newest_since(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
) -> Result<Option<Meeting>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM meetings WHERE app_id = $1 AND room = $2
         AND (ended_at IS NULL OR ended_at >= $3) ORDER BY began_at DESC, id DESC LIMIT 1"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(since.as_millis())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(Meeting::read).transpose()
}

/// The people of a meeting in the order in which they came, a line each: when they first came
/// and, unless they are there, when they last left.
pub async fn participants(
    conn: &mut Conn,
    meeting: MeetingId,
) -> Result<Vec<ParticipantView>, StoreError> {
    let rows = query(
        "SELECT participant, MIN(joined_at) AS joined_at,
             CASE WHEN COUNT(left_at) = COUNT(*) THEN MAX(left_at) END AS left_at,
             MAX(shares_screen) AS shares_screen
         FROM participants WHERE meeting_id = $1
         GROUP BY participant ORDER BY 2, participant",
    )
    .bind(meeting.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "participants", "participant");
            Ok(ParticipantView {
                id: row.word("participant", |text| ParticipantId::new(text).ok())?,
                joined_at: row.time("joined_at")?,
                left_at: row.opt_time("left_at")?,
                shares_screen: row.flag("shares_screen")?,
            })
        })
        .collect()
}

/// Everybody who certainly was in a room at some moment from `from` to `to`, each once, by name. The
/// platform tells whole seconds, so who came within the last one may have come after `to`.
pub async fn seen_between(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<ParticipantId>, StoreError> {
    let rows = query(
        "SELECT DISTINCT p.participant FROM meetings m
         JOIN participants p ON p.meeting_id = m.id
         WHERE m.app_id = $1 AND m.room = $2 AND m.began_at <= $4
             AND (m.ended_at IS NULL OR m.ended_at >= $3)
             AND p.joined_at + 999 <= $4 AND (p.left_at IS NULL OR p.left_at >= $3)
         ORDER BY p.participant",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(from.as_millis())
    .bind(to.as_millis())
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "participants", "participant");
            row.word("participant", |text| ParticipantId::new(text).ok())
        })
        .collect()
}
