//! The queue of files to fetch, which servers claim.

use std::{fmt::Write, time::Duration};

use reelroom_domain::{
    ids::{FileId, RecordingId},
    time::Timestamp,
};

use crate::{
    Conn, Result,
    engine::Engine,
    files::{COLUMNS, File},
    query::{Query, query},
    row::Columns,
    stale,
};

/// The files that a server does not claim now.
#[derive(Debug, Clone, Copy, Default)]
pub struct Except<'a> {
    /// Those that it is still fetching, though their claims may have ended.
    pub files: &'a [FileId],
    /// Those whose address begins with one of these.
    pub places: &'a [String],
}

impl Except<'_> {
    /// The condition that a file is none of them, whose placeholders begin with number `first`.
    fn condition(self, first: usize) -> String {
        let places = first + self.files.len();
        let mut condition = String::new();
        for n in first..places {
            let _ = write!(condition, " AND id <> ${n}");
        }
        for n in places..places + self.places.len() {
            let _ = write!(condition, " AND substr(url, 1, length(${n})) <> ${n}");
        }
        condition
    }

    fn bind_to(self, query: Query) -> Query {
        let query = self.files.iter().fold(query, Query::bind);
        self.places.iter().fold(query, Query::bind)
    }
}

/// Claims the next file to fetch for `holder` and the time `lasts`: it becomes `fetching` and counts one more
/// try. First come files whose claim has ended, then remote ones in the order of their announcement, then failed
/// ones whose next try is not after `now`. A remote one with a next try is of a demo, and is left alone, and so are
/// the files of a recording that is being purged.
pub async fn next(
    conn: &mut Conn,
    now: Timestamp,
    holder: &str,
    lasts: Duration,
    except: Except<'_>,
) -> Result<Option<File>> {
    let claim = query(next_sql(Engine::of_connection(conn), except)).bind((now, holder, lasts));
    let claimed = except.bind_to(claim).first(conn, File::read).await?;
    let recording: Vec<RecordingId> = claimed.iter().map(|file| file.recording).collect();
    stale::mark(conn, &recording).await?;
    Ok(claimed)
}

/// The condition that the recording of a file is not being purged. Few are: a subquery of their ids is read once.
const NOT_PURGING: &str =
    " AND recording_id NOT IN (SELECT r.id FROM recordings r WHERE r.keep = 'purging')";

/// The statement of [`next`]. Each of its parts reads one row of an index, however many files have failed.
pub(crate) fn next_sql(engine: Engine, except: Except<'_>) -> String {
    let (db_now, skip_locked) = (engine.now(), engine.skip_locked());
    let claimable = except.condition(4) + NOT_PURGING;
    format!(
        "UPDATE files SET state = 'fetching', tries = tries + 1, next_try_at = NULL,
             claimed_by = $2, claimed_until = {db_now} + $3
         WHERE id = COALESCE(
             (SELECT id FROM files WHERE state = 'fetching' AND claimed_until <= {db_now}{claimable}
                 ORDER BY claimed_until LIMIT 1{skip_locked}),
             (SELECT id FROM files WHERE state = 'remote' AND next_try_at IS NULL{claimable}
                 ORDER BY announced_at, id LIMIT 1{skip_locked}),
             (SELECT id FROM files WHERE state = 'failed' AND next_try_at <= $1{claimable}
                 ORDER BY next_try_at LIMIT 1{skip_locked}))
         RETURNING {COLUMNS}"
    )
}

/// Renews the claim of `holder`; `false` where it has ended.
pub async fn renew(conn: &mut Conn, id: FileId, holder: &str, lasts: Duration) -> Result<bool> {
    let now = Engine::of_connection(conn).now();
    query(format!(
        "UPDATE files SET claimed_until = {now} + $3
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'"
    ))
    .bind((id, holder, lasts))
    .affects_any(conn)
    .await
}

/// Ends the claims of `holder`: the files are to be fetched again.
pub async fn release(conn: &mut Conn, holder: &str) -> Result<()> {
    let released = query(
        "UPDATE files SET state = 'remote' WHERE state = 'fetching' AND claimed_by = $1
         RETURNING recording_id",
    );
    mark_released(conn, released.bind(holder)).await
}

/// Ends all claims, where no other server has any: the files are to be fetched again. One that nobody has claimed
/// is of a demo, and is left alone.
pub async fn release_all(conn: &mut Conn) -> Result<()> {
    let released = query(
        "UPDATE files SET state = 'remote' WHERE state = 'fetching' AND claimed_by IS NOT NULL
         RETURNING recording_id",
    );
    mark_released(conn, released).await
}

async fn mark_released(conn: &mut Conn, released: Query) -> Result<()> {
    let recordings: Vec<RecordingId> = released
        .all(conn, Columns::value("files", "recording_id"))
        .await?;
    stale::mark(conn, &recordings).await
}

/// Ends the claim of `holder` on a file that has another address than `fetched` by now: it is fetched from
/// there as if it were new. `false`, without a change, where it has not, or `holder` no longer fetches it.
pub async fn release_readdressed(
    conn: &mut Conn,
    id: FileId,
    holder: &str,
    fetched: &str,
) -> Result<bool> {
    let released = query(
        "UPDATE files SET state = 'remote', tries = 0
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching' AND url <> $3",
    )
    .bind((id, holder, fetched))
    .affects_any(conn)
    .await?;
    stale::mark_files(conn, &[id]).await?;
    Ok(released)
}

/// The milliseconds from `now` until a failed copy is retried or a claim ends, whichever is first;
/// `None`: there is neither.
pub async fn next_due_in(
    conn: &mut Conn,
    now: Timestamp,
    except: Except<'_>,
) -> Result<Option<i64>> {
    let db_now = Engine::of_connection(conn).now();
    let claimable = except.condition(2) + NOT_PURGING;
    let due = query(format!(
        "SELECT MIN(due) AS due FROM (
             SELECT MIN(next_try_at) - $1 AS due FROM files
             WHERE state = 'failed'{claimable} UNION ALL
             SELECT MIN(claimed_until) - {db_now} AS due FROM files
             WHERE state = 'fetching'{claimable}) AS each"
    ))
    .bind(now);
    let due = except.bind_to(due);
    due.one(conn, Columns::value("files", "due")).await
}
