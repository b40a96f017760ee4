//! Whether recordings are kept or deleted. `domain::keep` decides. A function that carries a decision out takes the
//! recording that [`lock`] returned, of which no other transaction has changed anything since.

use reelroom_domain::{
    ids::{AppId, RecordingId},
    keep::{Keep, KeepFacts, KeepSettings, KeepState},
    meeting::RoomKey,
    room::RoomId,
    search::{SearchText, fold},
    time::Timestamp,
};
use sqlx::any::AnyRow;

use super::row::lock_room;
use crate::{
    Conn, Result, Scope,
    engine::Engine,
    fields, purges,
    query::{affects_any, execute, query, query_over},
    rooms,
    row::Columns,
    settings as values, stale,
};

/// The key of the settings.
const SETTINGS: &str = "keep";

/// The columns of a [`Keep`].
const COLUMNS: &str = "id, keep, trashed_at, trashed_by, trashed_until, purged_at";

/// A recording that no other transaction deletes, restores or holds until the end of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The recording.
    pub id: RecordingId,
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// The facts that decide about it.
    pub facts: KeepFacts,
}

fn read(row: &Columns<'_>) -> Result<Keep> {
    Ok(match row.get("keep")? {
        KeepState::Kept => Keep::Kept,
        KeepState::Trashed => Keep::Trashed {
            at: row.get("trashed_at")?,
            by: row.get("trashed_by")?,
            until: row.get("trashed_until")?,
        },
        KeepState::Purging => Keep::Purging,
        KeepState::Purged => Keep::Purged {
            at: row.get("purged_at")?,
        },
    })
}

/// The settings; the defaults until they are changed.
pub async fn settings(conn: &mut Conn) -> Result<KeepSettings> {
    let settings = values::get_value(conn, SETTINGS).await?;
    Ok(settings.unwrap_or_default())
}

/// Stores the settings.
pub async fn set_settings(conn: &mut Conn, settings: &KeepSettings) -> Result<()> {
    values::set_value(conn, SETTINGS, settings).await
}

/// Whether a recording is kept or deleted; `None` where there is none.
pub async fn of(conn: &mut Conn, id: RecordingId) -> Result<Option<Keep>> {
    query(format!("SELECT {COLUMNS} FROM recordings WHERE id = $1"))
        .bind(id)
        .first(conn, |row| read(&Columns::new(row, "recordings", "id")))
        .await
}

/// Locks the rooms of recordings in the order in which all transactions lock them, so that each can be
/// [locked](lock) after others.
pub async fn lock_rooms(conn: &mut Conn, ids: &[RecordingId]) -> Result<()> {
    let text = "SELECT DISTINCT app_id, room FROM recordings WHERE id IN {list}";
    let rooms: Vec<RoomKey> = query_over(conn, text, ids)?
        .all(conn, Columns::values("recordings", ["app_id", "room"]))
        .await?;
    rooms::lock(conn, &rooms).await
}

/// When a recording was moved to the trash, and by whom; also of one that has been purged since.
pub async fn trashed(conn: &mut Conn, id: RecordingId) -> Result<Option<(Timestamp, String)>> {
    let trashed = query("SELECT id, trashed_at, trashed_by FROM recordings WHERE id = $1")
        .bind(id)
        .first(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            let at: Option<Timestamp> = row.get("trashed_at")?;
            Ok(at.zip(row.get("trashed_by")?))
        })
        .await?;
    Ok(trashed.flatten())
}

/// Locks a recording with its room, as the writers of meetings and of other recordings do; `None` where there is
/// none.
pub async fn lock(conn: &mut Conn, id: RecordingId) -> Result<Option<Locked>> {
    if lock_room(conn, id).await?.is_none() {
        return Ok(None);
    }
    let engine = Engine::of_connection(conn);
    let (lock, fetched) = (engine.lock_rows("r"), fetched(engine));
    query(format!(
        "SELECT r.id, r.app_id, r.room, r.state, r.keep, r.trashed_at, r.trashed_by, r.trashed_until, r.purged_at,
             CASE WHEN EXISTS (SELECT 1 FROM holds h
                 WHERE h.recording_id = r.id AND h.released_at IS NULL) THEN 1 ELSE 0 END AS is_held,
             CASE WHEN {fetched} THEN 1 ELSE 0 END AS is_fetched
         FROM recordings r WHERE r.id = $1{lock}"
    ))
    .bind(id)
    .first(conn, read_locked)
    .await
}

fn read_locked(row: &AnyRow) -> Result<Locked> {
    let row = Columns::new(row, "recordings", "id");
    Ok(fields!(row => Locked {
        id, app: app_id, room,
        facts = fields!(row => KeepFacts { state, is_held, is_fetched, keep = read(&row)? })
    }))
}

/// Stores that a recording is kept or deleted. One that is purged keeps the time in the trash, for its certificate.
pub async fn set(conn: &mut Conn, locked: &Locked, to: &Keep) -> Result<()> {
    let id = locked.id;
    let state = to.state();
    let update = match to {
        Keep::Kept | Keep::Trashed { .. } => {
            let (at, by, until) = match to {
                Keep::Trashed { at, by, until } => (Some(*at), by.as_deref(), Some(*until)),
                _ => (None, None, None),
            };
            query(
                "UPDATE recordings SET keep = $2, trashed_at = $3, trashed_by = $4, trashed_until = $5,
                     purged_at = NULL
                 WHERE id = $1",
            )
            .bind((id, state, at, by, until))
        }
        Keep::Purging => query("UPDATE recordings SET keep = $2 WHERE id = $1").bind((id, state)),
        Keep::Purged { at } => {
            query("UPDATE recordings SET keep = $2, purged_at = $3 WHERE id = $1")
                .bind((id, state, *at))
        }
    };
    update.execute(conn).await?;
    stale::mark(conn, &[id]).await?;
    rooms::update_facts(conn, &[(locked.app, locked.room.clone())]).await
}

/// Moves a purged recording, of which a copy was made, to the trash. Returns whether it was purged.
pub async fn revive(
    conn: &mut Conn,
    id: RecordingId,
    at: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    let update = "UPDATE recordings SET keep = 'trashed', trashed_at = $2, trashed_by = NULL, trashed_until = $3,
             purged_at = NULL
         WHERE id = $1 AND keep = 'purged'";
    affects_any(conn, update, (id, at, until)).await
}

/// Lets all recordings of the trash stay there until `until` at least. Returns how many of them stay longer.
pub async fn postpone(conn: &mut Conn, until: Timestamp) -> Result<u64> {
    query("UPDATE recordings SET trashed_until = $1 WHERE keep = 'trashed' AND trashed_until < $1")
        .bind(until)
        .count_affected(conn)
        .await
}

/// At most `limit` recordings whose time in the trash is over at `now`, and of which no copy is being made; the
/// longest first.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: u32) -> Result<Vec<RecordingId>> {
    query(due_sql(Engine::of_connection(conn)))
        .bind((now, limit))
        .all(conn, Columns::value("recordings", "id"))
        .await
}

pub(crate) fn due_sql(engine: Engine) -> String {
    format!(
        "SELECT r.id FROM recordings r
         WHERE r.keep = 'trashed' AND r.trashed_until <= $1 AND NOT {}
         ORDER BY r.trashed_until, r.id LIMIT $2",
        fetched(engine)
    )
}

/// The condition that a server fetches a file of the recording `r`.
fn fetched(engine: Engine) -> String {
    format!(
        "EXISTS (SELECT 1 FROM files f WHERE f.recording_id = r.id AND f.state = 'fetching'
             AND f.claimed_until > {})",
        engine.now()
    )
}

/// When the time in the trash of the next recording is over, if that is after `now`.
pub async fn next_due_at(conn: &mut Conn, now: Timestamp) -> Result<Option<Timestamp>> {
    query("SELECT MIN(trashed_until) AS at FROM recordings WHERE keep = 'trashed' AND trashed_until > $1")
        .bind(now)
        .one(conn, Columns::value("recordings", "at"))
        .await
}

/// A place in the trash: when a recording is purged, and its id. The next page begins after it.
pub type Place = (Timestamp, RecordingId);

/// Recordings in the trash.
pub type Page = Vec<(RecordingId, Keep)>;

/// Recordings of the trash in the order in which they are purged, those after `after` where it is given; at most
/// `limit`.
pub async fn page(
    conn: &mut Conn,
    scope: Scope<'_>,
    after: Option<Place>,
    limit: u32,
) -> Result<Page> {
    let (until, id) = after.map_or((i64::MIN, String::new()), |(at, id)| {
        (at.as_millis(), id.to_string())
    });
    query(page_sql(&within(conn, scope)))
        .bind((scope.app, scope.value()?))
        .bind((until, id, limit))
        .all(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            Ok((row.get("id")?, read(&row)?))
        })
        .await
}

pub(crate) fn page_sql(within: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM recordings r WHERE {} AND (r.trashed_until, r.id) > ($3, $4)
         ORDER BY r.trashed_until, r.id LIMIT $5",
        in_trash(within)
    )
}

/// How many recordings are in the trash, and the bytes of their copies.
pub async fn totals(conn: &mut Conn, scope: Scope<'_>) -> Result<(u32, u64)> {
    query(totals_sql(&within(conn, scope)))
        .bind((scope.app, scope.value()?))
        .one(conn, Columns::values("recordings", ["n", "bytes"]))
        .await
}

/// The bytes of the copies of a recording `r`.
const BYTES: &str =
    "(SELECT SUM(f.stored_size) FROM files f WHERE f.recording_id = r.id AND f.state = 'archived')";

/// The number of recordings `r`, and the bytes of their copies.
fn sums() -> String {
    format!("COUNT(*) AS n, CAST(COALESCE(SUM({BYTES}), 0) AS BIGINT) AS bytes")
}

pub(crate) fn totals_sql(within: &str) -> String {
    format!(
        "SELECT {} FROM recordings r WHERE {}",
        sums(),
        in_trash(within)
    )
}

/// The recordings of the trash whose room, title and account that moved them there together contain each word: a
/// [`page`] of them, and their [`totals`].
pub async fn search(
    conn: &mut Conn,
    scope: Scope<'_>,
    search: &SearchText,
    after: Option<Place>,
    limit: u32,
) -> Result<(Page, (u32, u64))> {
    let words = search.words();
    let mut page = Page::new();
    let mut totals: (u32, u64) = (0, 0);
    // The words are compared here, because SQLite folds only ASCII.
    query(search_sql(&within(conn, scope)))
        .bind((scope.app, scope.value()?))
        .each(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            let (room, title): (String, String) = (row.get("room")?, row.get("title")?);
            let by: Option<String> = row.get("trashed_by")?;
            let text = fold(&[room, title, by.unwrap_or_default()].join("\n"));
            if !words.iter().all(|word| text.contains(word)) {
                return Ok(());
            }
            totals.0 += 1;
            totals.1 += row.get::<u64>("bytes")?;
            let place: Place = (row.get("trashed_until")?, row.get("id")?);
            if page.len() < limit as usize && after.is_none_or(|after| place > after) {
                page.push((place.1, read(&row)?));
            }
            Ok(())
        })
        .await?;
    Ok((page, totals))
}

pub(crate) fn search_sql(within: &str) -> String {
    format!(
        "SELECT {COLUMNS}, room, title, CAST(COALESCE({BYTES}, 0) AS BIGINT) AS bytes
         FROM recordings r WHERE {} ORDER BY r.trashed_until, r.id",
        in_trash(within)
    )
}

/// The condition that all rooms are meant. The placeholder of the rooms is always there: the engine counts what is
/// bound.
pub(crate) const ALL_ROOMS: &str = " AND $2 IS NULL";

/// The condition that the room of a recording `r` is in a scope (`$2`).
fn within(conn: &Conn, scope: Scope<'_>) -> String {
    match scope.only {
        Some(_) => scope.condition(conn, "r.room", "$2"),
        None => ALL_ROOMS.to_owned(),
    }
}

/// The condition that a recording `r` is in the trash, in an app (`$1`) and [`within`] its rooms.
fn in_trash(within: &str) -> String {
    format!("r.keep = 'trashed' AND r.app_id = $1{within}")
}

/// All recordings of the trash, the bytes of their copies, and when the last of them is purged.
pub async fn all(conn: &mut Conn) -> Result<(u32, u64, Option<Timestamp>)> {
    query(format!(
        "SELECT {}, MAX(r.trashed_until) AS until FROM recordings r WHERE r.keep = 'trashed'",
        sums()
    ))
    .one(conn, Columns::values("recordings", ["n", "bytes", "until"]))
    .await
}

/// Moves the holds, the certificates and the deletions of a recording to another that turned out to be the same `now`.
/// Of the two, that which keeps more decides, and of two in the trash that which stays there for longer: its state, its
/// times and its deletion remain. Their rooms must be locked.
pub(crate) async fn join(
    conn: &mut Conn,
    from: RecordingId,
    into: RecordingId,
    now: Timestamp,
) -> Result<()> {
    join_holds(conn, from, into, now).await?;
    for sql in [
        // The deleted files of both have one certificate, from the earlier time on.
        "INSERT INTO leaving (recording_id, kind, rule, since, until, named_at)
         SELECT $2, kind, rule, since, until, named_at FROM leaving WHERE recording_id = $1
         ON CONFLICT (recording_id, kind) DO UPDATE SET
             since = CASE WHEN excluded.since < leaving.since THEN excluded.since ELSE leaving.since END",
        "UPDATE certificates SET recording_id = $2 WHERE recording_id = $1",
    ] {
        query(sql).bind((from, into)).execute(conn).await?;
    }
    stale::mark(conn, &[into]).await?;
    let (Some(one), Some(other)) = (of(conn, from).await?, of(conn, into).await?) else {
        return Ok(());
    };
    if !one.outlasts(&other) {
        // The deletion of the other one goes with it.
        return Ok(());
    }
    purges::remove(conn, into).await?;
    let update = "UPDATE purges SET recording_id = $2 WHERE recording_id = $1";
    execute(conn, update, (from, into)).await?;
    let update = "UPDATE recordings SET keep = $3, purged_at = NULL, (trashed_at, trashed_by, trashed_until) =
             (SELECT o.trashed_at, o.trashed_by, o.trashed_until FROM recordings o WHERE o.id = $1)
         WHERE id = $2";
    execute(conn, update, (from, into, one.state())).await
}

/// Moves the holds of a recording to another. Where the same case, or each its own hold, holds both, one hold has the
/// reasons and the names of both. It begins with the join, so that an earlier request to release one of the two does not
/// cover it.
async fn join_holds(
    conn: &mut Conn,
    from: RecordingId,
    into: RecordingId,
    now: Timestamp,
) -> Result<()> {
    let insert = "INSERT INTO holds (recording_id, case_id, reason, at, by_name, released_at, released_by)
         SELECT $2, case_id, reason, at, by_name, released_at, released_by FROM holds WHERE recording_id = $1
         ON CONFLICT (recording_id, case_id) DO UPDATE SET
             reason = CASE WHEN holds.released_at IS NULL AND holds.reason <> excluded.reason
                 THEN holds.reason || '; ' || excluded.reason ELSE excluded.reason END,
             by_name = CASE WHEN holds.released_at IS NULL AND holds.by_name <> excluded.by_name
                 THEN holds.by_name || ', ' || excluded.by_name ELSE excluded.by_name END,
             at = CASE WHEN holds.released_at IS NULL THEN $3 ELSE excluded.at END,
             released_at = NULL, released_by = NULL
         WHERE excluded.released_at IS NULL";
    execute(conn, insert, (from, into, now)).await?;
    execute(conn, "DELETE FROM holds WHERE recording_id = $1", from).await
}
