//! Gathers changes and writes them once for all streams of accounts that reach everything. The other
//! streams get those of them that their account may know of.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use reelroom_domain::{change::Change, ids::UserId};
use reelroom_service::{Principal, Service};
use tokio::{
    sync::broadcast::{self, error::RecvError, error::TryRecvError},
    time::{Instant, timeout_at},
};

/// The shortest time between two frames; the changes within it are sent together.
const PAUSE: Duration = Duration::from_millis(100);

/// The number of frames that are kept for streams that lag or reconnect: at least six seconds.
const KEPT: usize = 64;

/// The most changes of a frame; more are sent as `resync`.
const MOST: usize = 1000;

/// Changes that are sent together.
#[derive(Debug)]
pub(super) struct Frame {
    /// Frames are numbered without a gap.
    number: u64,
    /// The id of its last event.
    pub id: String,
    changes: Vec<Change>,
    /// The accounts whose access has changed.
    users: HashSet<UserId>,
    /// Whether there were too many changes to name.
    missed: bool,
    /// The events for those who reach everything: the same bytes to all their streams.
    bytes: Bytes,
}

impl Frame {
    /// The events for an account; empty if it may know of none of the changes.
    pub fn events_for(&self, by: &Principal) -> Bytes {
        if self.missed || by.access.reaches_everything() {
            return self.bytes.clone();
        }
        let seen = |change: &&Change| change.is_seen(&by.access);
        write(&self.id, self.changes.iter().filter(seen))
    }

    /// Whether the access of an account may have changed.
    pub fn may_change(&self, user: UserId) -> bool {
        self.missed || self.users.contains(&user)
    }
}

/// The one writer of frames; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    /// A random number that tells the ids of this run of the server from those of others.
    run: u64,
    past: Arc<Mutex<Past>>,
}

#[derive(Debug)]
struct Past {
    number: u64,
    frames: VecDeque<Arc<Frame>>,
    out: broadcast::Sender<Arc<Frame>>,
}

/// The start of a stream.
pub(super) struct Opening {
    /// The id of the last event that the reader has with [`Opening::missed`].
    pub id: String,
    /// The missed events.
    pub missed: Vec<Bytes>,
    /// The frames from now on.
    pub frames: broadcast::Receiver<Arc<Frame>>,
}

impl Feed {
    /// Writes until the service is gone.
    pub fn start(service: &Service) -> Self {
        let feed = Self::new(rand::random());
        tokio::spawn(gather(service.changes(), feed.clone()));
        feed
    }

    fn new(run: u64) -> Self {
        let past = Past {
            number: 0,
            frames: VecDeque::with_capacity(KEPT),
            out: broadcast::channel(KEPT).0,
        };
        Self {
            run,
            past: Arc::new(Mutex::new(past)),
        }
    }

    /// The id of the last event: a page that is loaded now and subscribes from here misses nothing.
    pub fn last(&self) -> String {
        self.id(self.past.lock().number)
    }

    /// The number of open streams.
    pub fn readers(&self) -> usize {
        self.past.lock().out.receiver_count()
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.run)
    }

    /// Subscribes after the event `since`, or from now on. If later events are no longer kept, `since` is
    /// of another run, or the access of the account has changed meanwhile, the reader gets `resync`.
    pub(super) fn open(&self, since: Option<&str>, by: &Principal) -> Opening {
        let (id, frames, missed) = {
            let past = self.past.lock();
            let missed = match since {
                None => Some(Vec::new()),
                Some(since) => self.after(&past, since),
            };
            (self.id(past.number), past.out.subscribe(), missed)
        };
        let is_same = |missed: &Vec<Arc<Frame>>| {
            let mut missed = missed.iter();
            !missed.any(|frame| frame.may_change(by.user))
        };
        let missed = match missed.filter(is_same) {
            Some(missed) => {
                let events = missed.iter().map(|frame| frame.events_for(by));
                events.filter(|events| !events.is_empty()).collect()
            }
            None => vec![resync(&id)],
        };
        Opening { id, missed, frames }
    }

    /// The frames after the event `since`; `None` if not all of them are kept.
    fn after(&self, past: &Past, since: &str) -> Option<Vec<Arc<Frame>>> {
        let (run, number) = since.split_once('-')?;
        let number: u64 = number.parse().ok()?;
        let known = run.parse() == Ok(self.run) && number <= past.number;
        let oldest = past
            .frames
            .front()
            .map_or(past.number + 1, |frame| frame.number);
        let later = past.frames.iter().filter(|frame| frame.number > number);
        (known && number + 1 >= oldest).then(|| later.cloned().collect())
    }

    fn send(&self, gathered: Gathered) {
        let mut past = self.past.lock();
        past.number += 1;
        let frame = Arc::new(gathered.frame(past.number, self.id(past.number)));
        if past.frames.len() == KEPT {
            past.frames.pop_front();
        }
        past.frames.push_back(frame.clone());
        // An error means that there are no streams; later ones find the frame among the kept ones.
        let _ = past.out.send(frame);
    }
}

/// Sends the first change at once, and those within the next [`PAUSE`] together.
async fn gather(mut changes: broadcast::Receiver<Option<Change>>, feed: Feed) {
    let mut gathered = Gathered::default();
    loop {
        if gathered.is_empty() && !gathered.accept(changes.recv().await) {
            return;
        }
        loop {
            match changes.try_recv() {
                Ok(change) => gathered.add(change),
                Err(TryRecvError::Lagged(_)) => gathered.missed = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        feed.send(std::mem::take(&mut gathered));
        let next = Instant::now() + PAUSE;
        while let Ok(received) = timeout_at(next, changes.recv()).await {
            if !gathered.accept(received) {
                return;
            }
        }
    }
}

/// Changes that wait for the next frame, each once.
#[derive(Debug, Default)]
struct Gathered {
    changes: Vec<Change>,
    known: HashSet<Change>,
    users: HashSet<UserId>,
    missed: bool,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.users.is_empty() && !self.missed
    }

    /// Adds what was received; returns `false` if no more will be.
    fn accept(&mut self, received: Result<Option<Change>, RecvError>) -> bool {
        match received {
            Ok(change) => self.add(change),
            Err(RecvError::Lagged(_)) => self.missed = true,
            Err(RecvError::Closed) => return false,
        }
        true
    }

    /// Adds a change; `None`: some were missed.
    fn add(&mut self, change: Option<Change>) {
        let Some(change) = change else {
            self.missed = true;
            return;
        };
        if let Change::Access { user } = change {
            self.users.insert(user);
        } else if self.changes.len() == MOST {
            self.missed = true;
        } else if self.known.insert(change.clone()) {
            self.changes.push(change);
        }
    }

    fn frame(self, number: u64, id: String) -> Frame {
        let bytes = if self.missed {
            resync(&id)
        } else {
            write(&id, self.changes.iter())
        };
        Frame {
            number,
            id,
            changes: self.changes,
            users: self.users,
            missed: self.missed,
            bytes,
        }
    }
}

/// Changes as events. Only the last one has the id, so that a client that loses the connection in
/// between gets all of them again.
fn write<'c>(id: &str, changes: impl Iterator<Item = &'c Change>) -> Bytes {
    let whole: Result<Vec<String>, _> = changes.map(serde_json::to_string).collect();
    let Ok(whole) = whole else {
        return resync(id);
    };
    let mut text = String::new();
    for (index, change) in whole.iter().enumerate() {
        if index + 1 == whole.len() {
            text.push_str("id: ");
            text.push_str(id);
            text.push('\n');
        }
        // JSON has no line breaks.
        text.push_str("event: change\ndata: ");
        text.push_str(change);
        text.push_str("\n\n");
    }
    text.into()
}

/// The event that makes a page reload everything.
pub(super) fn resync(id: &str) -> Bytes {
    format!("id: {id}\nevent: resync\ndata:\n\n").into()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        access::{Access, Grant, Rights},
        ids::AppId,
        room::RoomId,
        user::Role,
    };

    use super::*;

    fn app() -> AppId {
        "a".repeat(32).parse().unwrap()
    }

    fn room(name: &str) -> Change {
        Change::Room {
            app: app(),
            room: RoomId::new(name).unwrap(),
        }
    }

    fn viewer(grant: Grant) -> Principal {
        Principal {
            user: "b".repeat(32).parse().unwrap(),
            name: "viewer".to_owned(),
            access: Access {
                role: Role::Viewer,
                rights: Rights::default(),
                grants: vec![grant],
            },
            needs_second_factor: false,
        }
    }

    fn all() -> Principal {
        viewer(Grant::Everything)
    }

    /// An account that sees the room "a" alone.
    fn of_a() -> Principal {
        viewer(Grant::Room {
            app: app(),
            room: RoomId::new("a").unwrap(),
        })
    }

    fn send_all(feed: &Feed, changes: impl IntoIterator<Item = Change>) {
        let mut gathered = Gathered::default();
        for change in changes {
            gathered.add(Some(change));
        }
        feed.send(gathered);
    }

    fn send(feed: &Feed, names: &[&str]) {
        send_all(feed, names.iter().copied().map(room));
    }

    fn text(bytes: &Bytes) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn missed_by(by: &Principal, feed: &Feed, since: &str) -> String {
        let missed = feed.open(Some(since), by).missed.concat();
        String::from_utf8(missed).unwrap()
    }

    fn missed(feed: &Feed, since: &str) -> String {
        missed_by(&all(), feed, since)
    }

    #[test]
    fn a_repeated_change_is_sent_once_with_the_last_id() {
        let feed = Feed::new(7);
        let mut frames = feed.open(None, &all()).frames;
        send(&feed, &["a", "b", "a"]);
        let of = app();
        assert_eq!(
            text(&frames.try_recv().unwrap().events_for(&all())),
            format!(
                "event: change\ndata: {{\"type\":\"room\",\"app\":\"{of}\",\"room\":\"a\"}}\n\n\
                 id: 7-1\n\
                 event: change\ndata: {{\"type\":\"room\",\"app\":\"{of}\",\"room\":\"b\"}}\n\n"
            )
        );
    }

    #[test]
    fn an_account_receives_the_changes_that_it_may_know_of() {
        let feed = Feed::new(7);
        let mut frames = feed.open(None, &of_a()).frames;
        send_all(&feed, [room("a"), room("b"), Change::Callback]);
        send(&feed, &["b"]);
        let mut next = || frames.try_recv().unwrap().events_for(&of_a());
        let first = text(&next());
        assert!(first.starts_with("id: 7-1\nevent: change\n"), "{first}");
        assert_eq!(first.matches("event: change").count(), 1);
        assert!(first.contains("\"a\""));
        assert!(next().is_empty());
        // After a lost connection, too.
        assert_eq!(missed_by(&of_a(), &feed, "7-0"), first);
        assert_eq!(missed_by(&of_a(), &feed, "7-1"), "");
        assert_eq!(missed(&feed, "7-0").matches("event: change").count(), 4);
    }

    #[test]
    fn a_change_of_access_is_written_to_nobody_and_reloads_pages_of_its_account() {
        let feed = Feed::new(7);
        let mut frames = feed.open(None, &all()).frames;
        let user = of_a().user;
        send_all(&feed, [Change::Access { user }]);
        let frame = frames.try_recv().unwrap();
        assert!(frame.may_change(user) && frame.events_for(&all()).is_empty());
        let other = Principal {
            user: "c".repeat(32).parse().unwrap(),
            ..all()
        };
        assert!(!frame.may_change(other.user));
        assert_eq!(missed_by(&other, &feed, "7-0"), "");
        let resync = "id: 7-1\nevent: resync\ndata:\n\n";
        assert_eq!(missed_by(&of_a(), &feed, "7-0"), resync);
        assert_eq!(missed_by(&of_a(), &feed, "7-1"), "");
    }

    #[test]
    fn a_reconnecting_stream_receives_missed_events_once() {
        let feed = Feed::new(7);
        send(&feed, &["a"]);
        send(&feed, &["b"]);
        assert_eq!(feed.last(), "7-2");
        assert!(missed(&feed, "7-0").contains("\"a\""));
        let after_one = missed(&feed, "7-1");
        assert!(after_one.contains("\"b\"") && !after_one.contains("\"a\""));
        assert_eq!(missed(&feed, "7-2"), "");
        assert!(feed.open(None, &all()).missed.is_empty());
    }

    #[test]
    fn an_expired_id_reloads_everything() {
        let feed = Feed::new(7);
        for _ in 0..=KEPT {
            send(&feed, &["a"]);
        }
        for since in ["7-0", "6-3", "7-900", "7-", "nonsense", ""] {
            let missed = missed(&feed, since);
            assert_eq!(missed, "id: 7-65\nevent: resync\ndata:\n\n", "{since}");
        }
        assert_eq!(missed(&feed, "7-1").matches("event: change").count(), KEPT);
    }

    #[test]
    fn a_slow_stream_skips_to_the_present() {
        let feed = Feed::new(7);
        let mut slow = feed.open(None, &all()).frames;
        for _ in 0..=KEPT {
            send(&feed, &["a"]);
        }
        assert!(matches!(slow.try_recv(), Err(TryRecvError::Lagged(1))));
        let Opening { id, mut frames, .. } = feed.open(None, &all());
        assert_eq!(id, "7-65");
        send(&feed, &["b"]);
        let next = frames.try_recv().unwrap().events_for(&all());
        assert!(next.starts_with(b"id: 7-66\n"));
    }

    #[test]
    fn too_many_changes_reload_everything() {
        let mut gathered = Gathered::default();
        for number in 0..=MOST {
            gathered.add(Some(room(&number.to_string())));
        }
        assert_eq!(gathered.changes.len(), MOST);
        let frame = gathered.frame(1, "7-1".to_owned());
        // Nobody knows which were left out, changes of access among them.
        for by in [all(), of_a()] {
            assert_eq!(frame.events_for(&by), resync("7-1"));
            assert!(frame.may_change(by.user));
        }
    }
}
