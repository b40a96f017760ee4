//! The rooms of an app, known from meetings and recordings.

use reelroom_domain::{
    ids::AppId,
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
    view::{Presence, RoomFilter, RoomLabel, RoomRow, StartForm},
};
use sqlx::{AssertSqlSafe, any::AnyRow, query};

use crate::{
    Conn, StoreError,
    bulk::Bulk,
    engine::{containing, key, text},
    row::Columns,
};

/// Rooms of app `$1` whose id or title contains `$2`, each with the meeting that is on (`m`), the
/// recording that takes it (`a`) and the newest recording (`n`), by index row by row, and a rank:
/// 0 a person has to look, 1 recorded, 2 live, 3 neither. A hidden room is one only while nothing
/// happens in it.
const FOUND: &str = "
    SELECT o.room, o.room_key, o.title, o.starred, o.hidden, m.began_at AS live_since, m.id AS meeting_id,
        COALESCE(a.state, n.state) AS state,
        CASE WHEN COALESCE(a.state, n.state) = 'recording'
            THEN COALESCE(a.started_at, n.started_at) END AS started_at,
        COALESCE(a.state_since, n.state_since) AS state_since,
        n.requested_at AS last_recorded_at,
        CASE WHEN COALESCE(a.state, n.state) IN ('unknown', 'overdue', 'failed') THEN 0
            WHEN a.id IS NOT NULL THEN 1
            WHEN m.id IS NOT NULL THEN 2
            ELSE 3 END AS urgency,
        CASE WHEN m.id IS NULL THEN 0 ELSE 1 END AS is_live,
        CASE WHEN a.id IS NULL THEN 0 ELSE 1 END AS is_recording,
        CASE WHEN o.hidden = 1 AND a.id IS NULL AND COALESCE(n.state, '') NOT IN ('unknown', 'overdue', 'failed')
            THEN 1 ELSE 0 END AS is_hidden
    FROM rooms o
    LEFT JOIN meetings m ON m.app_id = o.app_id AND m.room = o.room AND m.ended_at IS NULL
    LEFT JOIN recordings a ON a.app_id = o.app_id AND a.room = o.room
        AND a.state IN ('requested', 'recording', 'stopping', 'unknown')
    LEFT JOIN recordings n ON n.id = (
        SELECT r.id FROM recordings r WHERE r.app_id = o.app_id AND r.room = o.room
        ORDER BY r.requested_at DESC, r.id DESC LIMIT 1)
    WHERE o.app_id = $1 AND ($2 IS NULL OR o.room_key LIKE $2 ESCAPE '\\'
        OR o.title_key LIKE $2 ESCAPE '\\')";

/// Makes a room known; nothing happens where it is.
pub async fn ensure(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO rooms (app_id, room, room_key, first_seen_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (app_id, room) DO NOTHING",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(key(room.as_str()))
    .bind(now.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

static ENSURE: Bulk = Bulk::new(
    "INSERT INTO rooms (app_id, room, room_key, first_seen_at) VALUES ",
    4,
    " ON CONFLICT (app_id, room) DO NOTHING",
);

/// As [`ensure`], for rooms that calls told of.
pub async fn ensure_many(
    conn: &mut Conn,
    rooms: &[(AppId, RoomId, Timestamp)],
) -> Result<(), StoreError> {
    for (sql, some) in ENSURE.portions(rooms) {
        let insert = some.iter().fold(query(sql), |insert, (app, room, now)| {
            insert
                .bind(app.to_string())
                .bind(room.as_str().to_owned())
                .bind(key(room.as_str()))
                .bind(now.as_millis())
        });
        insert.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Whether a room is known.
pub async fn is_known(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<bool, StoreError> {
    let row = query("SELECT room FROM rooms WHERE app_id = $1 AND room = $2")
        .bind(app.to_string())
        .bind(room.as_str())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// What was last typed into a room's start form; `None`: nothing yet.
pub async fn form(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<Option<StartForm>, StoreError> {
    let row = query(
        "SELECT room, rule, path, user_data, kind, stop_after, stop_at_end FROM rooms
         WHERE app_id = $1 AND room = $2 AND rule IS NOT NULL",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let row = Columns::new(&row, "rooms", "room");
        Ok(StartForm {
            rule: row.text("rule")?,
            path: row.text("path")?,
            user_data: row.text("user_data")?,
            kind: row.text("kind")?,
            stop_after: row.opt_text("stop_after")?.unwrap_or_default(),
            stop_at_end: row.opt_int("stop_at_end")? == Some(1),
        })
    })
    .transpose()
}

/// Keeps what was typed into a room's start form; the room must be known.
pub async fn set_form(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    form: &StartForm,
) -> Result<(), StoreError> {
    query(
        "UPDATE rooms SET rule = $3, path = $4, user_data = $5, kind = $6, stop_after = $7,
             stop_at_end = $8
         WHERE app_id = $1 AND room = $2",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(text(&form.rule))
    .bind(text(&form.path))
    .bind(text(&form.user_data))
    .bind(text(&form.kind))
    .bind(text(&form.stop_after))
    .bind(i64::from(form.stop_at_end))
    .execute(conn)
    .await?;
    Ok(())
}

/// Rooms of an app whose id or title contains `search`, of one filter, at most `limit`: those that
/// a person has to look at, starred ones, those recorded now, live ones, then by their last
/// recording, then by id.
pub async fn list(
    conn: &mut Conn,
    app: AppId,
    filter: RoomFilter,
    search: Option<&str>,
    limit: u32,
) -> Result<Vec<RoomRow>, StoreError> {
    let rows = query(AssertSqlSafe(list_sql(filter)))
        .bind(app.to_string())
        .bind(containing(search))
        .bind(i64::from(limit))
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// The statement of [`list`]: the app is `$1`, the search `$2`, the limit `$3`.
pub(crate) fn list_sql(filter: RoomFilter) -> String {
    let filter = match filter {
        RoomFilter::All => "is_hidden = 0",
        RoomFilter::Live => "is_hidden = 0 AND is_live = 1",
        RoomFilter::Recording => "is_recording = 1",
        RoomFilter::Attention => "is_hidden = 0 AND urgency = 0",
        RoomFilter::Hidden => "is_hidden = 1",
    };
    format!(
        "SELECT found.*, (
             SELECT COUNT(*) FROM participants p
             WHERE p.meeting_id = found.meeting_id AND p.left_at IS NULL) AS people
         FROM ({FOUND}) AS found WHERE {filter}
         ORDER BY CASE WHEN urgency = 0 THEN 0 ELSE 1 END, starred DESC, urgency, CASE WHEN last_recorded_at IS NULL THEN 1 ELSE 0 END,
             last_recorded_at DESC, room_key, room LIMIT $3"
    )
}

fn label_of(row: &Columns) -> Result<RoomLabel, StoreError> {
    Ok(RoomLabel {
        title: row.text("title")?,
        starred: row.flag("starred")?,
        hidden: row.flag("hidden")?,
    })
}

/// What people say of a room; nothing where it is not known.
pub async fn label(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<RoomLabel, StoreError> {
    let row =
        query("SELECT room, title, starred, hidden FROM rooms WHERE app_id = $1 AND room = $2")
            .bind(app.to_string())
            .bind(room.as_str())
            .fetch_optional(conn)
            .await?;
    row.map_or_else(
        || Ok(RoomLabel::default()),
        |row| label_of(&Columns::new(&row, "rooms", "room")),
    )
}

/// Keeps what people say of a room; the room must be known.
pub async fn set_label(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    label: &RoomLabel,
) -> Result<(), StoreError> {
    query(
        "UPDATE rooms SET title = $3, title_key = $4, starred = $5, hidden = $6
         WHERE app_id = $1 AND room = $2",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(text(&label.title))
    .bind(key(&label.title))
    .bind(i64::from(label.starred))
    .bind(i64::from(label.hidden))
    .execute(conn)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<RoomRow, StoreError> {
    let row = Columns::new(row, "rooms", "room");
    let presence = match row.opt_time("live_since")? {
        Some(since) => Presence::Live {
            people: row.count("people")?,
            since,
        },
        None => Presence::Empty,
    };
    let current = match row.opt_word("state", RecordingState::parse)? {
        None | Some(RecordingState::Ready) => None,
        Some(state) => {
            let since = match row.opt_time("started_at")? {
                Some(started_at) => started_at,
                None => row.time("state_since")?,
            };
            Some((state, since))
        }
    };
    Ok(RoomRow {
        room: row.room("room")?,
        label: label_of(&row)?,
        presence,
        current,
        last_recorded_at: row.opt_time("last_recorded_at")?,
    })
}

/// How many rooms [`list`] finds for each filter, without a limit: all, live, recording, needs
/// attention, hidden.
pub async fn counts(
    conn: &mut Conn,
    app: AppId,
    search: Option<&str>,
) -> Result<[u32; 5], StoreError> {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(1 - is_hidden), 0) AS BIGINT) AS everything,
             CAST(COALESCE(SUM((1 - is_hidden) * is_live), 0) AS BIGINT) AS live,
             CAST(COALESCE(SUM(is_recording), 0) AS BIGINT) AS recording,
             CAST(COALESCE(SUM(CASE WHEN is_hidden = 0 AND urgency = 0 THEN 1 ELSE 0 END), 0)
                 AS BIGINT) AS attention,
             CAST(COALESCE(SUM(is_hidden), 0) AS BIGINT) AS hidden
         FROM ({FOUND}) AS found"
    );
    let row = query(AssertSqlSafe(sql))
        .bind(app.to_string())
        .bind(containing(search))
        .fetch_one(conn)
        .await?;
    let row = Columns::new(&row, "rooms", "room");
    Ok([
        row.count("everything")?,
        row.count("live")?,
        row.count("recording")?,
        row.count("attention")?,
        row.count("hidden")?,
    ])
}

/// How many rooms of an app are known.
pub async fn count(conn: &mut Conn, app: AppId) -> Result<u32, StoreError> {
    let row = query("SELECT COUNT(*) AS n FROM rooms WHERE app_id = $1")
        .bind(app.to_string())
        .fetch_one(conn)
        .await?;
    Columns::new(&row, "rooms", "room").count("n")
}
