//! A person says that a call is dealt with.

use reelroom_domain::{ids::CallbackId, user::Role, view::Change};
use reelroom_store::callbacks;

use crate::{Principal, Service, ServiceError, require};

impl Service {
    /// Notes that a call needs no look any more, or, where `dealt` is not true, that it does.
    pub async fn deal_with_call(
        &self,
        by: &Principal,
        id: CallbackId,
        dealt: bool,
    ) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let who = dealt.then_some((by.name.as_str(), now));
        if !callbacks::deal(&mut tx, id, who).await? {
            return Err(ServiceError::NotFound);
        }
        tx.commit().await?;
        self.publish(Change::Callback);
        Ok(())
    }
}
