//! The header of the inbox: the callback addresses, and whether the platform reaches them.

use reelroom_domain::{
    access::{Thing, Verb},
    inbox::InboxHeader,
};
use reelroom_store::{inbox, settings};
use url::Url;

use crate::{Principal, Service, ServiceError, ground::secret::MASK};

/// The name of the last test's report among the settings.
pub(super) const LAST_TEST: &str = "last_test";

impl Service {
    /// Sets the address of the server on this machine, once.
    pub fn set_local_url(&self, url: Url) {
        let _ = self.0.local_url.set(url);
    }

    /// For administrators: the addresses for the platform's console, with the secret if `reveal`.
    pub async fn inbox_header(
        &self,
        by: &Principal,
        reveal: bool,
    ) -> Result<InboxHeader, ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let secret = if reveal { self.callback_secret() } else { MASK };
        let rejected = self.rejected().await?;
        let mut read = self.0.store.read().await?;
        let base = |url: &Url| url.as_str().trim_end_matches('/').to_owned();
        Ok(InboxHeader {
            public_url: self.0.public_url.as_ref().map(base),
            local_url: self.0.local_url.get().map(base),
            file_path: format!("/{secret}/AR/V1/av"),
            status_path: format!("/{secret}/AR/V1/status"),
            revealed: reveal,
            last_accepted_at: inbox::last_accepted_at(&mut read).await?,
            rejected,
            test: settings::get_value(&mut read, LAST_TEST).await?,
        })
    }
}
