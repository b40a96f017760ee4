//! A recording, for an account that may do something with it.

use std::collections::BTreeSet;

use reelroom_domain::{
    access::{Thing, Verb},
    ids::RecordingId,
    keep::Keep,
    outcome::ItemOutcome,
    recording::Recording,
    user::Role,
};
use reelroom_store::{
    Conn, cases,
    recordings::{self, Summary, keep},
};

use crate::{Found, Principal, ServiceError};

/// The outcome for a recording with which an account may not do something, by the error.
pub(crate) fn outcome_of(rejected: &ServiceError) -> ItemOutcome {
    match rejected {
        ServiceError::Forbidden => ItemOutcome::Refused,
        // Hidden.
        _ => ItemOutcome::Gone,
    }
}

/// The recording of that id, if `by` may do this with it.
pub(crate) async fn recording_for(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    id: RecordingId,
) -> Result<Recording, ServiceError> {
    let recording = recordings::get(conn, id).await?.found()?;
    require(conn, by, verb, &recording).await?;
    Ok(recording)
}

/// Rejects what `by` may not do with a recording.
///
/// One that is deleted is in the trash, or deleted for good, for those who may delete it, and not there for the others.
/// An open case that holds it shows it to those whom the case names; to the others a role alone gives no pictures of it.
pub(crate) async fn require(
    conn: &mut Conn,
    by: &Principal,
    verb: Verb,
    recording: &Recording,
) -> Result<(), ServiceError> {
    let thing = Thing::Room(recording.app, &recording.room);
    match keep::of(conn, recording.id).await?.found()? {
        Keep::Kept => {}
        _ if !by.may(Verb::Delete, thing) => return Err(ServiceError::NotFound),
        Keep::Trashed { .. } => return Err(ServiceError::InTrash),
        Keep::Purging | Keep::Purged { .. } => return Err(ServiceError::Purged),
    }
    let decided = by.require(verb, thing);
    let is_watched = matches!(verb, Verb::Watch | Verb::Download);
    let is_looked_at = matches!(verb, Verb::See | Verb::Watch) && decided.is_err();
    let is_watched_by_role = is_watched && is_by_role(by, recording);
    if !(is_looked_at || is_watched_by_role) {
        return decided;
    }
    let cases = cases::holding(conn, &[recording.id], by.user).await?;
    let is_named = cases.iter().any(|(_, is_named)| *is_named);
    if is_looked_at && is_named {
        return Ok(());
    }
    if is_watched_by_role && !cases.is_empty() && !is_named {
        return Err(ServiceError::Forbidden);
    }
    decided
}

/// Those of the recordings whose pictures open cases keep from `by`, who has a role alone (see [`require`]).
pub(crate) async fn kept_from(
    conn: &mut Conn,
    by: &Principal,
    found: &[Summary],
) -> Result<BTreeSet<RecordingId>, ServiceError> {
    let by_role = found.iter().map(|one| &one.recording);
    let by_role = by_role.filter(|recording| is_by_role(by, recording));
    let ids: Vec<RecordingId> = by_role.map(|recording| recording.id).collect();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let cases = cases::holding(conn, &ids, by.user).await?;
    let (named, others): (Vec<_>, Vec<_>) = cases.into_iter().partition(|(_, is_named)| *is_named);
    let named: BTreeSet<RecordingId> = named.into_iter().map(|(id, _)| id).collect();
    let others = others.into_iter().map(|(id, _)| id);
    Ok(others.filter(|id| !named.contains(id)).collect())
}

/// Whether the role alone, without a grant, gives the account the pictures of a recording.
fn is_by_role(by: &Principal, recording: &Recording) -> bool {
    let mut grants = by.access.grants.iter();
    by.role() == Role::Admin && !grants.any(|grant| grant.covers(recording.app, &recording.room))
}
