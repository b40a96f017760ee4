//! Who may call back: who knows the secret, or brings a correlation token.

use ipnet::IpNet;
use reelroom_domain::{callback::CallbackKind, room::RoomId};
use subtle::ConstantTimeEq;

use crate::{Service, ServiceError, callbacks::take_in::RawCall, correlation};

/// What a callback must show. A valid correlation token is always enough.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CallbackAuth {
    /// A secret in the path or the query.
    #[default]
    Secret,
    /// A secret, and it comes from one of these networks.
    SecretFrom(Vec<IpNet>),
    /// It comes from one of these networks.
    From(Vec<IpNet>),
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
        let comes_from = |networks: &[IpNet]| {
            call.remote
                .is_some_and(|address| networks.iter().any(|network| network.contains(&address)))
        };
        let shown = match &self.0.callback_auth {
            CallbackAuth::Open => true,
            CallbackAuth::Secret => self.knows_secret(call),
            CallbackAuth::SecretFrom(networks) => self.knows_secret(call) & comes_from(networks),
            CallbackAuth::From(networks) => comes_from(networks),
        };
        // Reading the body costs more than all of the above: only who shows nothing else is read.
        Ok(shown || call.kind == CallbackKind::Av && self.brings_token(&call.body).await?)
    }

    fn knows_secret(&self, call: &RawCall) -> bool {
        let given = call.secret.as_deref().unwrap_or_default().as_bytes();
        // Every secret is compared whole, so the time does not tell which came near.
        let known = self
            .0
            .callback_secrets
            .iter()
            .fold(subtle::Choice::from(0), |known, secret| {
                known | secret.reveal().as_bytes().ct_eq(given)
            });
        known.into()
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
        let apps = self.known_apps().await?;
        Ok(apps
            .iter()
            .any(|app| self.0.correlator.believes(&claim, app.id, &room)))
    }
}
