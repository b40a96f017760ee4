//! Titles, tags and notes of recordings.

use std::collections::BTreeMap;

use reelroom_domain::{
    about::{About, AboutChange, Tag, Tags},
    ids::RecordingId,
    time::Timestamp,
};

use crate::{
    Conn, Result,
    bulk::Bulk,
    fields,
    query::{execute, query, query_over},
    row::Columns,
    stale,
};

/// Inserts tags of recordings: the recording, the key of the tag, and its text.
pub(crate) static INSERT_TAGS: Bulk = Bulk::new(
    "INSERT INTO tags (recording_id, tag_key, tag) VALUES {}
     ON CONFLICT (recording_id, tag_key) DO NOTHING",
);

/// Title, tags and notes of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Title, tags and notes.
    pub about: About,
    /// When the notes were last changed, and the name of the account.
    pub noted: Option<(Timestamp, String)>,
}

/// The title, tags and notes of a recording; `None` where there is no such recording.
pub async fn get(conn: &mut Conn, id: RecordingId) -> Result<Option<Known>> {
    let known = query("SELECT id, title, notes, notes_at, notes_by FROM recordings WHERE id = $1")
        .bind(id)
        .first(conn, |row| {
            let row = Columns::new(row, "recordings", "id");
            let at: Option<Timestamp> = row.get("notes_at")?;
            Ok(Known {
                about: fields!(row => About { title, notes, tags = Tags::default() }),
                noted: at.zip(row.get("notes_by")?),
            })
        })
        .await?;
    let Some(mut known) = known else {
        return Ok(None);
    };
    let mut tags = tags_of(conn, &[id]).await?;
    known.about.tags = tags.remove(&id).unwrap_or_default();
    Ok(Some(known))
}

/// The tags of those recordings that have some.
pub async fn tags_of(
    conn: &mut Conn,
    recordings: &[RecordingId],
) -> Result<BTreeMap<RecordingId, Tags>> {
    let text = "SELECT recording_id, tag FROM tags WHERE recording_id IN {list}
         ORDER BY recording_id, tag_key";
    let rows: Vec<(RecordingId, Tag)> = query_over(conn, text, recordings)?
        .all(conn, Columns::values("tags", ["recording_id", "tag"]))
        .await?;
    let mut tags: BTreeMap<RecordingId, Vec<Tag>> = BTreeMap::new();
    for (id, tag) in rows {
        tags.entry(id).or_default().push(tag);
    }
    // Two transactions that add tags at the same time may exceed the limit.
    let tags = tags.into_iter().map(|(id, mut tags)| {
        tags.truncate(Tags::MOST);
        (id, Tags::of(tags).unwrap_or_default())
    });
    Ok(tags.collect())
}

/// Sets title, tags and notes of a recording to `about`, which differs by `changes` from the stored ones.
pub async fn set(
    conn: &mut Conn,
    id: RecordingId,
    about: &About,
    changes: &[AboutChange],
    at: Timestamp,
    by: &str,
) -> Result<()> {
    for change in changes {
        match change {
            AboutChange::Title { to, .. } => {
                let update = "UPDATE recordings SET title = $2 WHERE id = $1";
                execute(conn, update, (id, to)).await?;
            }
            AboutChange::Tags { added, removed } => set_tags(conn, id, added, removed).await?,
            AboutChange::Notes => {
                let update =
                    "UPDATE recordings SET notes = $2, notes_at = $3, notes_by = $4 WHERE id = $1";
                execute(conn, update, (id, &about.notes, at, by)).await?;
            }
        }
    }
    stale::mark(conn, &[id]).await
}

async fn set_tags(conn: &mut Conn, id: RecordingId, added: &[Tag], removed: &[Tag]) -> Result<()> {
    let keys: Vec<String> = removed.iter().map(Tag::key).collect();
    let delete = "DELETE FROM tags WHERE recording_id = $2 AND tag_key IN {list}";
    query_over(conn, delete, &keys)?
        .bind(id)
        .execute(conn)
        .await?;
    let rows = added.iter().map(|tag| (id, tag.key(), tag));
    INSERT_TAGS.execute(conn, rows).await
}

/// Copies title, tags and notes of a recording to another that is the same, unless that has a title or
/// notes of its own.
pub(crate) async fn copy(conn: &mut Conn, from: RecordingId, into: RecordingId) -> Result<()> {
    for sql in [
        "UPDATE recordings SET title = (SELECT o.title FROM recordings o WHERE o.id = $1)
         WHERE id = $2 AND title = ''",
        "UPDATE recordings SET (notes, notes_at, notes_by) =
             (SELECT o.notes, o.notes_at, o.notes_by FROM recordings o WHERE o.id = $1)
         WHERE id = $2 AND notes = ''",
        "INSERT INTO tags (recording_id, tag_key, tag)
         SELECT $2, tag_key, tag FROM tags WHERE recording_id = $1
         ON CONFLICT (recording_id, tag_key) DO NOTHING",
    ] {
        query(sql).bind((from, into)).execute(conn).await?;
    }
    Ok(())
}
