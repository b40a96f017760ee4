//! The filter of a list, and its recordings.

use reelroom_domain::{
    find::{Facet, FacetKey, Shelf},
    ids::{RecordingId, UserId},
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
};

use super::place::Place;
use crate::Scope;

/// The limit of rooms that are searched by their terms. Beyond it, the room of each row is compared.
pub(super) const MOST_ROOMS: usize = 64;

/// The recordings to list.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// The rooms.
    pub scope: Scope<'a>,
    /// Only these rooms.
    pub rooms: Option<&'a [RoomId]>,
    /// Each of these words is in its texts; folded.
    pub words: &'a [String],
    /// It began at the first moment or later, and before the second.
    pub between: (Option<Timestamp>, Option<Timestamp>),
    /// For each key that occurs, it has one of the facets with that key. Rooms, prefixes and *not seen* are not among
    /// them.
    pub facets: &'a [Facet],
    /// This account has not opened it.
    pub unseen_by: Option<UserId>,
    /// Also starts that failed; otherwise they are among the others only where the facets ask for states.
    pub with_tries: bool,
    /// The places of all recordings that it finds, from an earlier search; `None`: they are searched.
    pub found: Option<&'a [Place]>,
}

impl<'a> Filter<'a> {
    /// All recordings of a scope.
    pub fn all(scope: Scope<'a>) -> Self {
        Self {
            scope,
            rooms: None,
            words: &[],
            between: (None, None),
            facets: &[],
            unseen_by: None,
            with_tries: false,
            found: None,
        }
    }

    /// The shelves that its recordings are on.
    pub(super) fn shelves(self) -> Vec<Shelf> {
        let states = || {
            self.facets
                .iter()
                .filter(|facet| facet.key() == FacetKey::State)
        };
        let is_failed = |state: &Facet| *state == Facet::State(RecordingState::Failed);
        let has = |tries: &bool| match states().next() {
            None => !tries || self.with_tries,
            Some(_) => states().any(|state| is_failed(state) == *tries),
        };
        let app = self.scope.app;
        let tries = [false, true].into_iter().filter(has);
        tries.map(|tries| Shelf { app, tries }).collect()
    }
}

/// A recording in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its place.
    pub place: Place,
    /// The recording.
    pub id: RecordingId,
    /// Its start, or else the time of its request.
    pub began_at: Timestamp,
}
