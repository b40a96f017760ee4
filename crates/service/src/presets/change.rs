//! The error of changes of presets, and what they share.

use reelroom_domain::{order::FormField, preset::BadPresetName};
use reelroom_store::{Write, presets::Changed, settings};

use crate::{Principal, Service, ServiceError};

/// A preset was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// The name is invalid.
    #[error(transparent)]
    Name(#[from] BadPresetName),
    /// Another preset of the app has the name.
    #[error("the name is taken")]
    Taken,
    /// These fields of the form are over their limit; nothing was stored.
    #[error("over the limit: {0:?}")]
    OverLimit(Vec<FormField>),
    /// The app has [as many presets as it may](reelroom_domain::preset::Presets::has_room).
    #[error("no room for another preset")]
    Full,
    /// The preset was deleted.
    #[error("the preset is gone")]
    Gone,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Begins a transaction that changes presets. Such transactions run one after the other, so that each decides on
    /// what the ones before have written.
    pub(super) async fn change_presets(&self) -> Result<Write, ServiceError> {
        let mut tx = self.0.store.write().await?;
        settings::lock(&mut tx).await?;
        Ok(tx)
    }

    pub(super) fn changed<'a>(&self, by: &'a Principal) -> Changed<'a> {
        Changed {
            at: self.now(),
            by: &by.name,
        }
    }
}
