//! Mark a call as dealt with.

use reelroom_domain::{
    access::{Thing, Verb},
    change::Change,
    ids::CallId,
};
use reelroom_store::inbox;

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Marks a call as dealt with, or removes that mark.
    pub async fn deal_with_call(
        &self,
        by: &Principal,
        id: CallId,
        dealt: bool,
    ) -> Result<(), ServiceError> {
        by.require(Verb::Change, Thing::Callbacks)?;
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let who = dealt.then_some((by.name.as_str(), now));
        if !inbox::set_dealt(&mut tx, id, who).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        self.publish(Change::Callback);
        Ok(())
    }
}
