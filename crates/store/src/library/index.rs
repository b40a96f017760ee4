//! Makes the rows of the index.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use reelroom_domain::{
    find::{Entry, Mask, Term},
    ids::{AppId, RecordingId},
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
#[derive(Debug)]
struct Row {
    app: AppId,
    room: RoomId,
    began_at: Timestamp,
    length: i64,
    size: u64,
    /// See the column: on SQLite the terms of the facets, on PostgreSQL all.
    terms: String,
    /// On SQLite the terms of the letters.
    letters: String,
    mask: Mask,
    words: String,
}

impl Row {
    fn of(engine: Engine, entry: Entry) -> Self {
        let words = entry.words();
        let facets = entry.facet_terms();
        let letters = entry.shelf().letters(&words);
        let text = |terms: BTreeSet<Term>| {
            let tokens: Vec<String> = terms.into_iter().map(token).collect();
            tokens.join(" ")
        };
        let (terms, letters) = match engine {
            Engine::Sqlite => (format!(" {} ", text(facets)), text(letters)),
            Engine::Postgres => (array(facets.union(&letters).copied()), String::new()),
        };
        Self {
            app: entry.app,
            began_at: entry.began_at,
            length: entry.length(),
            size: entry.size(),
            mask: entry.mask(),
            room: entry.room,
            terms,
            letters,
            words,
        }
    }
}

/// The row of a recording in the index.
#[derive(Debug)]
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
        self.began_at == row.began_at
            && self.room == row.room
            && self.length == row.length
            && self.size == row.size
            && self.terms == row.terms
            && self.mask == Some(row.mask)
            && self.words == row.words
    }
}

/// What a recording is to have in the index in place of what it has.
#[derive(Debug)]
struct Change {
    old: Option<Known>,
    /// `None` for a recording that is gone.
    new: Option<Row>,
}

/// The marks that are read for each recording of a batch: during a flood of calls a recording is marked many times.
const MARKS: u32 = 16;

/// Recordings of the queue, with their new rows. To make these takes long where recordings have many files, so it may
/// be done in another transaction than the one that writes them.
#[derive(Debug, Default)]
pub struct Batch {
    marks: Vec<stale::Mark>,
    changes: BTreeMap<RecordingId, Change>,
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
        Ok(Self {
            marks,
            changes: changes(conn, &json(&recordings)?).await?,
            has_more: fit < found || found == most as usize,
        })
    }

    /// Whether the queue was empty.
    pub const fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Writes the rows of its recordings, and deletes those of recordings that are gone. One transaction at a time does
    /// this. If another one has removed all marks of a recording since this batch was read, its row is at least as new
    /// as the batch and stays. If it has removed some, the row and the batch may both be too old, and the recording is
    /// read again.
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
        self.changes
            .retain(|recording, _| !removed.contains(recording));
        let recordings: BTreeSet<RecordingId> =
            marks.iter().map(|(_, recording)| *recording).collect();
        let again: Vec<&RecordingId> = recordings
            .iter()
            .filter(|recording| removed.contains(*recording))
            .collect();
        if !again.is_empty() {
            self.changes.extend(changes(conn, &json(&again)?).await?);
        }
        stale::remove(conn, &marks).await?;
        // A change of a row of the index may change the descriptions of the recording in the storage.
        undescribed::mark(conn, &json(&recordings)?).await?;
        store(conn, engine, self.changes).await
    }
}

/// Indexes the first recordings of the queue, at most `limit`; returns whether there were any.
pub async fn index(conn: &mut Conn, limit: u32) -> Result<bool> {
    let batch = Batch::read(conn, limit).await?;
    let is_empty = batch.is_empty();
    batch.write(conn).await?;
    Ok(!is_empty)
}

/// The changes of recordings whose rows differ from what they are to have; `ids` is a JSON array.
async fn changes(conn: &mut Conn, ids: &str) -> Result<BTreeMap<RecordingId, Change>> {
    let engine = Engine::of_connection(conn);
    let mut entries = facts::entries(conn, ids).await?;
    let mut changes = BTreeMap::new();
    for (recording, known) in known(conn, ids).await? {
        let new = entries.remove(&recording);
        let new = new.map(|entry| Row::of(engine, entry));
        // Most changes of a recording leave its row as it is.
        if new.as_ref().is_none_or(|row| !known.is_same(row)) {
            let old = Some(known);
            changes.insert(recording, Change { old, new });
        }
    }
    for (recording, entry) in entries {
        let new = Some(Row::of(engine, entry));
        changes.insert(recording, Change { old: None, new });
    }
    Ok(changes)
}

/// Stores changes of the index.
async fn store(
    conn: &mut Conn,
    engine: Engine,
    changes: BTreeMap<RecordingId, Change>,
) -> Result<()> {
    let mut numbers = Changes::default();
    let (mut gone, mut rows) = (Vec::new(), Vec::new());
    for (recording, Change { old, new }) in changes {
        if let Some(old) = &old {
            gone.push(old.n);
            if let Some(mask) = old.mask {
                numbers.add(of_facets(engine, &old.terms), mask, -1);
            }
        }
        if let Some(row) = new {
            numbers.add(of_facets(engine, &row.terms), row.mask, 1);
            let second = first_of_second(row.began_at);
            let place = old.filter(|old| first_of_second(old.began_at) == second);
            rows.push((recording, row, place.map(|old| old.n)));
        }
    }
    numbers.store(conn).await?;
    delete(conn, gone).await?;
    let places = places(conn, &rows).await?;
    insert(conn, engine, &rows, &places).await
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

async fn known(conn: &mut Conn, ids: &str) -> Result<Vec<(RecordingId, Known)>> {
    let engine = Engine::of_connection(conn);
    let terms = match engine {
        Engine::Sqlite => "facets",
        Engine::Postgres => "CAST(terms AS TEXT)",
    };
    query(format!(
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
    .await
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

/// A place for each row: its own, or else a free one of the second in which it began.
async fn places(conn: &mut Conn, rows: &[(RecordingId, Row, Option<Place>)]) -> Result<Vec<Place>> {
    let mut places: Vec<Option<Place>> = rows.iter().map(|(_, _, place)| *place).collect();
    let mut taken: HashSet<Place> = places.iter().flatten().copied().collect();
    let mut asked = BTreeSet::new();
    let mut seconds: Vec<Place> = rows
        .iter()
        .map(|(_, row, _)| first_of_second(row.began_at))
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

async fn insert(
    conn: &mut Conn,
    engine: Engine,
    rows: &[(RecordingId, Row, Option<Place>)],
    places: &[Place],
) -> Result<()> {
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
    let rows = || rows.iter().zip(places);
    if let Engine::Sqlite = engine {
        let terms = |row: &Row| format!("{}{}", row.terms, row.letters);
        let terms = rows().map(|((_, row, _), n)| (*n, terms(row)));
        TERMS.execute(conn, terms).await?;
    }
    let values = rows().map(|((recording, row, _), n)| {
        (
            (*n, *recording, row.app, &row.room),
            (row.began_at, row.length, row.size),
            (&row.terms, row.mask, &row.words),
        )
    });
    ROWS.execute(conn, values).await
}
