//! The provider of single sign-on (OpenID Connect): its metadata and keys, and requests to it.

use std::{mem, sync::Arc, time::Duration};

use openidconnect::{
    AccessToken, AuthorizationCode, ClientId, ClientSecret, EndSessionUrl, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeVerifier,
    ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, TokenUrl, UserInfoUrl,
    core::{CoreClient, CoreTokenResponse},
    http::{Request, StatusCode, header},
};
use reelroom_domain::time::Timestamp;
use reqwest::{Client, redirect::Policy};
use serde_json::{Map, Value};
use tokio::{sync::Mutex, time::timeout};
use url::Url;

use super::{
    config::{OidcConfig, is_protected},
    error::in_one_line,
};

/// The timeout of a request, and of fetching metadata and keys together.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long metadata and keys are used, in milliseconds.
const FRESH: i64 = 60 * 60_000;
/// The least time between two fetches because of a missing key, in milliseconds.
const PAUSE: i64 = 60_000;
/// The largest response in bytes.
const LARGEST: usize = 1 << 20;

/// The provider's metadata with its keys.
pub(crate) type Metadata = ProviderMetadataWithLogout;

/// A client with the endpoints of [`Metadata`].
pub(crate) type OidcClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A request to the provider failed. The log has the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProviderError {
    /// There was no answer, or not that of a provider.
    #[error("the provider of single sign-on did not answer")]
    NoAnswer,
    /// The request was rejected.
    #[error("the provider of single sign-on rejected the request")]
    Rejected,
}

/// The error of an HTTP request.
#[derive(Debug, thiserror::Error)]
enum HttpError {
    #[error(transparent)]
    Failed(#[from] reqwest::Error),
    #[error("a response of more than {LARGEST} bytes")]
    TooLarge,
}

/// The provider.
pub(crate) struct Provider {
    pub config: OidcConfig,
    http: Client,
    known: Mutex<Option<Known>>,
}

/// Metadata in the cache.
struct Known {
    metadata: Arc<Metadata>,
    fetched_at: Timestamp,
    /// When fetching it because of a missing key was last tried.
    renewed_at: Option<Timestamp>,
}

impl Provider {
    /// The provider of this configuration. It is not contacted yet.
    pub fn new(config: OidcConfig) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .timeout(DEADLINE)
            // A redirect could lead into our own network.
            .redirect(Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(reelroom_anyrtc::client::tls())
            .build()?;
        Ok(Self {
            config,
            http,
            known: Mutex::default(),
        })
    }

    /// The metadata and keys, at most an hour old.
    pub async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, ProviderError> {
        self.known(now, None, |known| now.since(known.fetched_at) < FRESH)
            .await
    }

    /// The metadata and keys, fetched again for a token with an unknown key, unless that was tried within a
    /// minute.
    pub async fn renewed(&self, now: Timestamp) -> Result<Arc<Metadata>, ProviderError> {
        let is_recent = |known: &Known| known.renewed_at.is_some_and(|at| now.since(at) < PAUSE);
        self.known(now, Some(now), is_recent).await
    }

    /// The cached metadata if it `is_good`, else what is fetched now. Concurrent calls share one fetch, and have
    /// the same timeout.
    async fn known(
        &self,
        now: Timestamp,
        renewed_at: Option<Timestamp>,
        is_good: impl Fn(&Known) -> bool,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let fetched = async {
            let mut slot = self.known.lock().await;
            if let Some(known) = slot.as_mut() {
                if is_good(known) {
                    return Ok(Arc::clone(&known.metadata));
                }
                known.renewed_at = renewed_at.or(known.renewed_at);
            }
            let renewed_at = slot.as_ref().and_then(|known| known.renewed_at);
            let metadata = Arc::new(self.discover().await?);
            *slot = Some(Known {
                metadata: Arc::clone(&metadata),
                fetched_at: now,
                renewed_at,
            });
            Ok(metadata)
        };
        timeout(DEADLINE, fetched).await.unwrap_or_else(|_| {
            tracing::warn!(issuer = %self.config.issuer, "single sign-on: no metadata in time");
            Err(ProviderError::NoAnswer)
        })
    }

    async fn discover(&self) -> Result<Metadata, ProviderError> {
        let issuer = self.config.issuer.clone();
        let http = self.http.clone();
        let http = move |request: HttpRequest| send(http.clone(), request);
        let found = Metadata::discover_async(issuer, &http).await;
        let metadata = found.map_err(|error| {
            let cause = in_one_line(&error);
            tracing::warn!(issuer = %self.config.issuer, cause, "single sign-on: no metadata");
            ProviderError::NoAnswer
        })?;
        if let Some(url) = addresses(&metadata).find(|url| !is_protected(url)) {
            let issuer = &self.config.issuer;
            tracing::warn!(%issuer, %url, "single sign-on: an address without https");
            return Err(ProviderError::NoAnswer);
        }
        Ok(metadata)
    }

    /// A client whose answers go to `redirect`.
    pub fn client(&self, metadata: &Metadata, redirect: RedirectUrl) -> OidcClient {
        let id = ClientId::new(self.config.client_id.clone());
        let secret = self.config.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect)
    }

    /// Exchanges an authorization code for tokens.
    pub async fn exchange(
        &self,
        client: &OidcClient,
        code: &str,
        verifier: &str,
    ) -> Result<CoreTokenResponse, ProviderError> {
        let Ok(request) = client.exchange_code(AuthorizationCode::new(code.to_owned())) else {
            tracing::warn!(issuer = %self.config.issuer, "single sign-on: no token endpoint");
            return Err(ProviderError::NoAnswer);
        };
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        let http = self.http.clone();
        let http = move |request: HttpRequest| send(http.clone(), request);
        let tokens = request.request_async(&http).await;
        tokens.map_err(|error| {
            let cause = in_one_line(&error);
            tracing::warn!(issuer = %self.config.issuer, cause, "single sign-on: no tokens");
            match error {
                RequestTokenError::Request(_) => ProviderError::NoAnswer,
                _ => ProviderError::Rejected,
            }
        })
    }

    /// The claims of the user-info endpoint; `None` where there is no such endpoint.
    pub async fn user_info(
        &self,
        metadata: &Metadata,
        token: &AccessToken,
    ) -> Result<Option<Map<String, Value>>, ProviderError> {
        let Some(endpoint) = metadata.userinfo_endpoint() else {
            return Ok(None);
        };
        let bearer = format!("Bearer {}", token.secret());
        let request = Request::get(endpoint.as_str())
            .header(header::AUTHORIZATION, bearer)
            .header(header::ACCEPT, "application/json")
            .body(Vec::new());
        let request = request.map_err(|_| ProviderError::Rejected)?;
        let answer = send(self.http.clone(), request).await.map_err(|error| {
            let cause = in_one_line(&error);
            tracing::warn!(issuer = %self.config.issuer, cause, "single sign-on: no user info");
            ProviderError::NoAnswer
        })?;
        let claims = serde_json::from_slice(answer.body()).ok();
        let claims = claims.filter(|_| answer.status() == StatusCode::OK);
        if claims.is_none() {
            let status = answer.status().as_u16();
            tracing::warn!(issuer = %self.config.issuer, status, "single sign-on: no user info");
        }
        claims.map(Some).ok_or(ProviderError::Rejected)
    }
}

/// The addresses of a provider that this server or browsers use.
fn addresses(metadata: &Metadata) -> impl Iterator<Item = &Url> {
    let sign_out = &metadata.additional_metadata().end_session_endpoint;
    let all = [
        Some(metadata.authorization_endpoint().url()),
        Some(metadata.jwks_uri().url()),
        metadata.token_endpoint().map(TokenUrl::url),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        sign_out.as_ref().map(EndSessionUrl::url),
    ];
    all.into_iter().flatten()
}

/// Sends a request, and reads the response up to its limit.
async fn send(http: Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let mut response = http.execute(request.try_into()?).await?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let mut answer = HttpResponse::new(body);
    *answer.status_mut() = response.status();
    *answer.headers_mut() = mem::take(response.headers_mut());
    Ok(answer)
}
