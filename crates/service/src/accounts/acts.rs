//! Acts for the history of access.

use std::collections::BTreeMap;

use reelroom_domain::{
    act::{Act, ActKind, SettingsChange, detail},
    ids::UserId,
};
use reelroom_store::acts;

use crate::{Browser, Principal, Service, ServiceError};

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

    /// An act that changes the settings of the subject, with what else is known.
    pub(crate) fn settings_act(
        &self,
        by: &Principal,
        browser: &Browser,
        change: SettingsChange,
        subject: &str,
        known: &[(&str, String)],
    ) -> Act {
        let act = self.act(Some((by.user, &by.name)), browser, ActKind::SettingsChanged);
        let change = (detail::CHANGE, change.as_str().to_owned());
        let known = known.iter().cloned().chain([change]);
        Act {
            subject: subject.to_owned(),
            detail: known
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            ..act
        }
    }
}
