//! Completes a sign-in with the provider's answer.

use openidconnect::{OAuth2TokenResponse as _, TokenResponse as _};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{claims::Claims, error::SignOnError, flow::Flow};
use crate::{Browser, Service, SignedIn};

/// The query of the provider's answer (RFC 6749 §4.1.2).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProviderAnswer {
    /// The state of the request.
    pub state: String,
    /// The authorization code.
    pub code: Option<String>,
    /// The provider's error.
    pub error: Option<String>,
    /// The issuer (RFC 9207).
    #[serde(rename = "iss")]
    pub issuer: Option<String>,
}

impl Service {
    /// The page to show after the sign-in that a browser has begun at the provider; empty if there is none.
    pub fn sign_on_next(&self, browser: &Browser) -> String {
        match self.flow(browser) {
            Some(Flow::SignIn(flow)) => flow.next,
            _ => String::new(),
        }
    }

    /// The `Set-Cookie` value that ends the flow of a browser at the provider.
    pub fn end_flow_cookie(&self) -> String {
        self.flow_cookie("")
    }

    /// Opens a session for the person whom the provider has signed in. The authorization code is exchanged with
    /// the verifier that only this browser has, and the provider takes it once.
    pub async fn finish_sign_on(
        &self,
        browser: &Browser,
        answer: &ProviderAnswer,
    ) -> Result<SignedIn, SignOnError> {
        let provider = self.provider()?;
        let Some(Flow::SignIn(flow)) = self.flow(browser) else {
            return Err(SignOnError::Expired);
        };
        if !bool::from(flow.state.as_bytes().ct_eq(answer.state.as_bytes())) {
            return Err(SignOnError::Expired);
        }
        let issuer = answer.issuer.as_ref();
        if issuer.is_some_and(|issuer| *issuer != *provider.config.issuer) {
            return Err(SignOnError::NotVerified);
        }
        let Some(code) = answer.code.as_ref().filter(|_| answer.error.is_none()) else {
            let error = answer.error.as_deref().unwrap_or_default();
            tracing::info!(error, "single sign-on: refused by the provider");
            return Err(SignOnError::Refused);
        };
        let metadata = provider.metadata(self.now()).await?;
        let client = self.oidc_client(&metadata)?;
        let tokens = provider.exchange(&client, code, &flow.verifier).await?;
        let id_token = tokens.id_token().ok_or(SignOnError::NotVerified)?;
        let payload = self
            .verified(&metadata, |expected| {
                expected.id_token(id_token, &flow.nonce)
            })
            .await?;
        let groups = &provider.config.groups_claim;
        let user_info = if Claims::are_complete(&payload, groups) {
            None
        } else {
            let token = tokens.access_token();
            provider.user_info(&metadata, token).await?
        };
        let claims = Claims::read(payload, user_info.unwrap_or_default(), groups);
        let claims = claims.ok_or(SignOnError::NotVerified)?;
        self.sign_on(browser, claims, &id_token.to_string()).await
    }
}
