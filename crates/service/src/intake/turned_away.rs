//! Calls that were turned away: nothing of them is kept but how many there were, and from where.

use std::time::Duration;

use reelroom_domain::intake::{TurnedAwayFrom, TurnedAwayView};
use reelroom_store::turned_away;

use crate::{Service, ServiceError};

impl Service {
    /// Calls that showed neither secret nor token: how many, and who called last.
    pub async fn turned_away(&self) -> Result<TurnedAwayView, ServiceError> {
        let mut read = self.0.store.read().await?;
        let mut all = turned_away::list(&mut read).await?;
        for news in self.0.turned_away.list() {
            match all.iter_mut().find(|one| one.remote == news.remote) {
                Some(one) => {
                    one.calls += news.calls;
                    one.last_at = one.last_at.max(news.last_at);
                }
                None => all.push(news),
            }
        }
        let last = all.iter().max_by_key(|one| one.last_at).cloned();
        Ok(TurnedAwayView {
            calls: all.iter().map(|one| one.calls).sum(),
            last: last.map(|one| TurnedAwayFrom {
                remote: one.remote,
                calls: one.calls,
                first_at: one.first_at,
                last_at: one.last_at,
            }),
        })
    }

    /// Writes to the database what was counted since it was last written.
    pub(crate) async fn keep_turned_away(&self) -> Result<Option<Duration>, ServiceError> {
        let news = self.0.turned_away.take();
        if news.is_empty() {
            return Ok(None);
        }
        let kept = async {
            let mut tx = self.0.store.write().await?;
            turned_away::add(&mut tx, &news).await?;
            tx.commit().await
        };
        if let Err(error) = kept.await {
            self.0.turned_away.put_back(news);
            return Err(error.into());
        }
        Ok(None)
    }
}
