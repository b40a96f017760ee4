//! A bandwidth limit that several transfers share.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::{Instant, sleep_until};

/// How far ahead of the limit a transfer may be, so that small pieces do not sleep each.
const AHEAD: Duration = Duration::from_millis(50);

/// A limit of bytes a second.
pub(crate) struct Bandwidth {
    /// Bytes a second; `None`: any number.
    limit: Option<u64>,
    /// The time at which the bytes so far keep the limit.
    paid_at: Mutex<Option<Instant>>,
}

impl Bandwidth {
    pub const fn new(limit: Option<u64>) -> Self {
        Self {
            limit,
            paid_at: Mutex::new(None),
        }
    }

    /// Waits until `bytes` more keep the limit.
    pub async fn spend(&self, bytes: usize) {
        let Some(limit) = self.limit else { return };
        let until = {
            let now = Instant::now();
            let mut paid_at = self.paid_at.lock();
            let from = paid_at.map_or(now, |at| at.max(now));
            let nanos = (bytes as u64).saturating_mul(1_000_000_000) / limit.max(1);
            *paid_at.insert(from + Duration::from_nanos(nanos))
        };
        if until > Instant::now() + AHEAD {
            sleep_until(until).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn transfers_share_the_limit() {
        let (limit, begun) = (Bandwidth::new(Some(1_000_000)), Instant::now());
        let transfer = async || {
            for _ in 0..10 {
                limit.spend(10_000).await;
            }
        };
        tokio::join!(transfer(), transfer());
        // 200 KB at 1 MB a second, less what may be ahead.
        assert!(begun.elapsed() >= Duration::from_millis(150));
        Bandwidth::new(None).spend(usize::MAX).await;
    }

    #[tokio::test]
    async fn pieces_of_less_than_a_millisecond_count() {
        let (limit, begun) = (Bandwidth::new(Some(20_000_000)), Instant::now());
        for _ in 0..500 {
            limit.spend(8_000).await;
        }
        assert!(begun.elapsed() >= Duration::from_millis(150));
    }
}
