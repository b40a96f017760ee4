//! The rows of files, their takes and versions: how they are read, written and moved.

use std::collections::BTreeSet;

use reelroom_domain::{
    file::FileKind,
    ids::{FileId, RecordingId},
    room::ParticipantId,
    understanding::{HeldFile, World},
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::{Engine, key},
    fields, files,
    query::Values,
    row::{Columns, of},
    value::or_empty,
};

const FILE: &str =
    "id, take, version, recording_id, kind, media, participant, name, size, length_ms,
    started_at, ended_at, url, url_call, state, storage_key, call_id, announced_at, looked_up";

pub(super) fn held_file(any_row: &AnyRow) -> Result<HeldFile> {
    let row = Columns::new(any_row, "files", "id");
    Ok(fields!(row => HeldFile {
        id, take, version, recording: recording_id, state, call: call_id, url_call, announced_at,
        looked_up,
        announced = files::read_announcement(any_row)?,
        has_key = row.get::<Option<String>>("storage_key")?.is_some(),
        is_stored = true,
        is_changed = false,
        is_renewed = false,
        joined_into = None
    }))
}

/// The statement that finds files by a list of keys. PostgreSQL locks their rows, since the fetch job
/// changes them too.
pub(super) fn files_of(engine: Engine, keys: &str, condition: &str) -> String {
    files_by(engine, keys, "", condition)
}

/// The statement of [`files_of`], with what names the index.
pub(super) fn files_by(engine: Engine, keys: &str, index: &str, condition: &str) -> String {
    format!(
        "WITH k ({keys}) AS (VALUES {{}})
         SELECT {} FROM k CROSS JOIN files f{index}
         WHERE {condition}{}",
        of("f", FILE),
        engine.lock_rows("f")
    )
}

/// The key of files: their recording, kind, participant and name.
pub(super) type FileKey = (RecordingId, FileKind, Option<ParticipantId>, String);

/// Loads all files of these keys.
pub(super) async fn load_files_named(
    conn: &mut Conn,
    world: &mut World,
    keys: &BTreeSet<FileKey>,
) -> Result<()> {
    static NAMED: Bulk = Bulk::built(|engine| {
        files_of(
            engine,
            "recording_id, kind, participant, name",
            "f.recording_id = k.recording_id AND f.kind = k.kind
                 AND f.participant = k.participant AND f.name = k.name",
        )
    });
    let keys = keys
        .iter()
        .map(|(id, kind, who, name)| (id, kind, or_empty(who.as_ref()), name));
    for row in &NAMED.fetch(conn, keys).await? {
        world.hold_file(held_file(row)?);
    }
    Ok(())
}

/// Writes the files that are new, changed or joined with others.
pub(super) async fn write_files(conn: &mut Conn, world: &World) -> Result<()> {
    static INSERT: Bulk = Bulk::new(
        "INSERT INTO files (id, take, version, recording_id, kind, media, participant, name,
             name_key, size, length_ms, started_at, ended_at, url, url_call, looked_up, call_id,
             state, tries, announced_at) VALUES {}",
    );
    static UPDATE: Bulk = Bulk::new(
        "WITH k (id, take, version, recording_id, kind, media, participant, name, name_key, size,
             length_ms, started_at, ended_at, url, url_call, looked_up, call_id) AS (VALUES {})
         UPDATE files SET take = k.take, version = k.version, recording_id = k.recording_id,
             kind = k.kind, media = k.media, participant = k.participant, name = k.name,
             name_key = k.name_key, size = k.size, length_ms = k.length_ms,
             started_at = k.started_at, ended_at = k.ended_at, url = k.url,
             url_call = k.url_call, looked_up = k.looked_up, call_id = k.call_id
         FROM k WHERE files.id = k.id",
    );
    static RENEW: Bulk = Bulk::new(
        "WITH k (id, state) AS (VALUES {})
         UPDATE files SET state = k.state, tries = 0, trouble = NULL, next_try_at = NULL,
             missing_since = NULL, failed_since = NULL
         FROM k WHERE files.id = k.id",
    );
    let files = world.files().iter();
    let (stored, new): (Vec<&HeldFile>, Vec<_>) = files
        .filter(|file| file.joined_into.is_none())
        .partition(|file| file.is_stored);
    let changed = stored.iter().filter(|file| file.is_changed);
    UPDATE
        .execute(conn, changed.clone().map(|file| values(file)))
        .await?;
    let renewed = changed.filter(|file| file.is_renewed);
    RENEW
        .execute(conn, renewed.map(|file| (file.id, file.state)))
        .await?;
    let new = new.into_iter();
    let new = new.map(|file| (values(file), file.state, 0_i64, file.announced_at));
    INSERT.execute(conn, new).await?;
    forget_joined(conn, world).await
}

/// Deletes the files that were joined with others, to which their calls move. A copy is never deleted, nor the key of a
/// lost one.
async fn forget_joined(conn: &mut Conn, world: &World) -> Result<()> {
    static FOLLOW: Bulk = Bulk::new(
        "WITH k (old, new) AS (VALUES {})
         UPDATE inbox SET file_id = k.new FROM k WHERE inbox.file_id = k.old",
    );
    static DELETE: Bulk = Bulk::new(
        "DELETE FROM files WHERE id IN (VALUES {}) AND storage_key IS NULL
             AND state NOT IN ('archived', 'fetching', 'purged')",
    );
    let joined = world.files().iter();
    let joined = joined.filter(|file| file.is_stored && file.joined_into.is_some());
    let pairs = joined
        .clone()
        .map(|file| (file.id, world.current_file(file.id)));
    FOLLOW.execute(conn, pairs).await?;
    DELETE.execute(conn, joined.map(|file| file.id)).await
}

/// The values of the columns that both the insertion and the update of a file name.
fn values(file: &HeldFile) -> impl Values {
    let announced = &file.announced;
    (
        (file.id, file.take, file.version, file.recording),
        (announced.kind, announced.media),
        or_empty(announced.participant.as_ref()),
        (&announced.name, key(&announced.name), announced.size),
        (announced.length_ms, announced.started_at),
        (announced.ended_at, &announced.url),
        (file.url_call, file.looked_up, file.call),
    )
}

/// Moves a file with all its versions to another recording, where it may be joined with one that is there.
pub async fn move_file(conn: &mut Conn, id: FileId, to: RecordingId) -> Result<()> {
    static OF_TAKE: Bulk = Bulk::built(|engine| {
        files_of(
            engine,
            "id",
            "f.take = (SELECT o.take FROM files o WHERE o.id = k.id)",
        )
    });
    let rows = OF_TAKE.fetch(conn, [id]).await?;
    move_rows(conn, &rows, to).await
}

/// Moves all files of a recording to another that turned out to be the same.
pub(super) async fn move_all(conn: &mut Conn, from: RecordingId, to: RecordingId) -> Result<()> {
    static OF_RECORDING: Bulk =
        Bulk::built(|engine| files_of(engine, "id", "f.recording_id = k.id"));
    let rows = OF_RECORDING.fetch(conn, [from]).await?;
    move_rows(conn, &rows, to).await
}

/// Moves files of one recording to another, as far as they are elsewhere.
async fn move_rows(conn: &mut Conn, rows: &[AnyRow], to: RecordingId) -> Result<()> {
    let mut world = World::default();
    let mut keys: BTreeSet<FileKey> = BTreeSet::new();
    for row in rows {
        let file = held_file(row)?;
        let known = file.announced.clone();
        keys.insert((to, known.kind, known.participant, known.name));
        world.hold_file(file);
    }
    let from = world.files().first().map(|file| file.recording);
    let Some(from) = from.filter(|from| *from != to) else {
        return Ok(());
    };
    load_files_named(conn, &mut world, &keys).await?;
    world.move_files(from, to);
    write_files(conn, &world).await
}
