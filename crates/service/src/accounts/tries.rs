//! How often a name was tried with a wrong password.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reelroom_domain::time::Timestamp;

const MOST: u32 = 8;
const FOR_MILLIS: i64 = 5 * 60_000;
/// More names than this are not remembered: the oldest go, so that nobody fills the memory.
const NAMES: usize = 10_000;

/// Wrong tries by name; in memory, so that a restart forgives.
#[derive(Default)]
pub(crate) struct Tries(Mutex<HashMap<String, (u32, Timestamp)>>);

impl Tries {
    /// Whether `name` has been tried too often to be tried again at `now`.
    pub fn too_many(&self, name: &str, now: Timestamp) -> bool {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries
            .get(name)
            .is_some_and(|(count, last)| *count >= MOST && now.since(*last) < FOR_MILLIS)
    }

    /// Counts a wrong try.
    pub fn wrong(&self, name: &str, now: Timestamp) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= NAMES {
            tries.retain(|_, (_, last)| now.since(*last) < FOR_MILLIS);
            if tries.len() >= NAMES {
                tries.clear();
            }
        }
        let entry = tries.entry(name.to_owned()).or_insert((0, now));
        let forgiven = now.since(entry.1) >= FOR_MILLIS;
        *entry = (if forgiven { 1 } else { entry.0 + 1 }, now);
    }

    /// Forgives: the right password came.
    pub fn right(&self, name: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_wrong_tries_close_a_name_for_five_minutes() {
        let (tries, at) = (Tries::default(), Timestamp::from_millis);
        for _ in 0..MOST {
            assert!(!tries.too_many("a", at(0)));
            tries.wrong("a", at(0));
        }
        assert!(tries.too_many("a", at(FOR_MILLIS - 1)));
        assert!(!tries.too_many("b", at(0)));
        assert!(!tries.too_many("a", at(FOR_MILLIS)));
        tries.wrong("a", at(FOR_MILLIS));
        assert!(!tries.too_many("a", at(FOR_MILLIS)));
    }
}
