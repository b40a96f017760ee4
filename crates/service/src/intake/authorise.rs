//! Authorisation of callbacks: by a secret, by the address of the sender, or by a correlation token.

use std::net::IpAddr;

use ipnet::IpNet;
use reelroom_domain::{callback::CallbackKind, room::RoomId};
use subtle::ConstantTimeEq;

use super::accept::RawCall;
use crate::{CallbackAuth, Service, ServiceError};

impl Service {
    /// The first secret, which is in the address that people are shown.
    pub fn callback_secret(&self) -> &str {
        self.0
            .callback_secrets
            .first()
            .map_or("", |secret| secret.reveal())
    }

    /// Whether a call is authorised whatever its body is: by the secrets in its address, and by the
    /// address of its sender.
    pub fn has_access(&self, secrets: &[String], remote: Option<IpAddr>) -> bool {
        let comes_from = |networks: &[IpNet]| {
            remote.is_some_and(|address| networks.iter().any(|network| network.contains(&address)))
        };
        match &self.0.callback_auth {
            CallbackAuth::Open => true,
            CallbackAuth::Secret => self.has_secret(secrets),
            CallbackAuth::SecretFrom(networks) => self.has_secret(secrets) & comes_from(networks),
            CallbackAuth::From(networks) => comes_from(networks),
        }
    }

    /// Whether a call is authorised.
    pub(crate) async fn is_authorised(&self, call: &RawCall) -> Result<bool, ServiceError> {
        // Last, because it parses the body.
        Ok(self.has_access(&call.secrets, call.remote)
            || call.kind == CallbackKind::Av && self.has_token(call).await?)
    }

    fn has_secret(&self, secrets: &[String]) -> bool {
        // In constant time.
        let mut known = subtle::Choice::from(0);
        for given in secrets {
            for secret in &self.0.callback_secrets {
                known |= secret.reveal().as_bytes().ct_eq(given.as_bytes());
            }
        }
        known.into()
    }

    async fn has_token(&self, call: &RawCall) -> Result<bool, ServiceError> {
        let zone = jiff::tz::TimeZone::UTC;
        let Ok(file) = reelroom_anyrtc::callback::read_raw(&call.body(), &zone) else {
            return Ok(false);
        };
        let (Some(data), Ok(room)) = (file.user_data, RoomId::new(file.room)) else {
            return Ok(false);
        };
        let apps = self.known_apps().await?;
        let apps = apps.iter().map(|app| app.id);
        Ok(self.0.correlator.token(&data, &room, apps).is_some())
    }
}
