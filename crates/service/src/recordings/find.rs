//! A recording, for an account that may do something with it.

use std::collections::BTreeMap;

use reelroom_domain::{
    access::{Thing, Verb},
    ids::RecordingId,
    keep::Keep,
    outcome::ItemOutcome,
    recording::Recording,
};
use reelroom_store::{
    Conn, cases,
    recordings::{self, keep},
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
    let effects = case_effects(conn, by, &[recording]).await?;
    let effect = effects.get(&recording.id).copied();
    require_with(by, verb, recording, effect)
}

/// The effect of the open cases that hold a recording on an account without a grant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CaseEffect {
    /// One names the account, which may watch the recording.
    Shows,
    /// None does: a role alone gives no pictures of it.
    Withholds,
}

/// The effects of open cases on what `by` may do with these recordings.
pub(crate) async fn case_effects(
    conn: &mut Conn,
    by: &Principal,
    recordings: &[&Recording],
) -> Result<BTreeMap<RecordingId, CaseEffect>, ServiceError> {
    let is_granted = |one: &Recording| {
        let mut grants = by.access.grants.iter();
        grants.any(|grant| grant.covers(one.app, &one.room))
    };
    let others = recordings.iter().filter(|one| !is_granted(one));
    let ids: Vec<RecordingId> = others.map(|one| one.id).collect();
    let mut effects = BTreeMap::new();
    if ids.is_empty() {
        return Ok(effects);
    }
    for (id, is_named) in cases::holding(conn, &ids, by.user).await? {
        if is_named {
            effects.insert(id, CaseEffect::Shows);
        } else {
            effects.entry(id).or_insert(CaseEffect::Withholds);
        }
    }
    Ok(effects)
}

/// Rejects what `by` may not do with a recording that is not deleted.
pub(crate) fn require_with(
    by: &Principal,
    verb: Verb,
    recording: &Recording,
    effect: Option<CaseEffect>,
) -> Result<(), ServiceError> {
    let decided = by.require(verb, Thing::Room(recording.app, &recording.room));
    match (effect, verb) {
        (Some(CaseEffect::Shows), Verb::See | Verb::Watch) => Ok(()),
        (Some(CaseEffect::Withholds), Verb::Watch | Verb::Download) => {
            decided.and(Err(ServiceError::Forbidden))
        }
        _ => decided,
    }
}
