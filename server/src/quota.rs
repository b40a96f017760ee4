//! Quotas of open connections or streams, in all and per key.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use parking_lot::Mutex;

/// A limit of the slots in use, in all and per key. Clones share the count.
#[derive(Debug)]
pub(crate) struct Quota<K: Eq + Hash>(Arc<Inner<K>>);

#[derive(Debug)]
struct Inner<K> {
    total: usize,
    per_key: usize,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    total: usize,
    by_key: HashMap<K, usize>,
}

/// A slot of a quota; free again when dropped.
#[derive(Debug)]
pub(crate) struct Slot<K: Eq + Hash> {
    quota: Quota<K>,
    key: Option<K>,
}

impl<K: Eq + Hash> Clone for Quota<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash> Quota<K> {
    pub fn new(total: usize, per_key: usize) -> Self {
        let taken = Mutex::new(Taken {
            total: 0,
            by_key: HashMap::new(),
        });
        Self(Arc::new(Inner {
            total,
            per_key,
            taken,
        }))
    }

    /// Takes a slot. Without a key, only the total is limited.
    pub fn take(&self, key: Option<K>) -> Option<Slot<K>>
    where
        K: Clone,
    {
        let mut taken = self.0.taken.lock();
        if taken.total >= self.0.total {
            return None;
        }
        if let Some(key) = &key {
            if taken.by_key.get(key).copied().unwrap_or_default() >= self.0.per_key {
                return None;
            }
            *taken.by_key.entry(key.clone()).or_default() += 1;
        }
        taken.total += 1;
        Some(Slot {
            quota: self.clone(),
            key,
        })
    }
}

impl<K: Eq + Hash> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut taken = self.quota.0.taken.lock();
        taken.total -= 1;
        let Some(key) = &self.key else { return };
        if let Some(count) = taken.by_key.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                taken.by_key.remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_limited_for_each_key_and_in_total() {
        let quota = Quota::new(4, 2);
        let first = quota.take(Some("a")).unwrap();
        let _second = quota.take(Some("a")).unwrap();
        assert!(quota.take(Some("a")).is_none());
        let _third = quota.take(Some("b")).unwrap();
        let fourth = quota.take(None).unwrap();
        assert!(quota.take(None).is_none());
        assert!(quota.take(Some("b")).is_none());
        drop(fourth);
        assert!(quota.take(Some("a")).is_none());
        drop(first);
        assert!(quota.take(Some("a")).is_some());
        // A refusal takes no slot.
        assert!(quota.0.taken.lock().by_key.values().eq(&[1, 1]));
    }
}
