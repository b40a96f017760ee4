//! The lease of the jobs.

use std::{ops::Range, time::Duration};

use reelroom_store::{Store, StoreError, leases};
use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

/// The lease of the server that runs those jobs which one alone runs.
const LEADER: &str = "jobs";
/// How long a lease lasts, and the claim of a file, after it was renewed.
pub(crate) const LEASE: Duration = Duration::from_secs(8);
/// How often it is renewed, and how often a server that has none tries to take it.
pub(crate) const RENEW_EVERY: Duration = Duration::from_secs(2);
/// Longer than a server runs.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 30);

/// The lease of those jobs which one server alone runs.
pub(super) struct Lease {
    holder: String,
    store: Store,
    /// From when until when this server has it.
    pub held: watch::Sender<Range<Instant>>,
}

impl Lease {
    /// The lease for the process `holder`. On a database that is not shared it has it for ever.
    pub fn new(holder: String, store: Store) -> Self {
        let now = Instant::now();
        let until = if store.is_shared() {
            now
        } else {
            now + FOR_EVER
        };
        Self {
            holder,
            store,
            held: watch::Sender::new(now..until),
        }
    }

    pub fn is_held(&self) -> bool {
        self.held.borrow().contains(&Instant::now())
    }

    pub fn held_from(&self) -> Instant {
        self.held.borrow().start
    }

    /// Resolves when this server has it.
    pub async fn until_held(&self) {
        let mut held = self.held.subscribe();
        while !self.is_held() {
            // The sender is ours.
            let _ = held.changed().await;
        }
    }

    /// Takes the lease where it is free, or renews it; whether it is newly taken.
    pub async fn renew(&self) -> bool {
        let (begun, had) = (Instant::now(), self.is_held());
        let held = async {
            let mut tx = self.store.write().await?;
            let held = leases::hold(&mut tx, LEADER, &self.holder, LEASE).await?;
            tx.commit().await?;
            Ok::<_, StoreError>(held)
        };
        match timeout(LEASE, held).await {
            Ok(Ok(true)) => {
                let from = if had { self.held_from() } else { begun };
                self.held.send_replace(from..begun + LEASE);
                if !had {
                    tracing::info!("this server runs the background jobs");
                }
                return !had;
            }
            Ok(Ok(false)) => {
                self.held.send_replace(begun..begun);
                if had {
                    tracing::warn!("another server runs the background jobs");
                }
            }
            // A lease that is not renewed ends.
            Ok(Err(error)) => tracing::debug!(%error, "the lease of the jobs is not renewed"),
            Err(_) => tracing::debug!("the lease of the jobs is not renewed in time"),
        }
        false
    }
}
