//! Makes the rows of the index.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use reelroom_domain::{
    find::{Entry, Mask},
    ids::RecordingId,
    room::RoomId,
    time::Timestamp,
};

use super::{
    facts,
    numbers::Changes,
    place::{A_SECOND, Place, first_of_second, numbers},
    term::{array, of_facets, token},
};
use crate::{
    Conn, Result,
    bulk::Bulk,
    engine::{Engine, json},
    query::query,
    row::Columns,
    stale, undescribed,
};

/// A row of the index.
struct Row {
    recording: RecordingId,
    entry: Entry,
    /// See the column: on SQLite the terms of the facets, on PostgreSQL all.
    terms: String,
    mask: Mask,
    words: String,
}

impl Row {
    fn of(engine: Engine, recording: RecordingId, entry: Entry) -> Self {
        let words = entry.words();
        let facets = entry.facet_terms();
        let terms = match engine {
            Engine::Sqlite => {
                let tokens: Vec<String> = facets.into_iter().map(token).collect();
                format!(" {} ", tokens.join(" "))
            }
            Engine::Postgres => {
                let letters = entry.shelf().letters(&words);
                array(facets.union(&letters).copied())
            }
        };
        Self {
            recording,
            mask: entry.mask(),
            entry,
            terms,
            words,
        }
    }

    /// The terms as text of the FTS5 table.
    fn tokens(&self) -> String {
        let letters = self
            .entry
            .shelf()
            .letters(&self.words)
            .into_iter()
            .map(token);
        let letters: Vec<String> = letters.collect();
        format!("{}{}", self.terms, letters.join(" "))
    }
}

/// The row of a recording in the index.
struct Known {
    n: Place,
    began_at: Timestamp,
    room: RoomId,
    length: i64,
    size: u64,
    terms: String,
    /// `None` for a row that is not in the stored numbers yet.
    mask: Option<Mask>,
    words: String,
}

impl Known {
    fn is_same(&self, row: &Row) -> bool {
        let entry = &row.entry;
        self.began_at == entry.began_at
            && self.room == entry.room
            && self.length == entry.length()
            && self.size == entry.size()
            && self.terms == row.terms
            && self.mask == Some(row.mask)
            && self.words == row.words
    }
}

/// The marks that are read for each recording of a batch: during a flood of calls a recording is marked many times.
const MARKS: u32 = 16;

/// Recordings of the queue, with the facts for their rows. To read them takes long where they have many files, so they
/// may be read in another transaction than the one that writes their rows.
#[derive(Debug, Default)]
pub struct Batch {
    marks: Vec<stale::Mark>,
    entries: BTreeMap<RecordingId, Entry>,
    /// Whether the queue had more.
    pub has_more: bool,
}

impl Batch {
    /// Reads the first recordings of the queue, at most `limit`.
    pub async fn read(conn: &mut Conn, limit: u32) -> Result<Self> {
        let most = limit.saturating_mul(MARKS);
        let mut marks = stale::first(conn, most).await?;
        let found = marks.len();
        let mut recordings = BTreeSet::new();
        let fit = marks.iter().take_while(|(_, recording)| {
            recordings.contains(recording)
                || recordings.len() < limit as usize && recordings.insert(*recording)
        });
        let fit = fit.count();
        marks.truncate(fit);
        let entries = facts::entries(conn, &json(&recordings)?).await?;
        Ok(Self {
            marks,
            entries,
            has_more: fit < found || found == most as usize,
        })
    }

    /// Whether the queue was empty.
    pub const fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Makes the rows of its recordings anew, and deletes those of recordings that are gone. One transaction at a time
    /// does this. If another one has removed all marks of a recording since this batch was read, its row is at least as
    /// new as the batch and stays. If it has removed some, the row and the batch may both be too old, and the recording
    /// is read again.
    pub async fn write(mut self, conn: &mut Conn) -> Result<()> {
        let engine = Engine::of_connection(conn);
        if engine.is_shared() {
            query("SELECT pg_advisory_xact_lock(7366355822)")
                .execute(conn)
                .await?;
        }
        let marks = stale::still(conn, &self.marks).await?;
        let still: HashSet<stale::Mark> = marks.iter().copied().collect();
        let removed = self.marks.iter().filter(|mark| !still.contains(mark));
        let removed: HashSet<RecordingId> = removed.map(|(_, recording)| *recording).collect();
        self.entries
            .retain(|recording, _| !removed.contains(recording));
        let recordings: BTreeSet<RecordingId> =
            marks.iter().map(|(_, recording)| *recording).collect();
        let again: Vec<&RecordingId> = recordings
            .iter()
            .filter(|recording| removed.contains(*recording))
            .collect();
        if !again.is_empty() {
            let entries = facts::entries(conn, &json(&again)?).await?;
            self.entries.extend(entries);
        }
        stale::remove(conn, &marks).await?;
        write_rows(conn, engine, &json(&recordings)?, self.entries).await
    }
}

/// Indexes the first recordings of the queue, at most `limit`; returns whether there were any.
pub async fn index(conn: &mut Conn, limit: u32) -> Result<bool> {
    let batch = Batch::read(conn, limit).await?;
    let is_empty = batch.is_empty();
    batch.write(conn).await?;
    Ok(!is_empty)
}

/// Makes the rows of recordings anew; `ids` is a JSON array. Those without an entry are gone.
async fn write_rows(
    conn: &mut Conn,
    engine: Engine,
    ids: &str,
    entries: BTreeMap<RecordingId, Entry>,
) -> Result<()> {
    // A change of a row of the index may change the descriptions of the recording in the storage.
    undescribed::mark(conn, ids).await?;
    let known = known(conn, ids).await?;
    let is_there: HashSet<RecordingId> = entries.keys().copied().collect();
    let rows = entries
        .into_iter()
        .map(|(id, entry)| Row::of(engine, id, entry));
    // Most changes of a recording leave its row as it is.
    let rows: Vec<Row> = rows
        .filter(|row| {
            known
                .get(&row.recording)
                .is_none_or(|known| !known.is_same(row))
        })
        .collect();
    let changed: HashSet<RecordingId> = rows.iter().map(|row| row.recording).collect();
    let old = known
        .iter()
        .filter(|(id, _)| changed.contains(*id) || !is_there.contains(*id));
    let old: Vec<&Known> = old.map(|(_, known)| known).collect();
    let mut numbers = Changes::default();
    for row in &old {
        if let Some(mask) = row.mask {
            numbers.add(of_facets(engine, &row.terms), mask, -1);
        }
    }
    for row in &rows {
        numbers.add(of_facets(engine, &row.terms), row.mask, 1);
    }
    numbers.store(conn).await?;
    delete(conn, old.iter().map(|row| row.n).collect()).await?;
    let places = places(conn, &rows, &known).await?;
    insert(conn, engine, rows.into_iter().zip(places).collect()).await
}

/// Merges the segments of the FTS5 table, after many rows were inserted: a search reads each of them.
pub async fn merge_segments(conn: &mut Conn) -> Result<()> {
    match Engine::of_connection(conn) {
        Engine::Sqlite => {
            query("INSERT INTO library_terms (library_terms) VALUES ('optimize')")
                .execute(conn)
                .await
        }
        Engine::Postgres => Ok(()),
    }
}

async fn known(conn: &mut Conn, ids: &str) -> Result<HashMap<RecordingId, Known>> {
    let engine = Engine::of_connection(conn);
    let terms = match engine {
        Engine::Sqlite => "facets",
        Engine::Postgres => "CAST(terms AS TEXT)",
    };
    let found = query(format!(
        "SELECT n, recording_id, room, began_at, length_ms, size, {terms} AS terms, mask, words FROM library
         WHERE recording_id IN (SELECT value FROM {})",
        engine.texts("$1")
    ))
    .bind(ids)
    .all(conn, |row| {
        let row = Columns::new(row, "library", "recording_id");
        let known = Known {
            n: row.get("n")?,
            began_at: row.get("began_at")?,
            room: row.get("room")?,
            length: row.get("length_ms")?,
            size: row.get("size")?,
            terms: row.get("terms")?,
            mask: row.get("mask")?,
            words: row.get("words")?,
        };
        Ok((row.get("recording_id")?, known))
    })
    .await?;
    Ok(found.into_iter().collect())
}

async fn delete(conn: &mut Conn, places: Vec<Place>) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let places = numbers(&places)?;
    let engine = Engine::of_connection(conn);
    let these = format!("(SELECT CAST(value AS BIGINT) FROM {})", engine.texts("$1"));
    if let Engine::Sqlite = engine {
        query(format!("DELETE FROM library_terms WHERE rowid IN {these}"))
            .bind(places.clone())
            .execute(conn)
            .await?;
    }
    query(format!("DELETE FROM library WHERE n IN {these}"))
        .bind(places)
        .execute(conn)
        .await
}

/// A free place for each row: the one that it had, while its start is in the same second.
async fn places(
    conn: &mut Conn,
    rows: &[Row],
    known: &HashMap<RecordingId, Known>,
) -> Result<Vec<Place>> {
    let mut places: Vec<Option<Place>> = rows
        .iter()
        .map(|row| {
            let known = known.get(&row.recording)?;
            let second = first_of_second(known.began_at);
            (second == first_of_second(row.entry.began_at)).then_some(known.n)
        })
        .collect();
    let mut taken: HashSet<Place> = places.iter().flatten().copied().collect();
    let mut asked = BTreeSet::new();
    let mut seconds: Vec<Place> = rows
        .iter()
        .map(|row| first_of_second(row.entry.began_at))
        .collect();
    while places.contains(&None) {
        let open = places
            .iter()
            .zip(&seconds)
            .filter(|(place, _)| place.is_none());
        let new: BTreeSet<Place> = open.map(|(_, second)| *second).collect();
        let new: Vec<Place> = new.difference(&asked).copied().collect();
        taken.extend(in_seconds(conn, &new).await?);
        asked.extend(new);
        for (place, second) in places.iter_mut().zip(&mut seconds) {
            if place.is_none() {
                *place = (*second..*second + A_SECOND).find(|place| taken.insert(*place));
                *second += A_SECOND;
            }
        }
    }
    Ok(places.into_iter().flatten().collect())
}

/// The places that are taken in the seconds which begin with these.
async fn in_seconds(conn: &mut Conn, seconds: &[Place]) -> Result<Vec<Place>> {
    let engine = Engine::of_connection(conn);
    query(format!(
        "SELECT l.n FROM (SELECT CAST(value AS BIGINT) AS n FROM {}) s
         JOIN library l ON l.n >= s.n AND l.n < s.n + {A_SECOND}",
        engine.texts("$1")
    ))
    .bind(numbers(seconds)?)
    .all(conn, Columns::value("library", "n"))
    .await
}

async fn insert(conn: &mut Conn, engine: Engine, rows: Vec<(Row, Place)>) -> Result<()> {
    static ROWS: Bulk = Bulk::built(|engine| {
        match engine {
        Engine::Sqlite => "INSERT INTO library (n, recording_id, app_id, room, began_at, length_ms, size, facets, mask, words)
             VALUES {}"
            .to_owned(),
        Engine::Postgres => {
            "INSERT INTO library (n, recording_id, app_id, room, began_at, length_ms, size, terms, mask, words)
             SELECT v.n, v.recording_id, v.app_id, v.room, v.began_at, v.length_ms, v.size, CAST(v.terms AS INTEGER[]),
                 v.mask, v.words
             FROM (VALUES {}) AS v (n, recording_id, app_id, room, began_at, length_ms, size, terms, mask, words)"
                .to_owned()
        }
    }
    });
    static TERMS: Bulk = Bulk::new("INSERT INTO library_terms (rowid, terms) VALUES {}");
    if let Engine::Sqlite = engine {
        let terms = rows.iter().map(|(row, n)| (*n, row.tokens()));
        TERMS.execute(conn, terms).await?;
    }
    let values = rows.iter().map(|(row, n)| {
        let entry = &row.entry;
        (
            (*n, row.recording, entry.app, &entry.room),
            (entry.began_at, entry.length(), entry.size()),
            (&row.terms, row.mask, &row.words),
        )
    });
    ROWS.execute(conn, values).await
}
