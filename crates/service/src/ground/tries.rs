//! Rate limits for wrong passwords and codes, by origin and target. They are the same for all servers
//! on one database.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use reelroom_domain::time::Timestamp;
use reelroom_store::{Conn, Store, StoreError, tries};

const WINDOW_MILLIS: i64 = 5 * 60_000;
/// How many counters there are at most; the one used longest ago is dropped for a new one.
const COUNTERS: u32 = 10_000;

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

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(None) => f.write_str("unknown"),
            Self::Address(Some(address)) => address.fmt(f),
            Self::Device(id) => write!(f, "device {id}"),
        }
    }
}

/// The target of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Reserves a try at each of these targets, before it is verified; `false` where one of them has none
/// left, and nothing is counted.
pub(crate) async fn reserve(
    store: &Store,
    origin: &Origin,
    targets: &[Target],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut tx = store.write().await?;
    let (origin, targets) = (origin.to_string(), counted(targets));
    let is_free = tries::reserve(&mut tx, &origin, &targets, now, WINDOW_MILLIS).await?;
    if is_free {
        tries::trim(&mut tx, COUNTERS).await?;
        tx.commit().await?;
    }
    Ok(is_free)
}

/// Takes back a reserved try: it was right.
pub(crate) async fn give_back(
    conn: &mut Conn,
    origin: &Origin,
    targets: &[Target],
) -> Result<(), StoreError> {
    tries::give_back(conn, &origin.to_string(), &counted(targets)).await
}

fn counted(targets: &[Target]) -> Vec<(String, u32)> {
    let counted = targets.iter();
    counted
        .map(|target| (target.to_string(), target.allowance()))
        .collect()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name) => write!(f, "account {name}"),
            Self::AnyAccount => f.write_str("accounts"),
            Self::SetUp => f.write_str("set-up"),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

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

    struct Case {
        store: Store,
        _folder: TempDir,
    }

    impl Case {
        async fn new() -> Self {
            let folder = TempDir::new().unwrap();
            let url = format!("sqlite:{}", folder.path().join("test.db").display());
            let store = Store::connect(&url.parse().unwrap()).await.unwrap();
            store.migrate().await.unwrap();
            Self {
                store,
                _folder: folder,
            }
        }

        async fn reserve(&self, origin: &Origin, targets: &[Target], millis: i64) -> bool {
            let free = reserve(&self.store, origin, targets, at(millis)).await;
            free.unwrap()
        }

        async fn count(&self) -> usize {
            let mut read = self.store.read().await.unwrap();
            tries::all(&mut read).await.unwrap().len()
        }
    }

    #[tokio::test]
    async fn eight_wrong_tries_close_a_name_to_an_address_for_five_minutes() {
        let (case, here) = (Case::new().await, address("192.0.2.1"));
        let ada = [account("ada")];
        for _ in 0..8 {
            assert!(case.reserve(&here, &ada, 0).await);
        }
        assert!(!case.reserve(&here, &ada, WINDOW_MILLIS - 1).await);
        assert!(case.reserve(&here, &[account("bob")], 0).await);
        assert!(case.reserve(&here, &[Target::SetUp], 0).await);
        assert!(case.reserve(&address("192.0.2.2"), &ada, 0).await);
        let device = Origin::Device("d".to_owned());
        assert!(case.reserve(&device, &ada, 0).await);
        assert!(case.reserve(&here, &ada, WINDOW_MILLIS).await);
    }

    #[tokio::test]
    async fn a_right_try_takes_nothing_from_the_allowance() {
        let (case, here) = (Case::new().await, address("192.0.2.1"));
        let ada = [account("ada")];
        for _ in 0..20 {
            assert!(case.reserve(&here, &ada, 0).await);
            let mut tx = case.store.write().await.unwrap();
            give_back(&mut tx, &here, &ada).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    #[tokio::test]
    async fn an_address_has_an_allowance_over_all_names() {
        let (case, here) = (Case::new().await, address("192.0.2.1"));
        let targets = |name: usize| [account(&name.to_string()), Target::AnyAccount];
        for name in 0..40 {
            assert!(case.reserve(&here, &targets(name), 0).await);
        }
        assert!(!case.reserve(&here, &targets(40), 0).await);
        assert!(case.reserve(&address("192.0.2.2"), &targets(40), 0).await);
        // A rejected try is not counted, against the name either.
        let names = case.count().await;
        assert!(!case.reserve(&here, &targets(41), 0).await);
        assert_eq!(case.count().await, names);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1:2:3"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }
}
