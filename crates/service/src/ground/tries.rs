//! Rate limits for wrong passwords and codes, by origin and target.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;
use reelroom_domain::time::Timestamp;

const WINDOW_MILLIS: i64 = 5 * 60_000;
/// How many counters there are at most; the one used longest ago is dropped for a new one.
const COUNTERS: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// The origin of a try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// An address; an IPv6 network of 64 bits counts as one, since it is what one client is given.
    Address(Option<IpAddr>),
    /// The id of a browser in which the account has signed in before.
    Device(String),
}

impl Origin {
    /// A browser that is known by its address only.
    pub fn stranger(address: Option<IpAddr>) -> Self {
        Self::Address(address.map(|address| match address.to_canonical() {
            IpAddr::V6(ip) => {
                let network = ip.to_bits() & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
            ip @ IpAddr::V4(_) => ip,
        }))
    }
}

/// The target of a try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// The password of an account: a sign-in name in lower case.
    Account(String),
    /// The passwords of all accounts together.
    AnyAccount,
    /// The one-time code of the first visit.
    SetUp,
}

impl Target {
    /// How many wrong tries an origin has within five minutes.
    pub(crate) const fn allowance(&self) -> u32 {
        match self {
            Self::Account(_) | Self::SetUp => 8,
            // One address may be a whole office.
            Self::AnyAccount => 40,
        }
    }
}

/// Counters of tries; in memory, so a restart resets them.
pub(crate) struct Tries(Mutex<LruCache<(Origin, Target), Count>>);

/// The tries since the beginning of a window.
#[derive(Clone, Copy)]
struct Count {
    tries: u32,
    since: Timestamp,
}

impl Default for Tries {
    fn default() -> Self {
        Self(Mutex::new(LruCache::sparse(COUNTERS)))
    }
}

impl Tries {
    /// Counts a try of `origin` against each of `targets`; `false`, and nothing is counted, where
    /// one of them has no tries left at `now`.
    pub fn reserve(&self, origin: &Origin, targets: &[Target], now: Timestamp) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Count {
            tries: 0,
            since: now,
        };
        let current = |count: Option<&Count>| {
            count
                .filter(|count| now.since(count.since) < WINDOW_MILLIS)
                .map_or(fresh, |count| *count)
        };
        let key = |target: &Target| (origin.clone(), target.clone());
        let free = targets
            .iter()
            .all(|target| current(counts.peek(&key(target))).tries < target.allowance());
        if free {
            for target in targets {
                let count = current(counts.peek(&key(target)));
                let tries = count.tries + 1;
                counts.put(key(target), Count { tries, ..count });
            }
        }
        free
    }

    /// Takes back a reserved try: it was right.
    pub fn give_back(&self, origin: &Origin, targets: &[Target]) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for target in targets {
            if let Some(count) = counts.peek_mut(&(origin.clone(), target.clone())) {
                count.tries = count.tries.saturating_sub(1);
            }
        }
    }

    /// How many counters there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn address(text: &str) -> Origin {
        Origin::stranger(Some(text.parse().unwrap()))
    }

    fn account(name: &str) -> Target {
        Target::Account(name.to_owned())
    }

    #[test]
    fn eight_wrong_tries_close_a_name_to_an_address_for_five_minutes() {
        let (tries, here, ada) = (Tries::default(), address("192.0.2.1"), [account("ada")]);
        for _ in 0..8 {
            assert!(tries.reserve(&here, &ada, at(0)));
        }
        assert!(!tries.reserve(&here, &ada, at(WINDOW_MILLIS - 1)));
        assert!(tries.reserve(&here, &[account("bob")], at(0)));
        assert!(tries.reserve(&here, &[Target::SetUp], at(0)));
        assert!(tries.reserve(&address("192.0.2.2"), &ada, at(0)));
        assert!(tries.reserve(&Origin::Device("d".to_owned()), &ada, at(0)));
        assert!(tries.reserve(&here, &ada, at(WINDOW_MILLIS)));
    }

    #[test]
    fn a_right_try_takes_nothing_from_the_allowance() {
        let (tries, here, ada) = (Tries::default(), address("192.0.2.1"), [account("ada")]);
        for _ in 0..100 {
            assert!(tries.reserve(&here, &ada, at(0)));
            tries.give_back(&here, &ada);
        }
    }

    #[test]
    fn an_address_has_an_allowance_over_all_names() {
        let (tries, here) = (Tries::default(), address("192.0.2.1"));
        let targets = |name: usize| [account(&name.to_string()), Target::AnyAccount];
        for name in 0..40 {
            assert!(tries.reserve(&here, &targets(name), at(0)));
        }
        assert!(!tries.reserve(&here, &targets(40), at(0)));
        assert!(tries.reserve(&address("192.0.2.2"), &targets(40), at(0)));
        // What was refused is not counted, against the name either.
        let names = tries.len();
        assert!(!tries.reserve(&here, &targets(41), at(0)));
        assert_eq!(tries.len(), names);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1:2:3"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }

    #[test]
    fn a_full_memory_forgets_the_oldest_counter_only() {
        let (tries, here) = (Tries::default(), address("192.0.2.1"));
        for name in 0..=COUNTERS.get() {
            for _ in 0..8 {
                assert!(tries.reserve(&here, &[account(&name.to_string())], at(0)));
            }
        }
        assert_eq!(tries.len(), COUNTERS.get());
        assert!(!tries.reserve(&here, &[account("1")], at(0)));
        assert!(tries.reserve(&here, &[account("0")], at(0)));
    }
}
