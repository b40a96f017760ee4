//! Rate limits for wrong passwords and codes, by origin and target. They are the same for all servers
//! on one database.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

use reelroom_domain::{ids::UserId, time::Timestamp};
use reelroom_store::{
    Conn, Store, StoreError,
    tries::{self, Counter},
};
use sha2::{Digest, Sha256};

const WINDOW_MILLIS: i64 = 5 * 60_000;
const HOUR_MILLIS: i64 = 60 * 60_000;
/// How many counters of single origins there are at most; the one used longest ago is dropped for a new one.
const COUNTERS: u32 = 10_000;
/// The origin of the counters of all unknown browsers together.
const STRANGERS: &str = "strangers";

/// The origin of a try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// An address; an IPv6 network of 64 bits counts as one, since it is what one client is given.
    Address(Option<IpAddr>),
    /// The id of a browser in which the account has signed in before.
    Device(String),
}

impl Origin {
    /// The targets of a try to sign in by this name; the one that most tries of an attack exceed comes first.
    pub fn sign_in_targets(&self, name: &str) -> Vec<Target> {
        let name = name.to_lowercase();
        let of_strangers = match self {
            Self::Address(_) => Some(Target::AccountOfStrangers(name.clone())),
            Self::Device(_) => None,
        };
        let of_this = [Target::Account(name), Target::AnyAccount];
        of_strangers.into_iter().chain(of_this).collect()
    }

    /// The target of a try at the second factor of an account.
    pub const fn code_target(&self, user: UserId) -> Target {
        match self {
            Self::Address(_) => Target::SecondFactorOfStrangers(user),
            Self::Device(_) => Target::SecondFactor(user),
        }
    }

    /// A browser that is known by its address only.
    pub fn stranger(address: Option<IpAddr>) -> Self {
        Self::Address(address.map(network))
    }
}

/// The network of one client: an IPv6 network of 64 bits, else the address.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let network = ip.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        ip @ IpAddr::V4(_) => ip,
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
    /// The password of an account, for all unknown browsers together.
    AccountOfStrangers(String),
    /// The passwords of all accounts together.
    AnyAccount,
    /// The second factor of an account.
    SecondFactor(UserId),
    /// The second factor of an account, for all unknown browsers together. A try needs the right password.
    SecondFactorOfStrangers(UserId),
    /// The one-time code of the first visit.
    SetUp,
    /// The tokens of one-time links.
    Link,
}

impl Target {
    /// The counter of the tries of `origin`.
    fn counter(&self, origin: &Origin) -> Counter {
        let (target, allowed, window) = match self {
            Self::Account(name) => (format!("account {name}"), 8, WINDOW_MILLIS),
            // Two windows may share an hour: 200 at most.
            Self::AccountOfStrangers(name) => {
                (format!("accounts {:03x}", group(name)), 100, HOUR_MILLIS)
            }
            // One address may be a whole office.
            Self::AnyAccount => ("accounts".to_owned(), 40, WINDOW_MILLIS),
            // Three of a million codes are right at a time: 8 tries in five minutes would find one within some
            // months.
            Self::SecondFactor(id) | Self::SecondFactorOfStrangers(id) => {
                (format!("second factor {id}"), 8, HOUR_MILLIS)
            }
            Self::SetUp => ("set-up".to_owned(), 8, WINDOW_MILLIS),
            Self::Link => ("link".to_owned(), 8, WINDOW_MILLIS),
        };
        let origin = match self {
            Self::AccountOfStrangers(_) | Self::SecondFactorOfStrangers(_) => STRANGERS.to_owned(),
            _ => origin.to_string(),
        };
        Counter {
            origin,
            target,
            allowed,
            window,
        }
    }
}

/// The group of a name, one of 4,096, with one counter for strangers. These counters need no limit, so a
/// flood of names drops none of them and gives strangers no new tries.
fn group(name: &str) -> u16 {
    let hash = Sha256::digest(name.as_bytes());
    u16::from_be_bytes([hash[0], hash[1]]) >> 4
}

/// Reserves a try at each of these targets, before it is verified. Returns the first target that has none left;
/// then nothing is counted.
pub(crate) async fn reserve(
    store: &Store,
    origin: &Origin,
    targets: &[Target],
    now: Timestamp,
) -> Result<Option<Target>, StoreError> {
    let mut tx = store.write().await?;
    if let Some(index) = tries::reserve(&mut tx, &counters(origin, targets), now).await? {
        return Ok(targets.get(index).cloned());
    }
    tries::trim(&mut tx, STRANGERS, COUNTERS).await?;
    tx.commit().await?;
    Ok(None)
}

/// Takes back a reserved try: it was right.
pub(crate) async fn give_back(
    conn: &mut Conn,
    origin: &Origin,
    targets: &[Target],
) -> Result<(), StoreError> {
    tries::give_back(conn, &counters(origin, targets)).await
}

fn counters(origin: &Origin, targets: &[Target]) -> Vec<Counter> {
    let counters = targets.iter();
    counters.map(|target| target.counter(origin)).collect()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::testing::store;

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
            let (store, folder) = store().await;
            Self {
                store,
                _folder: folder,
            }
        }

        async fn reserve(&self, origin: &Origin, targets: &[Target], millis: i64) -> bool {
            let spent = reserve(&self.store, origin, targets, at(millis)).await;
            spent.unwrap().is_none()
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

    #[tokio::test]
    async fn strangers_share_the_tries_at_a_name_and_no_flood_of_names_renews_them() {
        let case = Case::new().await;
        let stranger = |number: u32| address(&std::net::Ipv4Addr::from_bits(number).to_string());
        let name = |number: u32| [Target::AccountOfStrangers(format!("name {number}"))];
        for number in 0..100 {
            assert!(case.reserve(&stranger(number), &name(0), 0).await);
        }
        assert!(!case.reserve(&stranger(100), &name(0), 0).await);
        let mut tx = case.store.write().await.unwrap();
        for number in 101..10_500 {
            let mut flood = counters(&stranger(number), &[account("x")]);
            flood.extend(counters(&stranger(number), &name(number)));
            // Two names may share a group.
            tries::reserve(&mut tx, &flood, at(1)).await.unwrap();
        }
        tries::trim(&mut tx, STRANGERS, COUNTERS).await.unwrap();
        tx.commit().await.unwrap();
        assert!(case.count().await <= 10_000 + 4096);
        let last = HOUR_MILLIS - 1;
        assert!(!case.reserve(&stranger(100), &name(0), last).await);
        assert!(case.reserve(&stranger(100), &name(0), HOUR_MILLIS).await);
    }

    #[test]
    fn a_device_counts_against_its_own_tries_only() {
        let of_this = [account("ada"), Target::AnyAccount];
        let device = Origin::Device("d".to_owned());
        assert_eq!(device.sign_in_targets("Ada"), of_this);
        let targets = address("192.0.2.1").sign_in_targets("Ada");
        assert_eq!(targets[0], Target::AccountOfStrangers("ada".to_owned()));
        assert_eq!(targets[1..], of_this);
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1:2:3"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }
}
