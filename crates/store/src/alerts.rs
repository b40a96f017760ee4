//! The rooms that the watchdog checks, and its alerts.

use reelroom_domain::{
    ids::{AppId, MeetingId, RecordingId},
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
    watch::{AlertKind, AlertView, Facts},
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    files::DEMO_ADDRESS,
    query::{execute, query},
    reader, rooms,
    row::Columns,
    value::ACTIVE,
};

/// A room that the watchdog checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its app.
    pub app: AppId,
    /// The room.
    pub room: RoomId,
    /// The meeting that is on.
    pub meeting: Option<MeetingId>,
    /// The recording that runs.
    pub recording: Option<RecordingId>,
    /// The facts that its alerts follow from.
    pub facts: Facts,
}

/// A stored alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The app.
    pub app: AppId,
    /// The room.
    pub room: RoomId,
    /// Its kind.
    pub kind: AlertKind,
    /// The recording that it is about.
    pub recording: Option<RecordingId>,
    /// Else the meeting that is not recorded.
    pub meeting: Option<MeetingId>,
    /// Since when.
    pub since: Timestamp,
    /// When somebody dismissed it.
    pub dismissed_at: Option<Timestamp>,
}

/// The rooms that are recorded, and the marked ones in which a meeting is on.
pub async fn watched(conn: &mut Conn) -> Result<Vec<Watched>> {
    // `m` is the meeting that is on, else the last one.
    query(format!(
        "SELECT o.app_id, o.room, o.always_at, o.heard_at, m.began_at, m.ended_at,
             CASE WHEN m.ended_at IS NULL THEN m.id END AS meeting_id,
             (SELECT COUNT(*) FROM participants p
                 WHERE p.meeting_id = m.id AND p.left_at IS NULL) AS people,
             (SELECT MAX(p.left_at) FROM participants p WHERE p.meeting_id = m.id) AS left_at,
             a.id AS recording_id, a.state, COALESCE(a.started_at, a.requested_at) AS started_at,
             CASE WHEN EXISTS (SELECT 1 FROM recordings s
                 WHERE s.meeting_id = m.id AND s.stopped_by IS NOT NULL)
                 THEN 1 ELSE 0 END AS stopped_by_hand,
             h.heard_at AS app_heard_at
         FROM (SELECT r.app_id, r.room FROM recordings r WHERE r.state = 'recording'
             UNION SELECT k.app_id, k.room FROM rooms k
             JOIN meetings l ON l.app_id = k.app_id AND l.room = k.room AND l.ended_at IS NULL
             WHERE k.always_at IS NOT NULL) AS w
         JOIN rooms o ON o.app_id = w.app_id AND o.room = w.room
         JOIN (SELECT app_id, MAX(heard_at) AS heard_at FROM rooms GROUP BY app_id) h
             ON h.app_id = o.app_id
         LEFT JOIN meetings m ON m.id = (
             SELECT n.id FROM meetings n WHERE n.app_id = o.app_id AND n.room = o.room
             ORDER BY CASE WHEN n.ended_at IS NULL THEN 0 ELSE 1 END, n.began_at DESC, n.id DESC
             LIMIT 1)
         LEFT JOIN recordings a ON a.app_id = o.app_id AND a.room = o.room
             AND a.{ACTIVE}
         ORDER BY o.app_id, o.room"
    ))
    .all(conn, read_watched)
    .await
}

fn read_watched(row: &AnyRow) -> Result<Watched> {
    let row = Columns::new(row, "rooms", "room");
    let state: Option<RecordingState> = row.get("state")?;
    let runs = state == Some(RecordingState::Recording);
    let meeting: Option<MeetingId> = row.get("meeting_id")?;
    let recording: Option<RecordingId> = row.get("recording_id")?;
    let time = |column| row.get::<Option<Timestamp>>(column);
    let began_at = time("began_at")?;
    let people = row.get("people")?;
    let empty_since = time("ended_at")?.or(time("left_at")?).or(began_at);
    Ok(Watched {
        app: row.get("app_id")?,
        room: row.get("room")?,
        meeting,
        recording: recording.filter(|_| runs),
        facts: Facts {
            always: time("always_at")?.is_some(),
            meeting_since: began_at.filter(|_| meeting.is_some()),
            people,
            empty_since: empty_since.filter(|_| people == 0),
            recording_since: time("started_at")?.filter(|_| runs),
            is_taken: state.is_some(),
            stopped_by_hand: row.get("stopped_by_hand")?,
            heard_at: time("heard_at")?,
            app_heard_at: time("app_heard_at")?,
        },
    })
}

/// The alerts about files that are gone: of each room with such files, about its newest recording that has some. Files
/// of a demo were never there.
pub async fn of_gone_files(conn: &mut Conn) -> Result<Vec<Alert>> {
    let read = reader!(files.room => Alert {
        app: app_id, room, recording: recording_id, since,
        kind = AlertKind::FilesGone,
        meeting = None,
        dismissed_at = None
    });
    let mut alerts: Vec<Alert> = query(GONE).bind(DEMO_ADDRESS).all(conn, read).await?;
    alerts.dedup_by(|next, newest| (next.app, &next.room) == (newest.app, &newest.room));
    Ok(alerts)
}

/// The statement of [`of_gone_files`]: the newest recording of each room first, without deleted ones. A file of which
/// another version is newer or archived is not gone.
pub(crate) const GONE: &str = "
    WITH g AS (
        SELECT f.recording_id, MIN(COALESCE(f.failed_since, f.announced_at)) AS since FROM files f
        WHERE f.state = 'gone' AND substr(f.url, 1, length($1)) <> $1
            AND NOT EXISTS (SELECT 1 FROM files o WHERE o.take = f.take
                AND (o.state = 'archived' OR o.version > f.version))
        GROUP BY f.recording_id)
    SELECT r.app_id, r.room, r.id AS recording_id, g.since FROM g CROSS JOIN recordings r
    WHERE r.id = g.recording_id AND r.keep = 'kept'
    ORDER BY r.app_id, r.room, r.requested_at DESC, r.id DESC";

/// Every alert of every app, dismissed ones too.
pub async fn all(conn: &mut Conn) -> Result<Vec<Alert>> {
    let read = reader!(alerts.room => Alert {
        app: app_id, room, kind, recording: recording_id, meeting: meeting_id, since,
        dismissed_at
    });
    query(
        "SELECT app_id, room, kind, recording_id, meeting_id, since, dismissed_at FROM alerts
         ORDER BY app_id, room, kind",
    )
    .all(conn, read)
    .await
}

/// The number of alerts of each kind, of every app, that are not dismissed.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(AlertKind, u32)>> {
    query(
        "SELECT kind, COUNT(*) AS n FROM alerts WHERE dismissed_at IS NULL
         GROUP BY kind ORDER BY kind",
    )
    .all(conn, Columns::values("alerts", ["kind", "n"]))
    .await
}

/// Stores an alert. It replaces one of the same kind about another recording or meeting; one about the
/// same stays as it is, dismissed or not.
pub async fn raise(conn: &mut Conn, alert: &Alert) -> Result<()> {
    let rooms = [(alert.app, alert.room.clone())];
    rooms::lock(conn, &rooms).await?;
    query(
        "INSERT INTO alerts (app_id, room, kind, recording_id, meeting_id, since, dismissed_at)
         VALUES ($1, $2, $3, $4, $5, $6, NULL)
         ON CONFLICT (app_id, room, kind) DO UPDATE SET recording_id = excluded.recording_id,
             meeting_id = excluded.meeting_id, since = excluded.since, dismissed_at = NULL
         WHERE COALESCE(alerts.recording_id, '') <> COALESCE(excluded.recording_id, '')
             OR COALESCE(alerts.meeting_id, '') <> COALESCE(excluded.meeting_id, '')",
    )
    .bind((alert.app, &alert.room, alert.kind))
    .bind((alert.recording, alert.meeting, alert.since))
    .execute(conn)
    .await?;
    rooms::update_facts(conn, &rooms).await
}

/// Deletes an alert that no longer holds.
pub async fn clear(conn: &mut Conn, alert: &Alert) -> Result<()> {
    let rooms = [(alert.app, alert.room.clone())];
    rooms::lock(conn, &rooms).await?;
    let delete = "DELETE FROM alerts WHERE app_id = $1 AND room = $2 AND kind = $3";
    execute(conn, delete, (alert.app, &alert.room, alert.kind)).await?;
    rooms::update_facts(conn, &rooms).await
}

/// The alerts of a room that are not dismissed, oldest first.
pub async fn of_room(conn: &mut Conn, app: AppId, room: &RoomId) -> Result<Vec<AlertView>> {
    let read = reader!(alerts.room => AlertView { kind, since, recording: recording_id });
    query(
        "SELECT room, kind, since, recording_id FROM alerts
         WHERE app_id = $1 AND room = $2 AND dismissed_at IS NULL ORDER BY since, kind",
    )
    .bind((app, room))
    .all(conn, read)
    .await
}

/// Dismisses an alert. Returns the recording that it is about, if any; `None`: there is no such alert,
/// or it is dismissed already.
pub async fn dismiss(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    kind: AlertKind,
    at: Timestamp,
) -> Result<Option<Option<RecordingId>>> {
    let rooms = [(app, room.clone())];
    rooms::lock(conn, &rooms).await?;
    let dismissed = query(
        "UPDATE alerts SET dismissed_at = $4
         WHERE app_id = $1 AND room = $2 AND kind = $3 AND dismissed_at IS NULL
         RETURNING recording_id",
    )
    .bind((app, room, kind, at))
    .first(conn, Columns::value("alerts", "recording_id"))
    .await?;
    rooms::update_facts(conn, &rooms).await?;
    Ok(dismissed)
}
