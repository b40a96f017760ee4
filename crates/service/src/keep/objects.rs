//! Compares the storage with the rows: objects that no row knows are listed, never deleted. Rows without objects are
//! found by the check of the copies.

use std::time::Duration;

use futures::StreamExt;
use reelroom_domain::usage::Orphan;
use reelroom_store::orphans;

use crate::{
    Service, ServiceError,
    archive::keys,
    ground::{jobs::Job, storage::Object},
};

/// How many objects are compared at once.
const AT_ONCE: usize = 1000;
/// The most objects without a row that are stored.
const STORED: usize = 10_000;
/// The age in milliseconds from which on an object counts: the row of a newer one may be about to be written.
const LEAST_AGE: i64 = 60 * 60_000;

impl Service {
    /// Lists the storage, and stores which objects have no row.
    pub(crate) async fn compare_storage(&self) -> Result<Option<Duration>, ServiceError> {
        let newest = self.now().plus_millis(-LEAST_AGE);
        let mut objects = self.0.storage.list().chunks(AT_ONCE);
        let mut found = Vec::new();
        while let Some(objects) = objects.next().await {
            self.0.jobs.progress(Job::Objects);
            let mut old = Vec::new();
            for object in objects {
                let Object {
                    key,
                    size,
                    modified_at,
                } = object?;
                if modified_at <= newest {
                    old.push(Orphan {
                        key,
                        size,
                        modified_at,
                    });
                }
            }
            let copies: Vec<String> = old
                .iter()
                .map(|one| keys::copy_of(&one.key).to_owned())
                .collect();
            let known = orphans::known(&mut *self.0.store.read().await?, &copies).await?;
            old.retain(|one| !known.contains(keys::copy_of(&one.key)));
            found.extend(old);
            found.truncate(STORED);
        }
        if !found.is_empty() {
            tracing::warn!(
                objects = found.len(),
                "the storage has objects without a row"
            );
        }
        let mut tx = self.0.store.write().await?;
        orphans::replace(&mut tx, &found).await?;
        tx.commit().await?;
        Ok(None)
    }
}
