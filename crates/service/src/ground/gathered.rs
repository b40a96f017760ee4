//! Facts for the history of access, which are gathered in memory until a job writes them.

use std::{collections::HashMap, net::IpAddr};

use parking_lot::Mutex;
use reelroom_domain::{
    ids::{FileId, RecordingId, UserId},
    time::Timestamp,
};

/// The most facts in memory.
const MOST: usize = 10_000;
/// The most of them about wrong sign-ins, which need no account: they become rows that are kept for years.
const OF_STRANGERS: usize = 200;

/// The kind of a fact, and its subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Fact {
    /// A file was played.
    Played(FileId),
    /// A file was downloaded.
    Downloaded(FileId),
    /// A ZIP archive was downloaded, with this number of files of a recording.
    Archive(RecordingId, u32),
    /// A name or password was wrong.
    WrongSignIn,
    /// A code of a second factor was wrong.
    WrongCode,
    /// A sign-in was refused unverified, after too many wrong ones.
    Throttled,
}

/// A fact, with its account and address. Repetitions have the same key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub fact: Fact,
    /// The account that is signed in.
    pub user: Option<UserId>,
    /// The name of the account; empty if no account has the name that was typed.
    pub name: String,
    pub address: Option<IpAddr>,
}

/// The time and number of repetitions of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Times {
    pub first: Timestamp,
    pub last: Timestamp,
    pub number: u64,
    /// The browser's description of itself.
    pub agent: String,
}

/// The facts since they were last written.
#[derive(Default)]
pub(crate) struct Gathered(Mutex<HashMap<Key, Times>>);

impl Gathered {
    /// Adds a fact. At the limit a wrong sign-in is counted without its name and address, and any other fact is
    /// lost (`false`).
    pub fn add(&self, mut key: Key, agent: &str, now: Timestamp) -> bool {
        let mut all = self.0.lock();
        if !all.contains_key(&key) {
            let is_full = all.len() >= MOST;
            let strangers = all.keys().filter(|known| known.user.is_none());
            if key.user.is_none() {
                if is_full || strangers.count() >= OF_STRANGERS {
                    key.name.clear();
                    key.address = None;
                }
            } else if is_full {
                return false;
            }
        }
        let times = all.entry(key).or_insert_with(|| Times {
            first: now,
            last: now,
            number: 0,
            agent: agent.to_owned(),
        });
        times.last = now;
        times.number += 1;
        true
    }

    /// Takes all facts.
    pub fn take(&self) -> Vec<(Key, Times)> {
        self.0.lock().drain().collect()
    }

    /// Adds facts that could not be written.
    pub fn put_back(&self, unwritten: impl IntoIterator<Item = (Key, Times)>) {
        let mut all = self.0.lock();
        for (key, before) in unwritten {
            if let Some(times) = all.get_mut(&key) {
                times.first = times.first.min(before.first);
                times.number += before.number;
            } else if all.len() < MOST {
                all.insert(key, before);
            } else {
                tracing::error!(?key, "lost for the history of access");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use uuid::Uuid;

    use super::*;

    fn wrong(number: u32) -> Key {
        Key {
            fact: Fact::WrongSignIn,
            user: None,
            name: "ada".to_owned(),
            address: Some(Ipv4Addr::from(number).into()),
        }
    }

    fn played(number: u128) -> Key {
        Key {
            fact: Fact::Played(Uuid::from_u128(number).into()),
            user: Some(Uuid::from_u128(1).into()),
            ..wrong(1)
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn repetitions_are_counted() {
        let gathered = Gathered::default();
        for millis in [1, 5, 9] {
            assert!(gathered.add(played(1), "Firefox", at(millis)));
        }
        let taken = gathered.take();
        let times = Times {
            first: at(1),
            last: at(9),
            number: 3,
            agent: "Firefox".to_owned(),
        };
        assert_eq!(taken, [(played(1), times)]);
        assert!(gathered.add(played(1), "", at(20)));
        gathered.put_back(taken);
        let taken = gathered.take();
        let times = &taken[0].1;
        assert_eq!((times.first, times.last, times.number), (at(1), at(20), 4));
        assert_eq!(gathered.take(), []);
    }

    #[test]
    fn memory_is_bounded_and_strangers_displace_nobody() {
        let gathered = Gathered::default();
        for number in 0..20_000 {
            assert!(gathered.add(wrong(number), "", at(1)));
        }
        assert_eq!(gathered.0.lock().len(), OF_STRANGERS + 1);
        let nameless = Key {
            name: String::new(),
            address: None,
            ..wrong(0)
        };
        assert_eq!(gathered.0.lock()[&nameless].number, 19_800);
        let kept = (0..20_000).filter(|n| gathered.add(played(*n), "", at(1)));
        assert_eq!(kept.count(), MOST - OF_STRANGERS - 1);
        assert!(gathered.add(played(0), "", at(2)), "it is known");
    }
}
