//! The newest stored calls, in memory: understanding that keeps up does not read them from the database.

use std::collections::VecDeque;

use parking_lot::Mutex;
use reelroom_domain::ids::CallId;
use reelroom_store::calls::Call;

/// The limits of the number of calls and of the bytes of their bodies. Others are read from the database.
const MOST: usize = 4096;
const MOST_BYTES: usize = 4 << 20;

/// Stored calls that wait to be understood, in the order of their numbers; some may be missing.
#[derive(Default)]
pub(crate) struct Fresh(Mutex<Held>);

#[derive(Default)]
struct Held {
    calls: VecDeque<Call>,
    bytes: usize,
}

impl Held {
    fn pop(&mut self) -> Option<Call> {
        let call = self.calls.pop_front()?;
        self.bytes -= call.content.body.len();
        Some(call)
    }
}

impl Fresh {
    /// Adds calls that were just stored, up to the limits.
    pub fn add(&self, calls: impl Iterator<Item = Call>) {
        let mut held = self.0.lock();
        for call in calls {
            let bytes = held.bytes + call.content.body.len();
            if held.calls.len() == MOST || bytes > MOST_BYTES {
                break;
            }
            held.bytes = bytes;
            held.calls.push_back(call);
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.lock().calls.is_empty()
    }

    /// Takes the calls that follow `after` without a gap, at most `limit` of them.
    pub fn take(&self, after: CallId, limit: usize) -> Vec<Call> {
        let mut held = self.0.lock();
        let mut last = after.number();
        let mut taken = Vec::new();
        while let Some(next) = held.calls.front() {
            let next = next.id.number();
            if next > last + 1 || taken.len() == limit {
                break;
            }
            let call = held.pop();
            if next > last {
                taken.extend(call);
                last = next;
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{callback::CallbackKind, time::Timestamp};

    use super::*;
    use crate::testing::new_call;

    fn call(id: i64, size: usize) -> Call {
        Call {
            id: CallId::new(id),
            content: new_call(CallbackKind::Av, Timestamp::default(), &vec![b' '; size]),
        }
    }

    fn take(fresh: &Fresh, after: i64, limit: usize) -> Vec<i64> {
        let taken = fresh.take(CallId::new(after), limit);
        taken.iter().map(|call| call.id.number()).collect()
    }

    #[test]
    fn calls_are_taken_up_to_the_first_missing_one() {
        let fresh = Fresh::default();
        fresh.add([2, 3, 4, 7, 8].into_iter().map(|id| call(id, 1)));
        assert!(take(&fresh, 0, 9).is_empty());
        assert_eq!(take(&fresh, 1, 2), [2, 3]);
        assert_eq!(take(&fresh, 3, 9), [4]);
        assert!(take(&fresh, 4, 9).is_empty());
        // The missing ones were read from the database.
        assert_eq!(take(&fresh, 7, 9), [8]);
        assert_eq!(fresh.0.lock().bytes, 0);
    }

    #[test]
    fn calls_above_the_limit_are_left_out() {
        let fresh = Fresh::default();
        let half = MOST_BYTES / 2;
        fresh.add((1..=3).map(|id| call(id, half)));
        assert_eq!(take(&fresh, 0, 9), [1, 2]);
        let more = i64::try_from(MOST).unwrap() + 1;
        fresh.add((3..3 + more).map(|id| call(id, 0)));
        assert_eq!(take(&fresh, 2, usize::MAX).len(), MOST);
    }
}
