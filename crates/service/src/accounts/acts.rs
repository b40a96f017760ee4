//! Acts for the history of access.

use std::collections::BTreeMap;

use reelroom_domain::{
    act::{Act, ActKind},
    ids::UserId,
};
use reelroom_store::acts;

use crate::{Browser, Service, ServiceError};

impl Service {
    /// An act of an account in its browser, now. What it is about is added by the caller, who appends it in
    /// the transaction of what is done.
    pub(crate) fn act(&self, by: Option<(UserId, &str)>, browser: &Browser, kind: ActKind) -> Act {
        let now = self.now();
        Act {
            at: now,
            until: now,
            user: by.map(|(id, _)| id),
            name: by.map(|(_, name)| name.to_owned()).unwrap_or_default(),
            kind,
            subject: String::new(),
            room: None,
            recording: None,
            file: None,
            detail: BTreeMap::new(),
            address: browser.address.map(|address| address.to_string()),
            agent: browser.short_agent(),
        }
    }
    /// Appends an act with which nothing else is written.
    pub(crate) async fn record(&self, act: &Act) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        acts::append(&mut tx, act).await?;
        Ok(tx.commit().await?)
    }
}
