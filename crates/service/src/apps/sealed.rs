//! The secrets of an app, sealed.

use reelroom_domain::ids::AppId;
use reelroom_store::apps::{App, Sealed};

use crate::{SealError, Secret, Service};

impl Service {
    /// The secret that signs an app's calls to the video list; `None` where it has none.
    pub(crate) fn vod_token(&self, app: &App) -> Result<Option<Secret>, SealError> {
        let sealed = app.vod_token.as_ref();
        sealed
            .map(|sealed| self.0.vault.unseal(&app.id.to_string(), &sealed.bytes))
            .transpose()
    }

    /// Seals a secret of an app.
    pub(crate) fn seal(&self, app: AppId, secret: &Secret) -> Result<Sealed, SealError> {
        Ok(Sealed {
            bytes: self.0.vault.seal(&app.to_string(), secret, &self.0.rng)?,
            set_at: self.now(),
        })
    }
}
