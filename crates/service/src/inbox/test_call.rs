//! Sends a test callback along the way that the platform's calls take.

use std::{io::ErrorKind, net::SocketAddr, time::Duration};

use jiff::tz::TimeZone;

use reelroom_anyrtc::{
    callback::{FileCallback, Kind, MediaKind, Revision, write},
    client::tls,
    says_success,
};
use reelroom_domain::{
    access::{Thing, Verb},
    change::Change,
    inbox::{Hop, Obstacle, TestReport},
    time::Timestamp,
    visible::visible_line,
};
use reelroom_store::{calls, settings};
use reqwest::{Response, StatusCode, header, redirect::Policy};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use url::{Host, Url};

use super::header::LAST_TEST;
use crate::{
    Principal, Service, ServiceError,
    apps::platform::zone,
    ground::{error::innermost, secret::MASK},
};

/// The room that a test names. No recording comes of it.
const ROOM: &str = "reelroom-test";
/// The most bytes of an answer that are read, more than one of ours has.
const MOST: usize = 4096;

/// No test was sent.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The address that was to be tried is not set.
    #[error("no address is set")]
    NoAddress,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The steps that succeeded, each with its time in milliseconds.
type Passed = Vec<(Hop, Option<u32>)>;

impl Service {
    /// Posts a callback of our own to our public address or, if `local`, to the one by which this machine reaches
    /// us, and reports how far it came. The inbox keeps the callback, marked as a test.
    pub async fn send_test(&self, by: &Principal, local: bool) -> Result<TestReport, TestError> {
        by.require(Verb::Change, Thing::Settings)?;
        let base = if local {
            self.0.local_url.get()
        } else {
            self.0.public_url.as_ref()
        };
        let base = base.ok_or(TestError::NoAddress)?.as_str();
        let path = |secret: &str| format!("{}/{secret}/AR/V1/av", base.trim_end_matches('/'));
        let url = Url::parse(&path(self.callback_secret())).map_err(|_| TestError::NoAddress)?;
        let at = self.now();
        let body = self.test_body(at).await?;
        let newest = calls::newest(&mut *self.0.store.read_calls().await?).await?;
        let mut passed = Passed::new();
        let failed = self.walk(&mut passed, &url, &body).await;
        let call = calls::of_body(&mut *self.0.store.read_calls().await?, newest, &body).await?;
        let failed = match failed {
            Ok(()) if call.is_none() => Some((Hop::Answer, Obstacle::AnotherReelroom)),
            Ok(()) => None,
            Err(failed) => Some(failed),
        };
        let report = TestReport {
            address: path(MASK),
            at,
            passed,
            failed,
            call,
        };
        let mut tx = self.0.store.write().await?;
        settings::set_value(&mut tx, LAST_TEST, &report).await?;
        tx.commit().await?;
        self.publish(Change::Callback);
        Ok(report)
    }

    /// A callback in the given form. Its user data say that it is a test of ours.
    async fn test_body(&self, at: Timestamp) -> Result<Vec<u8>, ServiceError> {
        let nonce = self.0.rng.word(12);
        let zone = self
            .app_of(None)
            .await
            .map_or(TimeZone::UTC, |app| zone(&app));
        let file = FileCallback {
            kind: Kind::Composite,
            media: MediaKind::Video,
            user_id: None,
            room: ROOM.to_owned(),
            file_name: format!("reelroom_test_{nonce}.mp4"),
            file_size: None,
            duration_s: Some(0),
            start_ms: Some(at.as_millis()),
            end_ms: Some(at.as_millis()),
            download_url: None,
            user_data: Some(self.0.correlator.test_mark(&nonce)),
        };
        Ok(write(&file, Revision::Given, &zone)
            .to_string()
            .into_bytes())
    }

    /// Takes the steps in their order. The error is the step that failed.
    async fn walk(
        &self,
        passed: &mut Passed,
        url: &Url,
        body: &[u8],
    ) -> Result<(), (Hop, Obstacle)> {
        let since = |from: Timestamp| u32::try_from(self.now().since(from)).ok();
        let port = url.port_or_known_default().unwrap_or(80);
        let patience = self.0.limits.test_patience;
        let begun = self.now();
        let addresses: Vec<SocketAddr> = match url.host() {
            Some(Host::Domain(name)) => match timeout(patience, lookup_host((name, port))).await {
                Ok(Ok(found)) => {
                    passed.push((Hop::Name, since(begun)));
                    found.collect()
                }
                _ => return Err((Hop::Name, Obstacle::NoName)),
            },
            Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
            Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
            None => return Err((Hop::Name, Obstacle::NoName)),
        };
        if addresses.is_empty() {
            return Err((Hop::Name, Obstacle::NoName));
        }
        let begun = self.now();
        match timeout(patience, TcpStream::connect(&*addresses)).await {
            Ok(Ok(_)) => passed.push((Hop::Connection, since(begun))),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                return Err((Hop::Connection, Obstacle::Refused));
            }
            _ => return Err((Hop::Connection, Obstacle::Unreachable)),
        }
        let begun = self.now();
        let is_secure = url.scheme() == "https";
        let answer = post(url, body, patience).await;
        let taken = since(begun);
        let hop = match &answer {
            // A connection was accepted a moment ago, so it is TLS that failed.
            Err(error) if is_secure && error.is_connect() => Hop::Tls,
            _ => Hop::Answer,
        };
        if is_secure && hop == Hop::Answer {
            passed.push((Hop::Tls, None));
        }
        let judged = match answer {
            Ok(response) => judge(response, self.callback_secret()).await,
            Err(error) if error.is_timeout() => Err(Obstacle::NoAnswer),
            Err(error) if hop == Hop::Tls => {
                Err(Obstacle::NotSecure(visible_line(&innermost(&error), 200)))
            }
            Err(_) => Err(Obstacle::Broken),
        };
        judged.map_err(|obstacle| (hop, obstacle))?;
        passed.push((hop, taken));
        Ok(())
    }
}

/// Posts as the platform does: no redirects, no proxy.
async fn post(url: &Url, body: &[u8], patience: Duration) -> Result<Response, reqwest::Error> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls())
        .connect_timeout(patience)
        .timeout(patience * 2)
        .redirect(Policy::none())
        .no_proxy()
        .build()?
        .post(url.clone())
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_vec())
        .send()
        .await
}

/// Checks by its form whether an answer is from Reelroom.
async fn judge(response: Response, secret: &str) -> Result<(), Obstacle> {
    let status = response.status();
    let code = status.as_u16();
    let text = |name| {
        let value = response.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    if status.is_redirection() {
        let to = text(header::LOCATION).unwrap_or_default();
        return Err(Obstacle::Redirect(
            code,
            visible_line(&to.replace(secret, MASK), 200),
        ));
    }
    let is_page = text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
    match status {
        StatusCode::NOT_FOUND => return Err(Obstacle::NotFound),
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::PROXY_AUTHENTICATION_REQUIRED => return Err(Obstacle::Gate(code)),
        StatusCode::PAYLOAD_TOO_LARGE => return Err(Obstacle::TooLarge),
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            return Err(Obstacle::Behind(code));
        }
        _ if is_page => return Err(Obstacle::Page(code)),
        _ => {}
    }
    match beginning(response).await {
        Ok(body) if status == StatusCode::OK && says_success(&body) == Some(true) => Ok(()),
        _ => Err(Obstacle::Other(code)),
    }
}

/// The body, up to the piece that exceeds [`MOST`] bytes.
async fn beginning(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > MOST {
            break;
        }
    }
    Ok(body)
}
