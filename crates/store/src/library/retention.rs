//! What retention rules decide about, of every recording in the index: one by one, or summed up.

use std::collections::BTreeSet;

use reelroom_domain::{
    about::Tag,
    ids::RecordingId,
    retention::{Facts, Rule, Sizes, Stock},
    time::Timestamp,
};

use super::place::{A_SECOND, Place, first_of_second};
use crate::{
    Conn, Result, fields,
    query::{Query, query},
    reader,
    row::Columns,
    value::{length_in_sum, size_in_sum},
};

/// A minute, in places. That many recordings in a second would take the places of the next minute.
const A_MINUTE: Place = 60 * A_SECOND;

/// The facts about recordings that rules need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The keys of the tags that they name.
    tags: Vec<String>,
    /// Whether one deletes only some kinds of files. Otherwise all bytes of a recording count as its composite's.
    by_kind: bool,
}

impl Wanted {
    /// The facts that these rules need.
    pub fn of<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> Self {
        let (mut tags, mut by_kind) = (BTreeSet::new(), false);
        for rule in rules {
            tags.extend(rule.text.tags.as_slice().iter().map(Tag::key));
            by_kind |= !rule.text.kinds.is_all();
        }
        Self {
            tags: tags.into_iter().collect(),
            by_kind,
        }
    }

    /// The columns of [`Facts`], of `library l` and `recordings r`. The tags are the placeholders after `bound`, and
    /// in the column `tagged` each is a bit.
    fn columns(&self, bound: usize) -> String {
        let bits = (0..self.tags.len()).map(|place| {
            let (bit, placeholder) = (1_u64 << place, bound + place + 1);
            format!(
                "CASE WHEN EXISTS (SELECT 1 FROM tags t
                     WHERE t.recording_id = l.recording_id AND t.tag_key = ${placeholder}) THEN {bit} ELSE 0 END"
            )
        });
        let bits: Vec<String> = bits.chain(["0".to_owned()]).collect();
        let tagged = bits.join(" + ");
        let (size, length) = (size_in_sum("l.size"), length_in_sum("l.length_ms"));
        let announced = size_in_sum("f.size");
        let [composite, tracks, frames] = ["composite", "track", "frame"].map(|kind| {
            format!(
                "(SELECT CAST(COALESCE(SUM(COALESCE(f.stored_size, {announced}, 0)), 0) AS BIGINT) FROM files f
                     WHERE f.recording_id = l.recording_id AND f.kind = '{kind}' AND f.state <> 'purged')"
            )
        });
        let sizes = if self.by_kind {
            format!("{composite} AS composite, {tracks} AS tracks, {frames} AS frames")
        } else {
            format!("COALESCE({size}, 0) AS composite, 0 AS tracks, 0 AS frames")
        };
        format!(
            "l.app_id, l.room, l.began_at, l.began_at + COALESCE({length}, 0) AS ended_at, r.state,
             CAST({tagged} AS BIGINT) AS tagged, {sizes},
             CASE WHEN EXISTS (SELECT 1 FROM holds h
                 WHERE h.recording_id = l.recording_id AND h.released_at IS NULL) THEN 1 ELSE 0 END AS is_held"
        )
    }

    pub(crate) fn oldest_sql(&self) -> String {
        format!(
            "SELECT l.n, l.recording_id, {} FROM library l JOIN recordings r ON r.id = l.recording_id
             WHERE r.keep = 'kept' AND l.n > $1 AND l.n < $2 ORDER BY l.n LIMIT $3",
            self.columns(3)
        )
    }

    /// Binds the tags.
    fn bind(&self, statement: Query) -> Query {
        let tags = self.tags.iter();
        tags.fold(statement, Query::bind)
    }

    fn read(&self, row: &Columns<'_>) -> Result<Facts> {
        let tagged: u64 = row.get("tagged")?;
        let tags = self.tags.iter().enumerate();
        let tags = tags.filter(|(place, _)| tagged & (1_u64 << place) != 0);
        let (tracks, frames) = (row.get("tracks")?, row.get("frames")?);
        Ok(fields!(row => Facts {
            app: app_id, room, state, began_at, ended_at, is_held,
            tags = tags.map(|(_, tag)| tag.clone()).collect(),
            sizes = Sizes::new(row.get("composite")?, tracks, frames)
        }))
    }
}

/// At most `limit` recordings after a place that began up to a moment, the oldest first. A few may be later.
pub async fn oldest(
    conn: &mut Conn,
    wanted: &Wanted,
    after: Option<Place>,
    up_to: Timestamp,
    limit: u32,
) -> Result<Vec<(Place, RecordingId, Facts)>> {
    let statement = query(wanted.oldest_sql());
    let until = first_of_second(up_to) + A_MINUTE;
    let statement = statement.bind((after.unwrap_or(i64::MIN), until, limit));
    wanted
        .bind(statement)
        .all(conn, |row| {
            let row = Columns::new(row, "library", "recording_id");
            let facts = wanted.read(&row)?;
            Ok((row.get("n")?, row.get("recording_id")?, facts))
        })
        .await
}

/// All recordings, those together that are alike to every rule and ended on the same day in UTC. One statement, whose
/// rows are far fewer than the recordings.
pub async fn stock(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Stock>> {
    let read = reader!(row of library.room => Stock { recordings, facts = wanted.read(&row)? });
    let statement = query(format!(
        "SELECT s.app_id, s.room, s.state, s.tagged, s.is_held, COUNT(*) AS recordings,
             MAX(s.began_at) AS began_at, MAX(s.ended_at) AS ended_at,
             CAST(SUM(s.composite) AS BIGINT) AS composite, CAST(SUM(s.tracks) AS BIGINT) AS tracks,
             CAST(SUM(s.frames) AS BIGINT) AS frames
         FROM (SELECT {} FROM library l JOIN recordings r ON r.id = l.recording_id WHERE r.keep = 'kept') s
         GROUP BY s.app_id, s.room, s.state, s.tagged, s.is_held, s.ended_at / 86400000",
        wanted.columns(0)
    ));
    wanted.bind(statement).all(conn, read).await
}
