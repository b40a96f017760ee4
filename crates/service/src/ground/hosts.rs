//! The hosts that files are fetched from.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use url::Url;

/// The hosts that files are being fetched from, and how many.
#[derive(Default)]
pub(crate) struct Hosts(Mutex<HashMap<String, usize>>);

impl Hosts {
    fn change<T>(&self, change: impl FnOnce(&mut HashMap<String, usize>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The beginnings of addresses at hosts that have `limit` transfers.
    pub fn busy(&self, limit: usize) -> Vec<String> {
        self.change(|hosts| {
            let busy = hosts.iter().filter(|(_, transfers)| **transfers >= limit);
            busy.map(|(host, _)| host.clone()).collect()
        })
    }

    /// Counts a transfer until the result is dropped.
    pub fn enter(&self, address: &str) -> impl Drop + '_ {
        struct Transfer<'a>(&'a Hosts, String);
        impl Drop for Transfer<'_> {
            fn drop(&mut self) {
                self.0.change(|hosts| {
                    if let Some(transfers) = hosts.get_mut(&self.1) {
                        *transfers -= 1;
                    }
                    hosts.retain(|_, transfers| *transfers > 0);
                });
            }
        }
        let host = host_of(address);
        self.change(|hosts| *hosts.entry(host.clone()).or_default() += 1);
        Transfer(self, host)
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
        let hosts = Hosts::default();
        let first = hosts.enter("https://Files.example:443/a?b");
        assert_eq!(hosts.busy(2), [""; 0]);
        let second = hosts.enter("https://files.example/c");
        assert_eq!(hosts.busy(2), ["https://files.example/"]);
        drop(first);
        assert_eq!(hosts.busy(1), ["https://files.example/"]);
        drop(second);
        assert_eq!(hosts.busy(0), [""; 0]);
    }
}
