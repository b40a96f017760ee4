//! How much of each file was sent to each account lately, which says whether it was watched.

use std::collections::HashMap;

use parking_lot::Mutex;
use reelroom_domain::{
    act::Act,
    ids::{FileId, UserId},
    time::Timestamp,
};

/// The most sums in memory.
const MOST: usize = 10_000;

/// The bytes of a file that were sent to an account.
#[derive(Debug, Default)]
struct Sum {
    bytes: u64,
    last: Timestamp,
}

/// The sums of accounts and files. A pause of [`Act::PAUSE`] ends one.
#[derive(Default)]
pub(crate) struct Sent(Mutex<HashMap<(UserId, FileId), Sum>>);

impl Sent {
    /// Adds bytes of a file that were sent to an account, and returns the sum. Without room for another sum it is the
    /// largest one: the history says too much rather than too little.
    pub fn add(&self, user: UserId, file: FileId, bytes: u64, now: Timestamp) -> u64 {
        let key = (user, file);
        let lasts = |sum: &Sum| now.since(sum.last) <= Act::PAUSE;
        let mut sums = self.0.lock();
        if sums.len() >= MOST && !sums.contains_key(&key) {
            sums.retain(|_, sum| lasts(sum));
            if sums.len() >= MOST {
                return u64::MAX;
            }
        }
        let sum = sums.entry(key).or_default();
        let before = if lasts(sum) { sum.bytes } else { 0 };
        *sum = Sum {
            bytes: before.saturating_add(bytes),
            last: now,
        };
        sum.bytes
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn add(sent: &Sent, file: u128, bytes: u64, millis: i64) -> u64 {
        let (user, file) = (Uuid::from_u128(1).into(), Uuid::from_u128(file).into());
        sent.add(user, file, bytes, Timestamp::from_millis(millis))
    }

    #[test]
    fn bytes_add_up_until_a_pause() {
        let sent = Sent::default();
        assert_eq!(add(&sent, 1, 3, 0), 3);
        assert_eq!(add(&sent, 2, 5, 0), 5);
        assert_eq!(add(&sent, 1, 4, Act::PAUSE), 7);
        assert_eq!(add(&sent, 1, 4, 2 * Act::PAUSE + 1), 4);
    }

    #[test]
    fn memory_is_bounded_and_sums_that_ended_make_room() {
        let sent = Sent::default();
        for file in 0..10_000 {
            assert_eq!(add(&sent, file, 1, 0), 1);
        }
        assert_eq!(add(&sent, 10_000, 1, 1), u64::MAX);
        assert_eq!(add(&sent, 0, 1, 1), 2, "it is known");
        assert_eq!(add(&sent, 10_000, 1, Act::PAUSE + 1), 1);
    }
}
