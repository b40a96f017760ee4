//! Calls that were turned away: nothing of them is kept but how many there were, and from where.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reelroom_domain::{
    intake::{TurnedAwayFrom, TurnedAwayView},
    time::Timestamp,
};
use reelroom_store::turned_away::{self, TurnedAway};

use crate::{Service, ServiceError};

/// So many addresses are counted apart between two visits to the database; the database itself
/// remembers as many.
const MOST: usize = 100;

/// What was counted since the database was told.
#[derive(Default)]
pub(crate) struct Counted(Mutex<HashMap<String, TurnedAway>>);

impl Counted {
    /// One more, from there.
    pub fn note(&self, remote: String, now: Timestamp) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !counted.contains_key(&remote) && counted.len() == MOST {
            let oldest = counted.values().min_by_key(|one| one.last_at);
            if let Some(oldest) = oldest.map(|one| one.remote.clone()) {
                counted.remove(&oldest);
            }
        }
        let one = counted
            .entry(remote)
            .or_insert_with_key(|remote| TurnedAway {
                remote: remote.clone(),
                calls: 0,
                first_at: now,
                last_at: now,
            });
        one.calls += 1;
        one.last_at = now;
    }

    fn list(&self) -> Vec<TurnedAway> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.values().cloned().collect()
    }

    fn take(&self) -> Vec<TurnedAway> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.drain().map(|(_, one)| one).collect()
    }

    /// The database did not take them.
    fn put_back(&self, news: Vec<TurnedAway>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in news {
            match counted.get_mut(&one.remote) {
                Some(known) => {
                    known.calls += one.calls;
                    known.first_at = known.first_at.min(one.first_at);
                }
                None => {
                    counted.insert(one.remote.clone(), one);
                }
            }
        }
    }
}

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
