//! Starts a sign-in at the provider.

use openidconnect::{
    AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    core::CoreResponseType,
};
use url::Url;

use super::{
    error::SignOnError,
    flow::{Flow, SignInFlow},
};
use crate::{
    Service,
    ground::provider::{Metadata, OidcClient, Provider},
};

/// The longest page to return to, in bytes; a longer one is replaced by the home page.
const LONGEST_NEXT: usize = 1_000;

/// An address at the provider, and the `Set-Cookie` value of the flow there.
#[derive(Debug, Clone)]
pub struct ToProvider {
    /// The address.
    pub url: Url,
    /// The `Set-Cookie` value.
    pub cookie: String,
}

impl Service {
    pub(super) fn provider(&self) -> Result<&Provider, SignOnError> {
        self.0.oidc.as_ref().ok_or(SignOnError::NoProvider)
    }

    /// The name of the provider for people, and its host; `None` where there is no provider.
    pub fn provider_names(&self) -> Option<(&str, &str)> {
        let config = &self.0.oidc.as_ref()?.config;
        let host = config.host();
        Some((config.name.as_deref().unwrap_or(host), host))
    }

    /// The absolute address of a path of this site.
    pub(super) fn site_url(&self, path: &str) -> Result<Url, SignOnError> {
        let url = format!("{}{path}", self.site());
        Url::parse(&url).map_err(|_| SignOnError::NoProvider)
    }

    /// A client for the provider whose answers come to `/auth/callback`.
    pub(super) fn oidc_client(&self, metadata: &Metadata) -> Result<OidcClient, SignOnError> {
        let redirect = RedirectUrl::from_url(self.site_url("/auth/callback")?);
        Ok(self.provider()?.client(metadata, redirect))
    }

    /// Starts a sign-in, after which the browser shows the page `next`.
    pub async fn start_sign_on(&self, next: &str) -> Result<ToProvider, SignOnError> {
        let provider = self.provider()?;
        let metadata = provider.metadata(self.now()).await?;
        let client = self.oidc_client(&metadata)?;
        let rng = &self.0.rng;
        let flow = SignInFlow {
            state: rng.word(32),
            nonce: rng.word(32),
            verifier: rng.word(64),
            next: Some(next)
                .filter(|next| next.len() <= LONGEST_NEXT)
                .unwrap_or("/")
                .to_owned(),
        };
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            flow.verifier.clone(),
        ));
        let (state, nonce) = (flow.state.clone(), flow.nonce.clone());
        // A provider that has a scope for the groups sends them only with it.
        let known = metadata.scopes_supported().into_iter().flatten();
        let groups = known.filter(|scope| scope.as_str() == provider.config.groups_claim);
        let request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scopes(groups.cloned())
            .set_pkce_challenge(challenge);
        let (url, ..) = request.url();
        let sealed = self.seal_flow(&Flow::SignIn(flow));
        let cookie = self.flow_cookie(&sealed.ok_or(SignOnError::Expired)?);
        Ok(ToProvider { url, cookie })
    }
}
