//! The addresses that files may be fetched from. A download address is untrusted: it, or a redirect, may
//! point into our own network.

mod network;
mod rules;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use parking_lot::Mutex;
use reelroom_domain::{cause::Cause, ids::AppId};
use reelroom_store::apps::App;
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, HeaderValue, LOCATION},
};
use url::Url;

use self::rules::Rules;
pub(crate) use self::rules::{allows, entry_for, is_entry};

/// How many redirects are followed.
const REDIRECTS: usize = 3;

/// The HTTP clients for files: no redirects of their own (they would bypass the check), no proxy, no
/// decompression.
///
/// Each app has one for its current rules, because a pooled connection must not serve a request under
/// other rules.
pub(crate) struct FileClient {
    lookup: Lookup,
    clients: Mutex<HashMap<AppId, (Arc<Rules>, Client)>>,
}

/// A file was not requested, or there was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GetError {
    /// The app does not allow the address, or one that a redirect leads to.
    #[error("blocked: {0}")]
    Refused(#[from] Cause),
    /// There were more redirects than [`REDIRECTS`].
    #[error("too many redirects")]
    Redirects,
    /// There was no answer.
    #[error(transparent)]
    Failed(reqwest::Error),
}

impl From<reqwest::Error> for GetError {
    fn from(error: reqwest::Error) -> Self {
        refused(&error).map_or(Self::Failed(error), Self::Refused)
    }
}

impl FileClient {
    pub fn new() -> Self {
        Self::with_lookup(Arc::new(look_up))
    }

    fn with_lookup(lookup: Lookup) -> Self {
        Self {
            lookup,
            clients: Mutex::default(),
        }
    }

    /// Requests the file at `address` with these headers, and follows redirects. The app must allow each
    /// address on the way.
    pub async fn get(
        &self,
        address: &str,
        app: &App,
        headers: HeaderMap,
    ) -> Result<Response, GetError> {
        let (rules, client) = self.client(app)?;
        if address.is_empty() {
            return Err(Cause::NoAddress.into());
        }
        let mut url = Url::parse(address).map_err(|_| Cause::Address)?;
        for _ in 0..=REDIRECTS {
            rules.check(&url)?;
            let request = client.get(url.clone()).headers(headers.clone());
            let answer = request.send().await?;
            let location = answer.headers().get(LOCATION);
            match (answer.status().as_u16(), location) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => url = target(&url, location)?,
                _ => return Ok(answer),
            }
        }
        Err(GetError::Redirects)
    }

    /// The rules of `app` and its client.
    fn client(&self, app: &App) -> Result<(Arc<Rules>, Client), reqwest::Error> {
        let rules = Rules::of(app);
        let mut clients = self.clients.lock();
        if let Some(known) = clients.get(&app.id)
            && *known.0 == rules
        {
            return Ok(known.clone());
        }
        let rules = Arc::new(rules);
        let resolver = Resolver {
            rules: Arc::clone(&rules),
            lookup: Arc::clone(&self.lookup),
        };
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .tls_backend_preconfigured(reelroom_anyrtc::client::tls())
            .build()?;
        let both = (rules, client);
        clients.insert(app.id, both.clone());
        Ok(both)
    }
}

/// The address that a redirect from `from` leads to, relative or not.
fn target(from: &Url, location: &HeaderValue) -> Result<Url, Cause> {
    let location = str::from_utf8(location.as_bytes()).map_err(|_| Cause::Address)?;
    let to = from.join(location).map_err(|_| Cause::Address)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        let host = to.host_str().unwrap_or_default();
        return Err(Cause::Insecure(host.to_owned()));
    }
    Ok(to)
}

/// Returns the addresses of a host; a parameter of tests.
type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

fn look_up(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    Box::pin(async move {
        let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
        Ok(found.collect())
    })
}

/// A DNS resolver that drops the addresses that the rules do not allow. It asks once, and connections are
/// made to exactly the addresses that it returns.
struct Resolver {
    rules: Arc<Rules>,
    lookup: Lookup,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = Arc::clone(&self.rules);
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let reachable = rules.reachable(name.as_str(), &found.await?)?;
            Ok(Box::new(reachable.into_iter()) as Addrs)
        })
    }
}

/// The resolver's refusal, if that is the cause of the error.
fn refused(error: &reqwest::Error) -> Option<Cause> {
    std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    })
    .find_map(|error| error.downcast_ref::<Cause>())
    .cloned()
}
