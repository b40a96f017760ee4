//! Who may call back: who knows the secret, or brings a correlation token.

use reelroom_domain::{callback::CallbackKind, room::RoomId};
use reelroom_store::apps;
use subtle::ConstantTimeEq;

use crate::{Service, ServiceError, callbacks::take_in::RawCall, correlation};

/// What a callback must show. A valid correlation token is always enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallbackAuth {
    /// A secret in the path or the query.
    #[default]
    Secret,
    /// Nothing.
    Open,
}

impl Service {
    /// The first secret: the one for the address that we show.
    pub fn callback_secret(&self) -> &str {
        self.0
            .callback_secrets
            .first()
            .map_or("", |secret| secret.reveal())
    }

    pub(crate) async fn may_call(&self, call: &RawCall) -> Result<bool, ServiceError> {
        if self.0.callback_auth == CallbackAuth::Open {
            return Ok(true);
        }
        let given = call.secret.as_deref().unwrap_or_default().as_bytes();
        // Every secret is compared whole, so the time does not tell which came near.
        let known = self
            .0
            .callback_secrets
            .iter()
            .fold(subtle::Choice::from(0), |known, secret| {
                known | secret.reveal().as_bytes().ct_eq(given)
            });
        if bool::from(known) {
            return Ok(true);
        }
        Ok(call.kind == CallbackKind::Av && self.brings_token(&call.body).await?)
    }

    async fn brings_token(&self, body: &[u8]) -> Result<bool, ServiceError> {
        let zone = jiff::tz::TimeZone::UTC;
        let Ok(file) = reelroom_anyrtc::callback::read(body, &zone) else {
            return Ok(false);
        };
        let claim = file.user_data.as_deref().and_then(correlation::claim);
        let (Some(claim), Ok(room)) = (claim, RoomId::new(file.room)) else {
            return Ok(false);
        };
        let mut read = self.0.store.read().await?;
        let apps = apps::list(&mut read).await?;
        Ok(apps
            .iter()
            .any(|app| self.0.correlator.believes(&claim, app.id, &room)))
    }
}
