//! Counters of rejected calls.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reelroom_domain::time::Timestamp;
use reelroom_store::turned_away::TurnedAway;

/// So many addresses are counted apart between two visits to the database; the database itself
/// remembers as many.
const MOST: usize = 100;

/// What was counted since the database was told.
#[derive(Default)]
pub(crate) struct Counted(Mutex<HashMap<String, TurnedAway>>);

impl Counted {
    /// One more, from there.
    pub fn note(&self, remote: String, now: Timestamp) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !counted.contains_key(&remote) && counted.len() == MOST {
            let oldest = counted.values().min_by_key(|one| one.last_at);
            if let Some(oldest) = oldest.map(|one| one.remote.clone()) {
                counted.remove(&oldest);
            }
        }
        let one = counted
            .entry(remote)
            .or_insert_with_key(|remote| TurnedAway {
                remote: remote.clone(),
                calls: 0,
                first_at: now,
                last_at: now,
            });
        one.calls += 1;
        one.last_at = now;
    }

    pub fn list(&self) -> Vec<TurnedAway> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.values().cloned().collect()
    }

    pub fn take(&self) -> Vec<TurnedAway> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.drain().map(|(_, one)| one).collect()
    }

    /// The database did not take them.
    pub fn put_back(&self, news: Vec<TurnedAway>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in news {
            match counted.get_mut(&one.remote) {
                Some(known) => {
                    known.calls += one.calls;
                    known.first_at = known.first_at.min(one.first_at);
                }
                None => {
                    counted.insert(one.remote.clone(), one);
                }
            }
        }
    }
}
