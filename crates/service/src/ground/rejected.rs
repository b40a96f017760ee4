//! Counters of rejected calls.

use std::collections::HashMap;

use parking_lot::Mutex;
use reelroom_domain::{intake::RejectedFrom, time::Timestamp};

/// The most addresses with a counter of their own; the database has the same limit.
const MOST: usize = 100;

/// The counters since the last flush to the database.
#[derive(Default)]
pub(crate) struct Counted(Mutex<HashMap<String, RejectedFrom>>);

impl Counted {
    /// Counts a call from `remote`. At the limit, it replaces the address that called longest ago.
    pub fn record(&self, remote: String, now: Timestamp) {
        let mut counted = self.0.lock();
        if !counted.contains_key(&remote) && counted.len() == MOST {
            let oldest = counted.values().min_by_key(|one| one.last_at);
            if let Some(oldest) = oldest.map(|one| one.remote.clone()) {
                counted.remove(&oldest);
            }
        }
        let one = counted.entry(remote);
        let one = one.or_insert_with_key(|remote| RejectedFrom {
            remote: remote.clone(),
            calls: 0,
            first_at: now,
            last_at: now,
        });
        one.calls += 1;
        one.last_at = now;
    }

    pub fn list(&self) -> Vec<RejectedFrom> {
        self.0.lock().values().cloned().collect()
    }

    pub fn take(&self) -> Vec<RejectedFrom> {
        self.0.lock().drain().map(|(_, one)| one).collect()
    }

    /// Adds counters that could not be flushed.
    pub fn put_back(&self, unflushed: Vec<RejectedFrom>) {
        let mut counted = self.0.lock();
        for one in unflushed {
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
