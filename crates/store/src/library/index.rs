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
    engine::{Engine, json, listed},
    fields,
    query::{execute, lock, query},
    row::Columns,
    stale, undescribed,
};

/// The content of a row of the index: facts about a recording.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    began_at: Timestamp,
    room: RoomId,
    length: i64,
    size: u64,
    /// See the column: on SQLite the terms of the facets, on PostgreSQL all.
    terms: String,
    /// `None` for a row that is not in the stored numbers yet.
    mask: Option<Mask>,
    words: String,
}

/// The row that a recording is to have.
#[derive(Debug)]
struct Row {
    app: AppId,
    content: Content,
    /// On SQLite the terms of the letters.
    letters: String,
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
        let content = Content {
            began_at: entry.began_at,
            length: entry.length(),
            size: entry.size(),
            mask: Some(entry.mask()),
            room: entry.room,
            terms,
            words,
        };
        Self {
            app: entry.app,
            content,
            letters,
        }
    }
}

/// The number of marks among which those of a few recordings are looked for: during a flood of calls a recording is marked
/// many times.
const MARKS: u32 = 8 * 1024;

/// Recordings of the queue, with the rows that they are to have. To make these takes long where recordings have many
/// files, so it may be done beside the transaction that writes them.
#[derive(Debug)]
pub struct Batch {
    marks: Vec<stale::Mark>,
    rows: BTreeMap<RecordingId, Row>,
    /// Whether the queue had more.
    pub has_more: bool,
}

impl Batch {
    /// Reads the first recordings of the queue, at most `limit`, with all their marks.
    pub async fn read(conn: &mut Conn, limit: usize) -> Result<Self> {
        let mut marks = stale::next(conn, None, MARKS).await?;
        let mut recordings = BTreeSet::new();
        for (_, recording) in &marks {
            if recordings.len() == limit {
                break;
            }
            recordings.insert(*recording);
        }
        let found = marks.len();
        marks.retain(|(_, recording)| recordings.contains(recording));
        let has_more = marks.len() < found || found == MARKS as usize;
        Self::of(conn, marks, has_more).await
    }

    /// Reads the recordings of the marks that follow another batch, at most `limit`; `None`: of the first ones.
    pub async fn after(conn: &mut Conn, before: Option<&Self>, limit: u32) -> Result<Self> {
        let last = before.and_then(|batch| batch.marks.last());
        let marks = stale::next(conn, last.copied(), limit).await?;
        let has_more = marks.len() == limit as usize;
        Self::of(conn, marks, has_more).await
    }

    async fn of(conn: &mut Conn, marks: Vec<stale::Mark>, has_more: bool) -> Result<Self> {
        let recordings: BTreeSet<RecordingId> =
            marks.iter().map(|(_, recording)| *recording).collect();
        Ok(Self {
            rows: rows(conn, &json(&recordings)?).await?,
            marks,
            has_more,
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
    pub async fn write(&self, conn: &mut Conn) -> Result<()> {
        lock(conn, "SELECT pg_advisory_xact_lock(7366355822)").await?;
        let marks = stale::still(conn, &self.marks).await?;
        let still: HashSet<stale::Mark> = marks.iter().copied().collect();
        let removed = self.marks.iter().filter(|mark| !still.contains(mark));
        let removed: HashSet<RecordingId> = removed.map(|(_, recording)| *recording).collect();
        let recordings: BTreeSet<RecordingId> =
            marks.iter().map(|(_, recording)| *recording).collect();
        let (again, same): (Vec<_>, Vec<_>) = recordings
            .iter()
            .partition(|recording| removed.contains(*recording));
        let again = if again.is_empty() {
            BTreeMap::new()
        } else {
            rows(conn, &json(&again)?).await?
        };
        let same = same
            .into_iter()
            .filter_map(|id| Some((id, self.rows.get(id)?)));
        let rows: BTreeMap<&RecordingId, &Row> = again.iter().chain(same).collect();
        stale::remove(conn, &marks).await?;
        let recordings = json(&recordings)?;
        // A change of a row of the index may change the descriptions of the recording in the storage.
        undescribed::mark(conn, &recordings).await?;
        let known = known(conn, &recordings).await?;
        store(conn, known, rows).await
    }
}

/// The rows that recordings are to have; `ids` is a JSON array. Those that are gone have none.
async fn rows(conn: &mut Conn, ids: &str) -> Result<BTreeMap<RecordingId, Row>> {
    let engine = Engine::of_connection(conn);
    let entries = facts::entries(conn, ids).await?.into_iter();
    let rows = entries.map(|(id, entry)| (id, Row::of(engine, entry)));
    Ok(rows.collect())
}

/// Stores rows in place of known ones. Most changes of a recording leave its row as it is.
async fn store(
    conn: &mut Conn,
    known: BTreeMap<RecordingId, (Place, Content)>,
    mut rows: BTreeMap<&RecordingId, &Row>,
) -> Result<()> {
    let engine = Engine::of_connection(conn);
    let mut numbers = Changes::default();
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    let mut count = |content: &Content, rows: i64| {
        if let Some(mask) = content.mask {
            numbers.add(of_facets(engine, &content.terms), mask, rows);
        }
    };
    for (recording, (place, old)) in known {
        let row = rows.remove(&recording);
        if row.is_some_and(|row| row.content == old) {
            continue;
        }
        gone.push(place);
        count(&old, -1);
        if let Some(row) = row {
            let stays = first_of_second(old.began_at) == first_of_second(row.content.began_at);
            new.push((recording, row, stays.then_some(place)));
        }
    }
    new.extend(rows.into_iter().map(|(id, row)| (*id, row, None)));
    for (_, row, _) in &new {
        count(&row.content, 1);
    }
    numbers.store(conn).await?;
    delete(conn, gone).await?;
    let places = places(conn, &new).await?;
    insert(conn, engine, &new, &places).await
}

/// Merges the segments of the FTS5 table, after many rows were inserted: a search reads each of them.
pub async fn merge_segments(conn: &mut Conn) -> Result<()> {
    match Engine::of_connection(conn) {
        Engine::Sqlite => {
            let insert = "INSERT INTO library_terms (library_terms) VALUES ('optimize')";
            execute(conn, insert, ()).await
        }
        Engine::Postgres => Ok(()),
    }
}

/// The places and the contents of the rows in the index; `ids` is a JSON array.
async fn known(conn: &mut Conn, ids: &str) -> Result<BTreeMap<RecordingId, (Place, Content)>> {
    let engine = Engine::of_connection(conn);
    let terms = match engine {
        Engine::Sqlite => "facets",
        Engine::Postgres => "CAST(terms AS TEXT)",
    };
    let found = query(format!(
        "SELECT n, recording_id, room, began_at, length_ms, size, {terms} AS terms, mask, words FROM library
         WHERE recording_id IN {}",
        listed(conn, "$1")
    ))
    .bind(ids)
    .all(conn, |row| {
        let row = Columns::new(row, "library", "recording_id");
        let content = fields!(row => Content {
            began_at, room, length: length_ms, size, terms, mask, words
        });
        Ok((row.get("recording_id")?, (row.get("n")?, content)))
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
        let delete = format!("DELETE FROM library_terms WHERE rowid IN {these}");
        execute(conn, delete, places.clone()).await?;
    }
    let delete = format!("DELETE FROM library WHERE n IN {these}");
    execute(conn, delete, places).await
}

/// A place for each row: its own, or else a free one of the second in which it began.
async fn places(
    conn: &mut Conn,
    rows: &[(RecordingId, &Row, Option<Place>)],
) -> Result<Vec<Place>> {
    let mut places: Vec<Option<Place>> = rows.iter().map(|(_, _, place)| *place).collect();
    let mut taken: HashSet<Place> = places.iter().flatten().copied().collect();
    let mut asked = BTreeSet::new();
    let mut seconds: Vec<Place> = rows
        .iter()
        .map(|(_, row, _)| first_of_second(row.content.began_at))
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
    rows: &[(RecordingId, &Row, Option<Place>)],
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
        let terms = |row: &Row| format!("{}{}", row.content.terms, row.letters);
        let terms = rows().map(|((_, row, _), n)| (*n, terms(row)));
        TERMS.execute(conn, terms).await?;
    }
    let values = rows().map(|((recording, Row { app, content, .. }, _), n)| {
        (
            (*n, *recording, *app, &content.room),
            (content.began_at, content.length, content.size),
            (&content.terms, content.mask, &content.words),
        )
    });
    ROWS.execute(conn, values).await
}
