//! Calls that are durable and wait to be understood, handed over without reading them again.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use reelroom_store::callbacks::{Callback, RawCallback};

/// More than this many calls, or bytes of bodies, wait in the database only.
const MOST_CALLS: usize = 4096;
const MOST_BYTES: usize = 16 << 20;
/// So long after calls came more of them are likely.
const BUSY: Duration = Duration::from_millis(20);
/// How long other work gives way to calls at a time.
const COURTESY: Duration = Duration::from_millis(50);

/// What waits. All of it waits in the database too: what is lost here is found there.
pub(crate) struct Backlog(Mutex<Waiting>);

struct Waiting {
    calls: VecDeque<Callback>,
    bytes: usize,
    /// Some wait in the database only, and came after all that wait here.
    beyond: bool,
    /// When the last came.
    last: Option<Instant>,
}

/// What to understand next.
pub(crate) enum Next {
    /// These.
    Calls(Vec<Callback>),
    /// Whatever the database says that waits.
    InDatabase,
}

impl Default for Backlog {
    /// As after a start: what waits, only the database knows.
    fn default() -> Self {
        Self(Mutex::new(Waiting {
            calls: VecDeque::new(),
            bytes: 0,
            beyond: true,
            last: None,
        }))
    }
}

impl Backlog {
    /// These have just become durable.
    pub fn add(&self, calls: Vec<RawCallback>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.last = Some(Instant::now());
        let bytes: usize = calls.iter().map(|call| call.body.len()).sum();
        if waiting.beyond
            || waiting.calls.len() + calls.len() > MOST_CALLS
            || waiting.bytes + bytes > MOST_BYTES
        {
            waiting.beyond = true;
            return;
        }
        waiting.bytes += bytes;
        waiting.calls.extend(calls.into_iter().map(Callback::from));
    }

    /// The oldest, at most `most`. After [`Next::InDatabase`] what comes is kept here again, so it
    /// may be in the answer of the database too: understanding twice does no harm.
    pub fn next(&self, most: usize) -> Next {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.calls.is_empty() && waiting.beyond {
            waiting.beyond = false;
            return Next::InDatabase;
        }
        let many = most.min(waiting.calls.len());
        let calls: Vec<Callback> = waiting.calls.drain(..many).collect();
        waiting.bytes -= calls.iter().map(|call| call.body.len()).sum::<usize>();
        Next::Calls(calls)
    }

    /// Lets calls go first, where they come one after the other, and goes on soon all the same. On
    /// SQLite each transaction of whoever else writes is one that a call waits for.
    pub async fn give_way(&self) {
        let busy = {
            let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.last.is_some_and(|last| last.elapsed() < BUSY)
        };
        if busy {
            tokio::time::sleep(COURTESY).await;
        }
    }

    /// What was taken last was not understood, or was not all: only the database knows what waits.
    pub fn look_again(&self) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.calls.clear();
        (waiting.bytes, waiting.beyond) = (0, true);
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{callback::CallbackKind, time::Timestamp};
    use uuid::Uuid;

    use super::*;

    fn calls(first: u128, many: u128) -> Vec<RawCallback> {
        let call = |number| RawCallback {
            id: Uuid::from_u128(number).into(),
            kind: CallbackKind::Av,
            app: None,
            received_at: Timestamp::from_millis(0),
            remote: String::new(),
            content_type: None,
            body: vec![0; 1000],
        };
        (first..first + many).map(call).collect()
    }

    fn here(next: Next) -> Option<usize> {
        match next {
            Next::Calls(calls) => Some(calls.len()),
            Next::InDatabase => None,
        }
    }

    #[test]
    fn what_is_too_much_is_found_in_the_database() {
        let backlog = Backlog::default();
        // The start: whatever comes, the database is asked first.
        backlog.add(calls(0, 10));
        assert_eq!(here(backlog.next(256)), None);
        assert_eq!(here(backlog.next(256)), Some(0));
        backlog.add(calls(0, 300));
        assert_eq!(here(backlog.next(256)), Some(256));
        backlog.add(calls(300, 4060));
        // What came after what is beyond is not handed over before it.
        backlog.add(calls(4360, 1));
        assert_eq!(here(backlog.next(256)), Some(44));
        assert_eq!(here(backlog.next(256)), None);
        backlog.add(calls(4361, 1));
        assert_eq!(here(backlog.next(256)), Some(1));
        backlog.look_again();
        assert_eq!(here(backlog.next(256)), None);
    }
}
