//! Gathers changes and writes them once for all streams.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use reelroom_domain::view::Change;
use reelroom_service::Service;
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

/// Changes as they are sent: the same bytes to every stream.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Frames are numbered without a gap.
    number: u64,
    /// The events.
    pub bytes: Bytes,
}

/// The one writer of frames; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// A random number that tells the ids of this run of the server from those of others.
    run: u64,
    past: Mutex<Past>,
}

#[derive(Debug)]
struct Past {
    number: u64,
    frames: VecDeque<Frame>,
    out: broadcast::Sender<Frame>,
}

/// The start of a stream.
pub(super) struct Opening {
    /// The id of the last event that the reader has with [`Opening::missed`].
    pub id: String,
    /// The missed events.
    pub missed: Vec<Bytes>,
    /// The frames from now on.
    pub frames: broadcast::Receiver<Frame>,
}

impl Feed {
    /// Writes until the service is gone.
    pub fn start(service: &Service) -> Self {
        let feed = Self(Arc::new(Inner {
            run: rand::random(),
            past: Mutex::new(Past {
                number: 0,
                frames: VecDeque::with_capacity(KEPT),
                out: broadcast::channel(KEPT).0,
            }),
        }));
        tokio::spawn(gather(service.changes(), feed.clone()));
        feed
    }

    /// The id of the last event: a page that is loaded now and subscribes from here misses nothing.
    pub fn last(&self) -> String {
        self.id(self.past().number)
    }

    /// The number of open streams.
    pub fn readers(&self) -> usize {
        self.past().out.receiver_count()
    }

    fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.0.run)
    }

    fn past(&self) -> std::sync::MutexGuard<'_, Past> {
        // Nothing that can panic happens under the lock.
        self.0.past.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Subscribes after the event `since`, or from now on. If later events are no longer kept, or `since`
    /// is of another run, the reader gets `resync`.
    pub(super) fn open(&self, since: Option<&str>) -> Opening {
        let past = self.past();
        let missed = match since {
            None => Vec::new(),
            Some(since) => match self.after(&past, since) {
                Some(frames) => frames.cloned().map(|frame| frame.bytes).collect(),
                None => vec![resync(&self.id(past.number))],
            },
        };
        Opening {
            id: self.id(past.number),
            missed,
            frames: past.out.subscribe(),
        }
    }

    /// The frames after the event `since`; `None` if not all of them are kept.
    fn after<'p>(
        &self,
        past: &'p Past,
        since: &str,
    ) -> Option<impl Iterator<Item = &'p Frame> + use<'p>> {
        let (run, number) = since.split_once('-')?;
        let number: u64 = number.parse().ok()?;
        let known = run.parse() == Ok(self.0.run) && number <= past.number;
        let oldest = past
            .frames
            .front()
            .map_or(past.number + 1, |frame| frame.number);
        (known && number + 1 >= oldest).then(|| {
            past.frames
                .iter()
                .filter(move |frame| frame.number > number)
        })
    }

    fn send(&self, gathered: &Gathered) {
        let mut past = self.past();
        past.number += 1;
        let frame = Frame {
            number: past.number,
            bytes: gathered.write(&self.id(past.number)),
        };
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
        if gathered.is_empty() {
            match changes.recv().await {
                Ok(change) => gathered.add(change),
                Err(RecvError::Lagged(_)) => gathered.missed = true,
                Err(RecvError::Closed) => return,
            }
        }
        loop {
            match changes.try_recv() {
                Ok(change) => gathered.add(change),
                Err(TryRecvError::Lagged(_)) => gathered.missed = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        feed.send(&std::mem::take(&mut gathered));
        let next = Instant::now() + PAUSE;
        while let Ok(received) = timeout_at(next, changes.recv()).await {
            match received {
                Ok(change) => gathered.add(change),
                Err(RecvError::Lagged(_)) => gathered.missed = true,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

/// Changes that wait for the next frame, each once.
#[derive(Debug, Default)]
struct Gathered {
    changes: Vec<Change>,
    known: HashSet<Change>,
    /// There were too many to name.
    missed: bool,
}

impl Gathered {
    const fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.missed
    }

    /// Adds a change; `None`: some were missed.
    fn add(&mut self, change: Option<Change>) {
        let Some(change) = change else {
            self.missed = true;
            return;
        };
        if self.changes.len() == MOST {
            self.missed = true;
        } else if self.known.insert(change.clone()) {
            self.changes.push(change);
        }
    }

    /// The changes as events. Only the last one has the id, so that a client that loses the connection in
    /// between gets all of them again.
    fn write(&self, id: &str) -> Bytes {
        let whole: Result<Vec<String>, _> =
            self.changes.iter().map(serde_json::to_string).collect();
        match whole {
            Ok(whole) if !self.missed => {
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
            _ => resync(id),
        }
    }
}

/// The event that makes a page reload everything.
pub(super) fn resync(id: &str) -> Bytes {
    format!("id: {id}\nevent: resync\ndata:\n\n").into()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::room::RoomId;

    use super::*;

    fn room(name: &str) -> Change {
        Change::Room {
            room: RoomId::new(name).unwrap(),
        }
    }

    fn feed() -> Feed {
        Feed(Arc::new(Inner {
            run: 7,
            past: Mutex::new(Past {
                number: 0,
                frames: VecDeque::new(),
                out: broadcast::channel(KEPT).0,
            }),
        }))
    }

    fn send(feed: &Feed, names: &[&str]) {
        let mut gathered = Gathered::default();
        for name in names {
            gathered.add(Some(room(name)));
        }
        feed.send(&gathered);
    }

    fn missed(feed: &Feed, since: &str) -> String {
        let missed = feed.open(Some(since)).missed.concat();
        String::from_utf8(missed).unwrap()
    }

    #[test]
    fn a_repeated_change_is_sent_once_with_the_last_id() {
        let feed = feed();
        let mut frames = feed.open(None).frames;
        send(&feed, &["a", "b", "a"]);
        assert_eq!(
            String::from_utf8_lossy(&frames.try_recv().unwrap().bytes),
            "event: change\ndata: {\"type\":\"room\",\"room\":\"a\"}\n\n\
             id: 7-1\nevent: change\ndata: {\"type\":\"room\",\"room\":\"b\"}\n\n"
        );
    }

    #[test]
    fn a_reconnecting_stream_receives_missed_events_once() {
        let feed = feed();
        send(&feed, &["a"]);
        send(&feed, &["b"]);
        assert_eq!(feed.last(), "7-2");
        assert!(missed(&feed, "7-0").contains("\"a\""));
        let after_one = missed(&feed, "7-1");
        assert!(after_one.contains("\"b\"") && !after_one.contains("\"a\""));
        assert_eq!(missed(&feed, "7-2"), "");
        assert!(feed.open(None).missed.is_empty());
    }

    #[test]
    fn an_expired_id_reloads_everything() {
        let feed = feed();
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
        let feed = feed();
        let mut slow = feed.open(None).frames;
        for _ in 0..=KEPT {
            send(&feed, &["a"]);
        }
        assert!(matches!(slow.try_recv(), Err(TryRecvError::Lagged(1))));
        let Opening { id, mut frames, .. } = feed.open(None);
        assert_eq!(id, "7-65");
        send(&feed, &["b"]);
        assert!(frames.try_recv().unwrap().bytes.starts_with(b"id: 7-66\n"));
    }

    #[test]
    fn too_many_changes_reload_everything() {
        let mut gathered = Gathered::default();
        for number in 0..=MOST {
            gathered.add(Some(room(&number.to_string())));
        }
        assert_eq!(gathered.changes.len(), MOST);
        assert_eq!(gathered.write("7-1"), resync("7-1"));
    }
}
