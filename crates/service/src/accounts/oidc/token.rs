//! Verifies tokens that the provider has signed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
use openidconnect::{
    ClaimsVerificationError, ClientId, JsonWebKey, JsonWebKeyId, Nonce, SignatureVerificationError,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use reelroom_domain::time::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::error::SignOnError;
use crate::{Service, ground::provider::Metadata};

/// The tolerated clock skew of the provider, in milliseconds.
const SKEW: i64 = 60_000;
/// The maximum age of a token, in milliseconds.
const OLDEST: i64 = 5 * 60_000;
/// The event of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4).
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The accepted signature algorithms. None has a shared secret, with which a verifier could sign, too.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A token that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unverified {
    /// It is signed with an unknown key: the provider may have a new key, perhaps with the id of an old one or without
    /// an id.
    #[error("signed with an unknown key")]
    UnknownKey,
    /// Its time is outside the tolerance by our clock, for this reason.
    #[error("{0}")]
    WrongTime(String),
    /// It is not valid for this reason.
    #[error("{0}")]
    Invalid(String),
}

impl Unverified {
    fn because(reason: &str) -> Self {
        Self::Invalid(reason.to_owned())
    }
}

impl From<ClaimsVerificationError> for Unverified {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey
                | SignatureVerificationError::CryptoError(_),
            ) => Self::UnknownKey,
            ClaimsVerificationError::Expired(cause) => Self::WrongTime(cause),
            ClaimsVerificationError::SignatureVerification(cause) => {
                Self::Invalid(cause.to_string())
            }
            other => Self::Invalid(other.to_string()),
        }
    }
}

/// The claims of a token.
pub(super) type Payload = Map<String, Value>;

/// The values that a token must match.
pub(super) struct Expected<'a> {
    pub metadata: &'a Metadata,
    pub client_id: &'a str,
    pub now: Timestamp,
}

impl Expected<'_> {
    /// The claims of an ID token, if it is valid (OpenID Connect Core 1.0 §3.1.3.7).
    pub fn id_token(&self, token: &CoreIdToken, nonce: &str) -> Result<Payload, Unverified> {
        let (client, now) = (ClientId::new(self.client_id.to_owned()), self.now);
        let keys = self.metadata.jwks().clone();
        let verifier = CoreIdTokenVerifier::new_public_client(
            client.clone(),
            self.metadata.issuer().clone(),
            keys,
        );
        let verifier = verifier
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || system_time(now.plus_millis(-SKEW)).into())
            .set_issue_time_verifier_fn(move |at| {
                let at = Timestamp::from_millis(at.timestamp_millis());
                is_recent(at, now)
                    .then_some(())
                    .ok_or_else(|| format!("issued {} ms ago by our clock", now.since(at)))
            });
        let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
        if claims
            .authorized_party()
            .is_some_and(|party| *party != client)
        {
            return Err(Unverified::because("issued to another client"));
        }
        let text = token.to_string();
        let payload: Payload = text
            .split('.')
            .nth(1)
            .and_then(json)
            .ok_or_else(|| Unverified::because("not a token"))?;
        if moment(&payload, "nbf").is_some_and(|from| from.since(now) > SKEW) {
            return Err(Unverified::WrongTime("not valid yet".to_owned()));
        }
        Ok(payload)
    }

    /// The session and the subject that a logout token ends, if it is valid (OpenID Connect Back-Channel
    /// Logout 1.0 §2.6).
    pub fn logout_token(&self, token: &str) -> Result<Ended, Unverified> {
        let payload = self.signed(token)?;
        let text = |name: &str| payload.get(name)?.as_str().filter(|text| !text.is_empty());
        let demand = |is_right: bool, reason: &str| {
            is_right
                .then_some(())
                .ok_or_else(|| Unverified::because(reason))
        };
        let issuer = self.metadata.issuer().as_str();
        demand(text("iss") == Some(issuer), "of another issuer")?;
        let audience = list(payload.get("aud"));
        let is_for_us = audience.iter().any(|one| one == self.client_id);
        demand(is_for_us, "for another client")?;
        let began_at = moment(&payload, "iat").filter(|at| is_recent(*at, self.now));
        let began_at = began_at.ok_or_else(|| Unverified::because("not issued recently"))?;
        let expires = moment(&payload, "exp");
        let is_over = expires.is_some_and(|at| self.now.since(at) >= SKEW);
        demand(!is_over, "expired")?;
        let event = payload.get("events").and_then(|events| events.get(LOGOUT));
        demand(event.is_some_and(Value::is_object), "not about a logout")?;
        demand(!payload.contains_key("nonce"), "with a nonce")?;
        let [session, subject] = ["sid", "sub"].map(|name| text(name).map(str::to_owned));
        demand(
            session.is_some() || subject.is_some(),
            "about no session and nobody",
        )?;
        Ok(Ended {
            session,
            subject,
            begun_by: began_at.plus_millis(SKEW),
        })
    }

    /// The claims of a signed token (RFC 7515). Verifies the signature only.
    fn signed(&self, token: &str) -> Result<Payload, Unverified> {
        let malformed = || Unverified::because("not a token");
        let (signed, signature) = token.rsplit_once('.').ok_or_else(malformed)?;
        let (header, payload) = signed.split_once('.').ok_or_else(malformed)?;
        let header: Header = json(header).ok_or_else(malformed)?;
        if header.crit.is_some() || !ALGORITHMS.contains(&header.alg) {
            return Err(Unverified::because("of an algorithm that is not allowed"));
        }
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes());
        let signature = signature.map_err(|_| malformed())?;
        let is_named =
            |key: &&CoreJsonWebKey| header.kid.is_none() || key.key_id() == header.kid.as_ref();
        let mut keys = self.metadata.jwks().keys().iter().filter(is_named);
        let is_verified = keys.any(|key| {
            key.verify_signature(&header.alg, signed.as_bytes(), &signature)
                .is_ok()
        });
        if !is_verified {
            return Err(Unverified::UnknownKey);
        }
        json(payload).ok_or_else(malformed)
    }
}

impl Service {
    /// The result of `verify` for a token of the provider. If it is signed with an unknown key, the keys are fetched
    /// again.
    pub(super) async fn verified<T>(
        &self,
        metadata: &Metadata,
        verify: impl Fn(&Expected<'_>) -> Result<T, Unverified>,
    ) -> Result<T, SignOnError> {
        let provider = self.provider()?;
        let (config, now) = (&provider.config, self.now());
        let verify = |metadata: &Metadata| {
            verify(&Expected {
                metadata,
                client_id: &config.client_id,
                now,
            })
        };
        let verified = match verify(metadata) {
            Err(Unverified::UnknownKey) => {
                let renewed = provider.renewed(now).await?;
                verify(&renewed)
            }
            other => other,
        };
        verified.map_err(|error| {
            tracing::warn!(%error, issuer = %config.issuer, "single sign-on: a token is not valid");
            match error {
                Unverified::WrongTime(_) => SignOnError::Clock,
                Unverified::UnknownKey | Unverified::Invalid(_) => SignOnError::NotVerified,
            }
        })
    }
}

/// The sessions that a logout token ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    /// The provider's session.
    pub session: Option<String>,
    /// The person.
    pub subject: Option<String>,
    /// The latest begin of the sessions that end.
    pub begun_by: Timestamp,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<JsonWebKeyId>,
    crit: Option<Value>,
}

/// A part of a token: JSON in base64url.
fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The moment of a claim, which is in seconds.
fn moment(payload: &Payload, name: &str) -> Option<Timestamp> {
    let seconds = payload.get(name)?.as_i64()?;
    Some(Timestamp::from_millis(seconds.saturating_mul(1000)))
}

/// Whether a token that was issued then is recent.
fn is_recent(issued: Timestamp, now: Timestamp) -> bool {
    (-SKEW..=OLDEST).contains(&now.since(issued))
}

/// A list of texts, which some providers send as one text where it has one member.
pub(super) fn list(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(all)) => {
            let texts = all.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn system_time(at: Timestamp) -> SystemTime {
    let millis = u64::try_from(at.as_millis()).unwrap_or_default();
    UNIX_EPOCH + Duration::from_millis(millis)
}
