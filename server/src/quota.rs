//! Quotas of open connections or streams, in all and per key.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use parking_lot::Mutex;

/// A limit of the slots in use, in all and per key. Clones share the count.
#[derive(Debug, Clone)]
pub(crate) struct Quota<K> {
    total: usize,
    per_key: usize,
    taken: Arc<Mutex<Taken<K>>>,
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

impl<K: Eq + Hash> Quota<K> {
    pub fn new(total: usize, per_key: usize) -> Self {
        let taken = Taken {
            total: 0,
            by_key: HashMap::new(),
        };
        Self {
            total,
            per_key,
            taken: Arc::new(Mutex::new(taken)),
        }
    }

    /// Takes a slot. Without a key, only the total is limited.
    pub fn take(&self, key: Option<K>) -> Option<Slot<K>>
    where
        K: Clone,
    {
        let mut taken = self.taken.lock();
        if taken.total >= self.total {
            return None;
        }
        if let Some(key) = &key {
            if taken.by_key.get(key).copied().unwrap_or_default() >= self.per_key {
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
        let mut taken = self.quota.taken.lock();
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
        assert!(quota.taken.lock().by_key.values().eq(&[1, 1]));
    }
}
