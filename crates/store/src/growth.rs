//! The sizes of the tables that grow beside recordings and their files.

use reelroom_domain::{
    growth::{Growing, Growth},
    time::Timestamp,
};

use crate::{Conn, Result, query::query, reader};

/// Measures one of these tables; its rows since `since` are recent. Reads the whole table.
pub async fn measure(conn: &mut Conn, what: Growing, since: Timestamp) -> Result<Growth> {
    // Its rows, the time of each, and the texts in them.
    let (rows, at, bytes) = match what {
        Growing::CallBodies => ("inbox WHERE body_deleted_at IS NULL", "received_at", "size"),
        Growing::StatusEvents => (
            "room_status",
            "at",
            "8 + octet_length(app_id) + octet_length(room) + octet_length(what) + octet_length(participant)",
        ),
        Growing::LookupFinds => (
            "lookup_finds",
            "found_at",
            "8 + octet_length(app_id) + octet_length(place)",
        ),
        Growing::Seen => (
            "seen",
            "at",
            "8 + octet_length(user_id) + octet_length(recording_id)",
        ),
        Growing::HistoryDays => (
            "acts",
            "at",
            "24 + octet_length(name) + octet_length(kind) + octet_length(subject) + octet_length(detail)
                 + octet_length(agent) + octet_length(search_key)",
        ),
    };
    let read = reader!(growth.n => Growth { rows: n, bytes, recent });
    query(format!(
        "SELECT COUNT(*) AS n, CAST(COALESCE(SUM({bytes}), 0) AS BIGINT) AS bytes,
             CAST(COALESCE(SUM(CASE WHEN {at} >= $1 THEN {bytes} ELSE 0 END), 0) AS BIGINT) AS recent
         FROM {rows}"
    ))
    .bind(since)
    .one(conn, read)
    .await
}
