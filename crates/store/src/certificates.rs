//! Certificates of deletion. Rows are only ever added.

use reelroom_domain::{certificate::StoredCertificate, ids::RecordingId};
use sqlx::any::AnyRow;

use crate::{
    Conn, Result, Scope, fields,
    query::{lock, query},
    row::Columns,
    select::Select,
};

const COLUMNS: &str = "c.number, c.recording_id, c.body, c.sha256";

fn read(row: &AnyRow) -> Result<StoredCertificate> {
    let row = Columns::new(row, "certificates", "number");
    Ok(fields!(row => StoredCertificate {
        recording: recording_id, json: body, sha256,
        certificate = row.json("body")?
    }))
}

static CERTIFICATES: Select<StoredCertificate> = Select::new(COLUMNS, "certificates c", read);

/// The number of certificates whose numbers begin with `prefix`, such as `C-2026-`. Nobody else adds one until the end
/// of the transaction.
pub async fn count(conn: &mut Conn, prefix: &str) -> Result<u32> {
    lock(conn, "LOCK TABLE certificates IN EXCLUSIVE MODE").await?;
    query("SELECT COUNT(*) AS n FROM certificates WHERE substr(number, 1, length($1)) = $1")
        .bind(prefix)
        .count(conn)
        .await
}

/// Adds a certificate.
pub async fn insert(conn: &mut Conn, stored: &StoredCertificate) -> Result<()> {
    let certificate = &stored.certificate;
    query(
        "INSERT INTO certificates (number, recording_id, at, body, sha256)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind((&certificate.number, stored.recording, certificate.at))
    .bind((&stored.json, &stored.sha256))
    .execute(conn)
    .await
}

/// The certificate of that number.
pub async fn get(conn: &mut Conn, number: &str) -> Result<Option<StoredCertificate>> {
    CERTIFICATES
        .first(conn, "WHERE c.number = $1", number)
        .await
}

/// The number of the newest certificate of a recording.
pub async fn of_recording(conn: &mut Conn, id: RecordingId) -> Result<Option<String>> {
    query(
        "SELECT number FROM certificates WHERE recording_id = $1 ORDER BY at DESC, number DESC LIMIT 1",
    )
    .bind(id)
    .first(conn, Columns::value("certificates", "number"))
    .await
}

/// All certificates of a recording.
pub async fn all_of(conn: &mut Conn, id: RecordingId) -> Result<Vec<StoredCertificate>> {
    let of_recording = "WHERE c.recording_id = $1 ORDER BY c.number";
    CERTIFICATES.all(conn, of_recording, id).await
}

/// The newest certificates of recordings of a scope, or of all; at most `limit`.
pub async fn newest(
    conn: &mut Conn,
    scope: Option<Scope<'_>>,
    limit: u32,
) -> Result<Vec<StoredCertificate>> {
    let within = scope.map(|scope| {
        let rooms = scope.condition(conn, "r.room", "$3");
        format!("JOIN recordings r ON r.id = c.recording_id WHERE r.app_id = $2{rooms}")
    });
    let only = scope.map_or(Ok(None), Scope::value)?;
    let end = within.unwrap_or_default() + " ORDER BY c.at DESC, c.number DESC LIMIT $1";
    let values = (limit, scope.map(|scope| scope.app), only);
    CERTIFICATES.all(conn, &end, values).await
}
