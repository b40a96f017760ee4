//! What the index is made of.

use std::collections::BTreeMap;

use reelroom_domain::{
    about::Tag,
    find::{Entry, EntryFile},
    ids::{RecordingId, UserId},
    recording,
    time::Timestamp,
};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result,
    engine::listed,
    fields,
    query::query,
    row::Columns,
    value::{length_in_sum, size_in_sum},
};

/// The entries of those recordings of a JSON array that exist and are not deleted.
pub(super) async fn entries(conn: &mut Conn, ids: &str) -> Result<BTreeMap<RecordingId, Entry>> {
    let these = listed(conn, "$1");
    let entries = query(format!(
        "SELECT r.id, r.app_id, r.room, r.origin, r.state, r.requested_by, r.requested_at, r.started_at,
             r.stopped_at, r.title, r.notes, r.user_data, o.title AS room_title,
             CASE WHEN EXISTS (SELECT 1 FROM holds h
                 WHERE h.recording_id = r.id AND h.released_at IS NULL) THEN 1 ELSE 0 END AS is_held
         FROM recordings r JOIN rooms o ON o.app_id = r.app_id AND o.room = r.room
         WHERE r.id IN {these} AND r.keep = 'kept' ORDER BY r.id"
    ))
    .bind(ids)
    .all(conn, entry)
    .await?;
    let mut entries: BTreeMap<RecordingId, Entry> = entries.into_iter().collect();
    let people = query(format!(
        "SELECT recording_id, participant AS text FROM expected_tracks WHERE recording_id IN {these}
         UNION SELECT r.id, p.participant FROM recordings r JOIN participants p ON p.meeting_id = r.meeting_id
         WHERE r.id IN {these} ORDER BY 1, 2"
    ));
    for (id, person) in people.bind(ids).all(conn, pair::<String>).await? {
        if let Some(entry) = entries.get_mut(&id) {
            entry.texts.push(person);
        }
    }
    let (size, length) = (size_in_sum("f.size"), length_in_sum("f.length_ms"));
    let files = query(format!(
        "SELECT f.recording_id, f.kind, f.media, f.state, f.started_at, f.ended_at, f.name, f.participant,
             {length} AS length_ms,
             CASE WHEN f.state = 'archived' THEN f.stored_size ELSE COALESCE({size}, 0) END AS size
         FROM shown_files f WHERE f.recording_id IN {these} ORDER BY f.id"
    ));
    let files = files.bind(ids);
    files
        .each(conn, |row| {
            let (id, file, texts) = file(row)?;
            if let Some(entry) = entries.get_mut(&id) {
                entry.files.push(file);
                entry.texts.extend(texts);
            }
            Ok(())
        })
        .await?;
    let tags = query(format!(
        "SELECT recording_id, tag AS text FROM tags WHERE recording_id IN {these} ORDER BY recording_id, tag_key"
    ));
    for (id, tag) in tags.bind(ids).all(conn, pair::<Tag>).await? {
        if let Some(entry) = entries.get_mut(&id) {
            entry.tags.push(tag);
        }
    }
    let seen = query(format!(
        "SELECT recording_id, user_id AS text FROM seen WHERE recording_id IN {these} ORDER BY recording_id, user_id"
    ));
    for (id, user) in seen.bind(ids).all(conn, pair::<UserId>).await? {
        if let Some(entry) = entries.get_mut(&id) {
            entry.seen_by.push(user);
        }
    }
    Ok(entries)
}

fn entry(row: &AnyRow) -> Result<(RecordingId, Entry)> {
    let row = Columns::new(row, "recordings", "id");
    let started: Option<Timestamp> = row.get("started_at")?;
    let stopped: Option<Timestamp> = row.get("stopped_at")?;
    let texts = [
        row.get("room")?,
        row.get("room_title")?,
        row.get("title")?,
        row.get("notes")?,
        row.get::<Option<String>>("user_data")?.unwrap_or_default(),
    ];
    let requested: Timestamp = row.get("requested_at")?;
    let entry = fields!(row => Entry {
        app: app_id, room, state, by: requested_by, is_held,
        began_at = started.unwrap_or(requested),
        ran = recording::ran(row.get("origin")?, started, stopped),
        tags = Vec::new(),
        seen_by = Vec::new(),
        texts = texts.into(),
        files = Vec::new()
    });
    Ok((row.get("id")?, entry))
}

fn file(row: &AnyRow) -> Result<(RecordingId, EntryFile, [String; 2])> {
    let row = Columns::new(row, "files", "recording_id");
    let from: Option<Timestamp> = row.get("started_at")?;
    let file = fields!(row => EntryFile {
        kind, media, state, size, length: length_ms,
        times = from.zip(row.get("ended_at")?)
    });
    Ok((
        row.get("recording_id")?,
        file,
        [row.get("name")?, row.get("participant")?],
    ))
}

/// A recording, and a text about it.
fn pair<T: crate::value::Column>(row: &AnyRow) -> Result<(RecordingId, T)> {
    let row = Columns::new(row, "recordings", "recording_id");
    Ok((row.get("recording_id")?, row.get("text")?))
}
