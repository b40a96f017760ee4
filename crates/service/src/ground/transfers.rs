//! The transfers of this server: which files, from which hosts.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use reelroom_domain::ids::FileId;
use url::Url;

/// The number of files at the front of the queue that are searched each time for one whose host is not busy.
const FRONT: u32 = 1000;
/// The interval at which the whole queue is searched for one.
pub(crate) const WHOLE_QUEUE_EVERY: Duration = Duration::from_secs(5);

/// The files that are being fetched, and the hosts that they come from.
#[derive(Default)]
pub(crate) struct Transfers {
    files: Mutex<HashMap<FileId, String>>,
    /// When the whole queue was last searched while a host was busy.
    whole_queue_at: Mutex<Option<Instant>>,
}

impl Transfers {
    /// The number of files at the front of the queue to search; `None` for the whole queue, if no host is busy or the
    /// interval has passed.
    pub fn front(&self, busy: &[String]) -> Option<u32> {
        if busy.is_empty() {
            return None;
        }
        let mut at = self.whole_queue_at.lock();
        if at.is_some_and(|at| at.elapsed() < WHOLE_QUEUE_EVERY) {
            return Some(FRONT);
        }
        *at = Some(Instant::now());
        None
    }

    /// The files.
    pub fn files(&self) -> Vec<FileId> {
        self.files.lock().keys().copied().collect()
    }

    /// The beginnings of addresses at hosts that have `limit` transfers.
    pub fn busy(&self, limit: usize) -> Vec<String> {
        let mut hosts = HashMap::<_, usize>::new();
        for host in self.files.lock().values() {
            *hosts.entry(host.clone()).or_default() += 1;
        }
        let busy = hosts
            .into_iter()
            .filter(|(_, transfers)| *transfers >= limit);
        busy.map(|(host, _)| host).collect()
    }

    /// Counts the transfer of a file until the result is dropped.
    pub fn begin(&self, file: FileId, address: &str) -> impl Drop + '_ {
        struct Transfer<'a>(&'a Transfers, FileId);
        impl Drop for Transfer<'_> {
            fn drop(&mut self) {
                self.0.files.lock().remove(&self.1);
            }
        }
        self.files.lock().insert(file, host_of(address));
        Transfer(self, file)
    }
}

/// The beginning of an address up to its path; all of one that is none.
fn host_of(address: &str) -> String {
    Url::parse(address).map_or_else(
        |_| address.to_owned(),
        |url| format!("{}/", url.origin().ascii_serialization()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_busy_while_it_has_transfers() {
        let transfers = Transfers::default();
        let [one, two] = [1, 2].map(|id| format!("{id:032}").parse().unwrap());
        let first = transfers.begin(one, "https://Files.example:443/a?b");
        assert_eq!(transfers.busy(2), [""; 0]);
        let second = transfers.begin(two, "https://files.example/c");
        assert_eq!(transfers.busy(2), ["https://files.example/"]);
        drop(first);
        assert_eq!(transfers.files(), [two]);
        assert_eq!(transfers.busy(1), ["https://files.example/"]);
        drop(second);
        assert_eq!(transfers.busy(0), [""; 0]);
    }

    #[test]
    fn the_whole_queue_is_searched_once_per_interval() {
        let transfers = Transfers::default();
        let busy = ["https://files.example/".to_owned()];
        assert_eq!(transfers.front(&busy), None);
        assert_eq!(transfers.front(&busy), Some(FRONT));
        // Without a busy host the first file fits, so nothing is searched.
        assert_eq!(transfers.front(&[]), None);
        let ago = Instant::now().checked_sub(WHOLE_QUEUE_EVERY);
        *transfers.whole_queue_at.lock() = ago;
        assert_eq!(transfers.front(&busy), None);
        assert_eq!(transfers.front(&busy), Some(FRONT));
    }
}
