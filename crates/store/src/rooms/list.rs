//! The list of rooms, read from an index over columns of the room (see `facts`).

use reelroom_domain::{
    ids::AppId,
    place::RoomPlace,
    recording::RecordingState,
    room::RoomId,
    search::SearchText,
    view::{Presence, RoomFilter, RoomLabel, RoomRow},
    watch::AlertView,
};
use sqlx::any::AnyRow;

use super::label::label_of;
use crate::{
    Conn, Result, Scope,
    engine::{Engine, containing, json},
    query::query,
    row::Columns,
};

/// The rooms to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Of this filter.
    pub filter: RoomFilter,
    /// Only those that this finds.
    pub search: Option<Search<'a>>,
}

/// A search for rooms.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Finds those whose id or title contains this, in whatever case.
    pub text: &'a SearchText,
    /// Finds these as well.
    pub also: &'a [RoomId],
}

/// The condition of a filter. All, live, attention and hidden are ranges of `rooms_in_order`.
const fn condition(filter: RoomFilter) -> &'static str {
    match filter {
        RoomFilter::All => "is_hidden = 0",
        RoomFilter::Live => "is_hidden = 0 AND meeting_id IS NOT NULL",
        RoomFilter::Recording => "is_recording = 1",
        RoomFilter::Attention => "is_hidden = 0 AND rank < 8",
        RoomFilter::Hidden => "is_hidden = 1",
    }
}

/// The condition of a search, left out where there is none: [its values](values) are `$2` and `$3`.
fn found(engine: Engine) -> String {
    format!(
        " AND (room_key LIKE $2 ESCAPE '\\' OR title_key LIKE $2 ESCAPE '\\'
             OR room IN (SELECT value FROM {}))",
        engine.texts("$3")
    )
}

/// The values of a search: the pattern of its text, and the other rooms as JSON.
fn values(search: Option<Search<'_>>) -> Result<(Option<String>, Option<String>)> {
    let also = search.map(|search| json(&search.also)).transpose()?;
    Ok((containing(search.map(|search| search.text)), also))
}

/// Rooms of a scope after a place, at most `limit`: those that need attention, starred ones, those
/// recorded now, live ones, then by their last recording, then by id.
pub async fn list(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    wanted: Wanted<'_>,
    after: Option<&RoomPlace>,
    limit: u32,
) -> Result<Vec<RoomRow>> {
    let scope = scope.into();
    // Without a bound: before any place.
    let (rank, recency, key, room) = after.map_or((-1, 0, "", ""), |place| {
        let (key, room) = (place.key(), place.room().as_str());
        (place.rank(), place.recency(), key, room)
    });
    let searched = wanted.search.map(|_| Engine::of_connection(conn));
    let within = scope.condition(conn, "room", "$9");
    query(list_sql(wanted.filter, searched, &within))
        .bind((scope.app, values(wanted.search)?))
        .bind((limit, rank, recency, key, room, scope.value()?))
        .all(conn, read)
        .await
}

/// The statement of [`list`]: the app is `$1`, the search `$2` and `$3`, the limit `$4`, the place `$5` to
/// `$8`, and `within` limits the rooms to those of `$9`.
pub(crate) fn list_sql(filter: RoomFilter, searched: Option<Engine>, within: &str) -> String {
    let found = searched.map(found).unwrap_or_default();
    format!(
        "SELECT o.room, o.title, o.starred, o.hidden, o.rank, o.recency, o.last_recorded_at,
             m.began_at AS live_since, w.kind AS alert_kind, w.since AS alert_since,
             w.recording_id AS alert_recording, c.state,
             COALESCE(CASE WHEN c.state = 'recording' THEN c.started_at END, c.state_since) AS state_since, (
                 SELECT COUNT(*) FROM participants p
                 WHERE p.meeting_id = o.meeting_id AND p.left_at IS NULL) AS people
         FROM (
             SELECT app_id, room, room_key, title, starred, hidden, rank, recency, last_recorded_at,
                 meeting_id, recording_id
             FROM rooms WHERE app_id = $1 AND {}
                 AND (rank, recency, room_key, room) > ($5, $6, $7, $8){within}{found}
             ORDER BY rank, recency, room_key, room LIMIT $4) AS o
         LEFT JOIN meetings m ON m.id = o.meeting_id
         LEFT JOIN recordings c ON c.id = o.recording_id
         LEFT JOIN alerts w ON w.app_id = o.app_id AND w.room = o.room AND w.kind = (
             SELECT k.kind FROM alerts k WHERE k.app_id = o.app_id AND k.room = o.room
                 AND k.dismissed_at IS NULL ORDER BY k.since, k.kind LIMIT 1)
         ORDER BY o.rank, o.recency, o.room_key, o.room",
        condition(filter)
    )
}

fn read(row: &AnyRow) -> Result<RoomRow> {
    let row = Columns::new(row, "rooms", "room");
    let presence = match row.get("live_since")? {
        Some(since) => Presence::Live {
            people: row.get("people")?,
            since,
        },
        None => Presence::Empty,
    };
    let state: Option<RecordingState> = row.get("state")?;
    let state = state.filter(|state| *state != RecordingState::Ready);
    let alert = match row.get("alert_kind")? {
        Some(kind) => Some(AlertView {
            kind,
            since: row.get("alert_since")?,
            recording: row.get("alert_recording")?,
        }),
        None => None,
    };
    let room: RoomId = row.get("room")?;
    Ok(RoomRow {
        label: label_of(&row)?,
        presence,
        current: state.zip(row.get("state_since")?),
        last_recorded_at: row.get("last_recorded_at")?,
        alert,
        place: RoomPlace::new(row.get("rank")?, row.get("recency")?, room.clone()),
        room,
    })
}

/// How many rooms [`list`] finds for each filter, without a limit: all, live, recording, needs
/// attention, hidden.
pub async fn counts(
    conn: &mut Conn,
    scope: impl Into<Scope<'_>>,
    search: Option<Search<'_>>,
) -> Result<[u32; 5]> {
    let scope = scope.into();
    let found = search.map(|_| found(Engine::of_connection(conn)));
    let within = scope.condition(conn, "room", "$4");
    query(counts_sql(&(within + &found.unwrap_or_default())))
        .bind((scope.app, values(search)?, scope.value()?))
        .one(conn, |row| {
            let row = Columns::new(row, "rooms", "room");
            Ok([
                row.get("everything")?,
                row.get("live")?,
                row.get("recorded")?,
                row.get("attention")?,
                row.get("hidden_ones")?,
            ])
        })
        .await
}

/// The statement of [`counts`]. Without `conditions` each number is counted in an index; with some, a
/// single pass over the rooms is cheaper than five.
pub(crate) fn counts_sql(conditions: &str) -> String {
    let named = [
        ("everything", RoomFilter::All),
        ("live", RoomFilter::Live),
        ("recorded", RoomFilter::Recording),
        ("attention", RoomFilter::Attention),
        ("hidden_ones", RoomFilter::Hidden),
    ];
    let columns = named.map(|(name, filter)| {
        let condition = condition(filter);
        if conditions.is_empty() {
            format!("(SELECT COUNT(*) FROM rooms WHERE app_id = $1 AND {condition}) AS {name}")
        } else {
            format!("COUNT(CASE WHEN {condition} THEN 1 END) AS {name}")
        }
    });
    let from = if conditions.is_empty() {
        String::new()
    } else {
        format!(" FROM rooms WHERE app_id = $1{conditions}")
    };
    format!("SELECT {}{from}", columns.join(", "))
}

/// The rooms of an app whose id or title has other characters than ASCII, with their labels.
pub async fn not_ascii(conn: &mut Conn, app: AppId) -> Result<Vec<(RoomId, RoomLabel)>> {
    query(
        "SELECT room, title, starred, hidden FROM rooms
         WHERE app_id = $1 AND (octet_length(room) > length(room) OR octet_length(title) > length(title))",
    )
    .bind(app)
    .all(conn, |row| {
        let row = Columns::new(row, "rooms", "room");
        Ok((row.get("room")?, label_of(&row)?))
    })
    .await
}
