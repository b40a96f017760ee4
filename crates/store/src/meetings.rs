//! Meetings and who is in them, as status callbacks tell.
//!
//! Calls may come twice and late, so each function is idempotent, and news that is older than
//! what is known changes nothing that came after it.

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    view::ParticipantView,
};
use sqlx::{Row, any::AnyRow, query};

use crate::{Conn, StoreError, row::Columns};

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

/// A meeting is on since `at`; the room must be there ([`crate::rooms::ensure`]). Gives the
/// meeting that holds `at`: one that is on already, one that ended after `at` where the news is
/// old, else a new one with the id `new`.
pub async fn begin(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
    new: MeetingId,
) -> Result<Meeting, StoreError> {
    // Another transaction may begin or end one between two statements.
    for _ in 0..3 {
        let known = query(
            "SELECT * FROM meetings WHERE app_id = $1 AND room = $2
             AND (ended_at IS NULL OR (began_at <= $3 AND ended_at > $3))
             ORDER BY CASE WHEN began_at <= $3 THEN 0 ELSE 1 END, began_at DESC LIMIT 1",
        )
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(at.as_millis())
        .fetch_optional(&mut *conn)
        .await?;
        if let Some(row) = known {
            return Meeting::read(&row);
        }
        let done = query(
            "INSERT INTO meetings (id, app_id, room, began_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (app_id, room) WHERE ended_at IS NULL DO NOTHING",
        )
        .bind(new.to_string())
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(at.as_millis())
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() == 1 {
            return Ok(Meeting {
                id: new,
                began_at: at,
                ended_at: None,
            });
        }
    }
    Err(StoreError::Contended)
}

/// The room's meeting ended at `at`, and everybody left. `false`: none is on that began by then.
pub async fn end(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let ended = query(
        "UPDATE meetings SET ended_at = $3
         WHERE app_id = $1 AND room = $2 AND ended_at IS NULL AND began_at <= $3 RETURNING id",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(at.as_millis())
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = ended else {
        return Ok(false);
    };
    query(
        "UPDATE participants SET shares_screen = 0,
             left_at = CASE WHEN joined_at > $2 THEN joined_at ELSE $2 END
         WHERE meeting_id = $1 AND left_at IS NULL",
    )
    .bind(row.try_get::<String, _>("id")?)
    .bind(at.as_millis())
    .execute(conn)
    .await?;
    Ok(true)
}

/// Somebody came at `at`; begins a meeting (with the id `new`) where none is on. `false`: known.
pub async fn join(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
    new: MeetingId,
) -> Result<bool, StoreError> {
    let meeting = begin(conn, app, room, at, new).await?;
    let done = query(
        "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
         SELECT $1, $2, $3, $4, 0 WHERE NOT EXISTS (
             SELECT 1 FROM participants WHERE meeting_id = $1 AND participant = $2
             AND joined_at <= $3 AND left_at > $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(meeting.id.to_string())
    .bind(participant.as_str())
    .bind(at.as_millis())
    .bind(meeting.ended_at.map(Timestamp::as_millis))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody left at `at`. `false`: they were not there.
pub async fn leave(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE participants SET left_at = $4, shares_screen = 0
         WHERE participant = $3 AND left_at IS NULL AND joined_at <= $4 AND meeting_id = (
             SELECT id FROM meetings WHERE app_id = $1 AND room = $2 AND ended_at IS NULL)",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(participant.as_str())
    .bind(at.as_millis())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Somebody shares their screen since `at`, or no longer. `false`: nothing changed, they were not
/// there at that time, or there is later news; of two within a second the end is the later one.
pub async fn screen(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    participant: &ParticipantId,
    at: Timestamp,
    shares: bool,
) -> Result<bool, StoreError> {
    let done = query(
        "UPDATE participants SET shares_screen = $4, screen_at = $5
         WHERE participant = $3 AND left_at IS NULL AND joined_at <= $5
             AND (screen_at IS NULL OR screen_at < $5
                 OR (screen_at = $5 AND shares_screen > $4))
             AND meeting_id = (
                 SELECT id FROM meetings WHERE app_id = $1 AND room = $2 AND ended_at IS NULL)",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(participant.as_str())
    .bind(i64::from(shares))
    .bind(at.as_millis())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Meetings of a room that were on at `since` or later, in the order in which they began.
pub async fn since(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    since: Timestamp,
) -> Result<Vec<Meeting>, StoreError> {
    let rows = query(
        "SELECT * FROM meetings WHERE app_id = $1 AND room = $2
             AND (ended_at IS NULL OR ended_at >= $3) ORDER BY began_at, id",
    )
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
    let row = query("SELECT * FROM meetings WHERE app_id = $1 AND room = $2 AND ended_at IS NULL")
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
    let row = query(
        "SELECT * FROM meetings WHERE app_id = $1 AND room = $2
         AND (ended_at IS NULL OR ended_at >= $3) ORDER BY began_at DESC, id DESC LIMIT 1",
    )
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
