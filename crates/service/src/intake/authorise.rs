//! Who may call back: who knows the secret, or brings a correlation token.

use std::net::IpAddr;

use ipnet::IpNet;
use reelroom_domain::{callback::CallbackKind, room::RoomId};
use subtle::ConstantTimeEq;

use super::take_in::RawCall;
use crate::{CallbackAuth, Service, ServiceError, ground::correlation};

impl Service {
    /// The first secret: the one for the address that we show.
    pub fn callback_secret(&self) -> &str {
        self.0
            .callback_secrets
            .first()
            .map_or("", |secret| secret.reveal())
    }

    /// Whether a call may come in whatever its body is, by what its address shows and where it comes
    /// from.
    pub fn lets_in(&self, secrets: &[String], remote: Option<IpAddr>) -> bool {
        let comes_from = |networks: &[IpNet]| {
            remote.is_some_and(|address| networks.iter().any(|network| network.contains(&address)))
        };
        match &self.0.callback_auth {
            CallbackAuth::Open => true,
            CallbackAuth::Secret => self.knows_one_of(secrets),
            CallbackAuth::SecretFrom(networks) => self.knows_one_of(secrets) & comes_from(networks),
            CallbackAuth::From(networks) => comes_from(networks),
        }
    }

    pub(crate) async fn may_call(&self, call: &RawCall) -> Result<bool, ServiceError> {
        // Reading the body costs more than all of that: only who shows nothing else is read.
        Ok(self.lets_in(&call.secrets, call.remote)
            || call.kind == CallbackKind::Av && self.brings_token(call).await?)
    }

    fn knows_one_of(&self, secrets: &[String]) -> bool {
        // Every secret is compared whole, so the time does not tell which came near.
        let mut known = subtle::Choice::from(0);
        for given in secrets {
            for secret in &self.0.callback_secrets {
                known |= secret.reveal().as_bytes().ct_eq(given.as_bytes());
            }
        }
        known.into()
    }

    async fn brings_token(&self, call: &RawCall) -> Result<bool, ServiceError> {
        let zone = jiff::tz::TimeZone::UTC;
        let Ok(file) = reelroom_anyrtc::callback::read_raw(&call.body(), &zone) else {
            return Ok(false);
        };
        let claim = file.user_data.as_deref().and_then(correlation::claim);
        let (Some(claim), Ok(room)) = (claim, RoomId::new(file.room)) else {
            return Ok(false);
        };
        let apps = self.known_apps().await?;
        Ok(apps
            .iter()
            .any(|app| self.0.correlator.verifies(&claim, app.id, &room)))
    }
}
