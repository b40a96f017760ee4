//! A recording, for an account that may do something with it.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::RecordingId,
    recording::Recording,
};
use reelroom_store::{Conn, recordings};

use crate::{Principal, ServiceError};

/// The recording of that id, if `by` may do this with it.
pub(crate) async fn recording_for(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    id: RecordingId,
) -> Result<Recording, ServiceError> {
    let recording = recordings::get(conn, id).await?;
    let recording = recording.ok_or(ServiceError::NotFound)?;
    by.require(verb, Thing::Room(recording.app, &recording.room))?;
    Ok(recording)
}
