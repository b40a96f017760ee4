//! The queue of notices to the other servers on the same database.

use std::{collections::HashSet, mem};

use parking_lot::Mutex;
use reelroom_domain::change::Change;
use reelroom_store::sessions::TokenHash;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::jobs::Job;

/// More notices than this are sent as [`Notice::Missed`].
const MOST: usize = 1000;

/// A notice to the other servers, sent after the commit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Notice {
    /// A change, for open pages.
    Change(Change),
    /// A wake-up of a job.
    Wake(Job),
    /// The end of the session whose token has this hash.
    Ended(TokenHash),
    /// Some notices were lost; anything may have changed.
    Missed,
}

/// The queue, without duplicates.
pub(crate) struct Outbox {
    /// Whether other servers may use the database.
    is_shared: bool,
    waiting: Mutex<HashSet<Notice>>,
    filled: Notify,
}

impl Outbox {
    pub(crate) fn new(is_shared: bool) -> Self {
        Self {
            is_shared,
            waiting: Mutex::default(),
            filled: Notify::new(),
        }
    }

    pub(crate) fn add(&self, notice: impl FnOnce() -> Notice) {
        if !self.is_shared {
            return;
        }
        let mut waiting = self.waiting.lock();
        if waiting.len() == MOST {
            *waiting = HashSet::from([Notice::Missed]);
        } else {
            waiting.insert(notice());
        }
        self.filled.notify_one();
    }

    /// Resolves when the queue is not empty.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Takes all notices, as texts of at most `longest` bytes that begin with `sender`.
    pub(crate) fn take(&self, sender: &str, longest: usize) -> Vec<String> {
        let taken = mem::take(&mut *self.waiting.lock());
        let mut texts: Vec<String> = Vec::new();
        for notice in taken {
            // A line a notice: JSON has no line breaks.
            let Ok(line) = serde_json::to_string(&notice) else {
                continue;
            };
            match texts.last_mut() {
                Some(text) if text.len() + line.len() < longest => {
                    text.push('\n');
                    text.push_str(&line);
                }
                _ => texts.push(format!("{sender}\n{line}")),
            }
        }
        texts
    }
}

/// The notices of a text that another server than `own` sent.
pub(crate) fn read(text: &str, own: &str) -> Vec<Notice> {
    let mut lines = text.lines();
    if lines.next() == Some(own) {
        return Vec::new();
    }
    // A newer version may have more kinds.
    let notices = lines.map(|line| serde_json::from_str(line).unwrap_or(Notice::Missed));
    notices.collect()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{ids::AppId, room::RoomId};
    use uuid::Uuid;

    use super::*;

    fn room(number: usize) -> Notice {
        let (app, room) = (
            AppId::from(Uuid::from_u128(1)),
            format!("room \"{number}\""),
        );
        let room = RoomId::new(room).unwrap();
        Notice::Change(Change::Room { app, room })
    }

    #[test]
    fn notices_are_sent_once_within_the_size_limit() {
        let outbox = Outbox::new(true);
        let all: Vec<Notice> = (0..MOST - 2)
            .map(room)
            .chain([Notice::Wake(Job::Fetch), Notice::Ended([7; 32])])
            .collect();
        for notice in all.iter().chain(&all) {
            outbox.add(|| notice.clone());
            if *notice == Notice::Ended([7; 32]) {
                break;
            }
        }
        let texts = outbox.take("one", 1000);
        assert!(texts.len() > 10 && texts.iter().all(|text| text.len() <= 1000));
        let read_by = |own| texts.iter().flat_map(|text| read(text, own)).collect();
        let (other, own): (HashSet<_>, HashSet<_>) = (read_by("other"), read_by("one"));
        assert_eq!(other, all.into_iter().collect());
        assert!(own.is_empty() && outbox.take("one", 1000).is_empty());
        assert_eq!(read("one\n{\"later\":1}", "other"), [Notice::Missed]);
    }

    #[test]
    fn too_many_notices_are_one() {
        let outbox = Outbox::new(true);
        (0..=MOST).for_each(|number| outbox.add(|| room(number)));
        assert_eq!(outbox.take("one", 1000), ["one\n\"missed\""]);
        let alone = Outbox::new(false);
        alone.add(|| unreachable!("not shared"));
        assert!(alone.take("one", 1000).is_empty());
    }
}
