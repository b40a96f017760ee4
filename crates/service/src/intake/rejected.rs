//! Rejected calls, of which only the number and the origin are stored.

use std::time::Duration;

use reelroom_domain::intake::RejectedView;
use reelroom_store::rejected;

use crate::{Service, ServiceError};

impl Service {
    /// The calls without secret and token: their number, and the last origin.
    pub async fn rejected(&self) -> Result<RejectedView, ServiceError> {
        let mut read = self.0.store.read().await?;
        let mut all = rejected::list(&mut read).await?;
        for news in self.0.rejected.list() {
            match all.iter_mut().find(|one| one.remote == news.remote) {
                Some(one) => {
                    one.calls += news.calls;
                    one.last_at = one.last_at.max(news.last_at);
                }
                None => all.push(news),
            }
        }
        let last = all.iter().max_by_key(|one| one.last_at).cloned();
        Ok(RejectedView {
            calls: all.iter().map(|one| one.calls).sum(),
            last,
        })
    }

    /// Stores the calls that were counted since the last time.
    pub(crate) async fn store_rejected(&self) -> Result<Option<Duration>, ServiceError> {
        let news = self.0.rejected.take();
        if news.is_empty() {
            return Ok(None);
        }
        let kept = async {
            let mut tx = self.0.store.write().await?;
            rejected::add(&mut tx, &news).await?;
            tx.commit().await
        };
        if let Err(error) = kept.await {
            self.0.rejected.put_back(news);
            return Err(error.into());
        }
        Ok(None)
    }
}
