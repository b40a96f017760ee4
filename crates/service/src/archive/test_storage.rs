//! Test the storage with a small object.

use std::time::Duration;

use reelroom_domain::{
    access::{Thing, Verb},
    cause::Cause,
    usage::{StepTested, StoragePlace, StorageStep, StorageTest},
};
use reelroom_store::{Conn, StoreError, settings};
use tokio::time::{Instant, timeout};

use super::copy::OTHER_BYTES;
use crate::{Principal, Service, ServiceError};

/// The setting with the last test, and the place that was tested.
const LAST: &str = "storage_test";

/// The timeout of each step.
const PATIENCE: Duration = Duration::from_secs(20);

impl Service {
    /// Writes a small object to the storage, reads it back and deletes it. The result is kept.
    pub async fn test_storage(&self, by: &Principal) -> Result<StorageTest, ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let storage = &self.0.storage;
        let key = format!("reelroom-test-{}", self.0.rng.word(16));
        let bytes = self.0.rng.bytes::<1024>();
        let read_back = async { storage.get(&key).await.map(|read| read == bytes[..]) };
        let at = self.now();
        let wrote = async { storage.put(&key, bytes.to_vec()).await.map(|()| true) };
        let mut steps = vec![step(StorageStep::Write, wrote).await];
        if steps[0].failed.is_none() {
            steps.push(step(StorageStep::Read, read_back).await);
            let deleted = async { storage.delete(&key).await.map(|()| true) };
            steps.push(step(StorageStep::Delete, deleted).await);
        }
        let test = StorageTest { at, steps };
        tracing::info!(?test, by = by.name, "storage tested");
        let mut tx = self.0.store.write().await?;
        settings::set_value(&mut tx, LAST, &(storage.place(), &test)).await?;
        tx.commit().await?;
        Ok(test)
    }

    /// The last test of the storage, if it was at the same place.
    pub(super) async fn last_storage_test(
        &self,
        conn: &mut Conn,
    ) -> Result<Option<StorageTest>, StoreError> {
        let last: Option<(StoragePlace, StorageTest)> = settings::get_value(conn, LAST).await?;
        let here = self.0.storage.place();
        Ok(last
            .filter(|(place, _)| *place == here)
            .map(|(_, test)| test))
    }
}

/// Does a step within its time; its result is whether the bytes are right.
async fn step(
    step: StorageStep,
    work: impl Future<Output = Result<bool, object_store::Error>>,
) -> StepTested {
    let begun = Instant::now();
    let failed = match timeout(PATIENCE, work).await {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => Some(Cause::Storage(OTHER_BYTES.to_owned())),
        Ok(Err(error)) => Some(Cause::Storage(error.to_string())),
        Err(_) => Some(Cause::NoAnswer),
    };
    StepTested {
        step,
        millis: begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX),
        failed,
    }
}
