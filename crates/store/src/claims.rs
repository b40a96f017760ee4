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
    query::{Query, affects_any, query},
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
    /// In each part of the queue, those after this index, which counts from 0. `None`: the whole queue, which may be
    /// long, is searched for a file that is not excepted.
    pub behind: Option<u32>,
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

    /// The condition that a file is not behind in a list of the queue. `list` is the condition of the list, and `column`
    /// its order.
    fn in_front(self, list: &str, column: &str) -> String {
        let in_front = |behind| {
            format!(
                " AND {column} <= COALESCE((SELECT {column} FROM files WHERE {list}
                     ORDER BY {column} LIMIT 1 OFFSET {behind}), {})",
                i64::MAX
            )
        };
        self.behind.map(in_front).unwrap_or_default()
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

const REMOTE: &str = "state = 'remote' AND next_try_at IS NULL";
const FAILED: &str = "state = 'failed'";

/// The statement of [`next`]. Each of its parts reads an index up to the first file that is not excepted, however
/// many files have failed.
pub(crate) fn next_sql(engine: Engine, except: Except<'_>) -> String {
    let (db_now, skip_locked) = (engine.now(), engine.skip_locked());
    let claimable = except.condition(4) + NOT_PURGING;
    let first_remote = except.in_front(REMOTE, "announced_at");
    let first_failed = except.in_front(FAILED, "next_try_at");
    format!(
        "UPDATE files SET state = 'fetching', tries = tries + 1, next_try_at = NULL,
             claimed_by = $2, claimed_until = {db_now} + $3
         WHERE id = COALESCE(
             (SELECT id FROM files WHERE state = 'fetching' AND claimed_until <= {db_now}{claimable}
                 ORDER BY claimed_until LIMIT 1{skip_locked}),
             (SELECT id FROM files WHERE {REMOTE}{first_remote}{claimable}
                 ORDER BY announced_at, id LIMIT 1{skip_locked}),
             (SELECT id FROM files WHERE {FAILED} AND next_try_at <= $1{first_failed}{claimable}
                 ORDER BY next_try_at LIMIT 1{skip_locked}))
         RETURNING {COLUMNS}"
    )
}

/// Renews the claim of `holder`; `false` where it has ended.
pub async fn renew(conn: &mut Conn, id: FileId, holder: &str, lasts: Duration) -> Result<bool> {
    let now = Engine::of_connection(conn).now();
    let update = format!(
        "UPDATE files SET claimed_until = {now} + $3
         WHERE id = $1 AND claimed_by = $2 AND state = 'fetching'"
    );
    affects_any(conn, update, (id, holder, lasts)).await
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
    let first_failed = except.in_front(FAILED, "next_try_at");
    let due = query(format!(
        "SELECT MIN(due) AS due FROM (
             SELECT MIN(next_try_at) - $1 AS due FROM files
             WHERE {FAILED}{first_failed}{claimable} UNION ALL
             SELECT MIN(claimed_until) - {db_now} AS due FROM files
             WHERE state = 'fetching'{claimable}) AS each"
    ))
    .bind(now);
    let due = except.bind_to(due);
    due.one(conn, Columns::value("files", "due")).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Store,
        testing::{Databases, execute},
    };

    /// Inserts a recording with eleven files to fetch: ten of one host, of which the first four failed and are due, and
    /// behind them one of another host.
    async fn fill(store: &Store) {
        for sql in [
            "INSERT INTO apps (id, name, app_id, api_base, method, encoding, reply_form, zone, allowed_hosts, kinds,
                 public_cloud, frames, vod_base, sandbox, created_at)
             VALUES ('a', 'a', 'a', '', 'post', 'json', 'a', 'UTC', '[]', '[]', 0, 0, '', 0, 0)",
            "INSERT INTO rooms (app_id, room, room_key, first_seen_at, title) VALUES ('a', 'hall', 'hall', 0, '')",
            "INSERT INTO recordings (id, app_id, room, origin, state, state_since, requested_at, tracks_expected)
             VALUES ('00000000000000000000000000000001', 'a', 'hall', 'started', 'ready', 0, 0, 0)",
        ] {
            execute(store, sql).await;
        }
        let mut write = store.write().await.unwrap();
        for (n, host) in ["one"; 10].into_iter().chain(["two"]).enumerate() {
            let (state, next) = if n < 4 {
                ("failed", "1")
            } else {
                ("remote", "NULL")
            };
            let file = format!(
                "INSERT INTO files (id, take, recording_id, kind, media, participant, name, name_key, url,
                     announced_at, state, tries, next_try_at)
                 VALUES ('{n:032x}', '{n:032x}', '00000000000000000000000000000001', 'composite', 'video', '', 'a', 'a',
                     'https://{host}.example/{n}', {n}, '{state}', 0, {next})"
            );
            query(file).execute(&mut write).await.unwrap();
        }
        write.commit().await.unwrap();
    }

    async fn only_the_front_is_read(databases: &Databases) {
        let store = databases.store().await;
        fill(&store).await;
        let mut write = store.write().await.unwrap();
        let places = ["https://one.example/".to_owned()];
        let lasts = Duration::from_mins(1);
        for (behind, claimed) in [(Some(5), None), (Some(6), Some(10)), (None, None)] {
            let except = Except {
                places: &places,
                behind,
                ..Except::default()
            };
            let file = next(&mut write, Timestamp::from_millis(2), "me", lasts, except).await;
            let id = claimed.map(|n| format!("{n:032x}").parse::<FileId>().unwrap());
            assert_eq!(file.unwrap().map(|file| file.id), id, "{behind:?}");
        }
    }

    crate::on_both!(only_the_front_is_read);
}
