//! Accepts connections within a budget, with deadlines for requests and responses.
//!
//! `axum::serve` has no timeouts: a client that sends half a request, or reads no response, would keep
//! its connection open forever.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    pin::pin,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{StatusCode, Version, header},
    response::{IntoResponse, Response},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;
use tower_http::timeout::DeadlineBody;

use crate::{
    Limits, TrustedProxies, callback,
    quota::{Quota, Slot},
};

/// The unsent bytes of a response in the kernel. A stall is noticed only once the kernel's buffer is
/// full, so with a small buffer a slow client still shows progress.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 128 << 10;

/// Serves `site` until `ending`, and then answers the requests that have started.
pub async fn listen(
    listener: TcpListener,
    site: Router,
    limits: Limits,
    proxies: TrustedProxies,
    ending: impl Future<Output = ()>,
) {
    let budget = Budget::new(limits, proxies);
    let (end, ends) = watch::channel(());
    let mut ending = pin!(ending);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
            () = &mut ending => break,
        };
        let Some(place) = budget.admit(peer.ip()) else {
            tracing::debug!(address = %peer.ip(), "too many connections");
            continue;
        };
        let (site, ends) = (site.clone(), ends.clone());
        tokio::spawn(connection(stream, peer, site, place, ends));
    }
    drop(ends);
    let _ = end.send(());
    // Each open connection holds a receiver.
    end.closed().await;
}

/// Waits after an error of the listener, such as a lack of descriptors, but not after an error of one
/// client.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind as E;
    if !matches!(
        error.kind(),
        E::ConnectionRefused | E::ConnectionAborted | E::ConnectionReset
    ) {
        tracing::error!(%error, "accepting connections");
        sleep(Duration::from_secs(1)).await;
    }
}

/// The open connections. One over the total, or over the limit of its address, is taken from the
/// reserve, which serves callbacks and health only.
struct Budget {
    limits: Limits,
    open: Quota<IpAddr>,
    reserve: Quota<IpAddr>,
    proxies: TrustedProxies,
}

/// A connection's place in the budget, free again when dropped.
struct Place {
    limits: Limits,
    reserved: bool,
    _slot: Slot<IpAddr>,
}

impl Budget {
    fn new(limits: Limits, proxies: TrustedProxies) -> Self {
        let quota = |limits: Limits| Quota::new(limits.total, limits.per_address);
        Self {
            limits,
            open: quota(limits),
            reserve: quota(limits.of_reserve()),
            proxies,
        }
    }

    fn admit(&self, peer: IpAddr) -> Option<Place> {
        let key = (!self.proxies.trust(peer)).then(|| network(peer));
        let place = |limits, reserved, slot| Place {
            limits,
            reserved,
            _slot: slot,
        };
        let open = self.open.take(key);
        open.map(|slot| place(self.limits, false, slot))
            .or_else(|| {
                let slot = self.reserve.take(key)?;
                Some(place(self.limits.of_reserve(), true, slot))
            })
    }
}

/// The address that is counted; of IPv6 the /64 network, which belongs to one subscriber.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    site: Router,
    place: Place,
    mut ends: watch::Receiver<()>,
) {
    let Place {
        limits, reserved, ..
    } = place;
    configure(&stream, &limits);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stall));
    let answer = service_fn(move |request: Request<Incoming>| {
        let refusal = refusal(&request, reserved);
        let mut request = request.map(|body| Body::new(DeadlineBody::new(limits.body, body)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let site = site.clone();
        async move {
            match refusal {
                Some(refusal) => Ok::<_, Infallible>(refusal),
                None => site.oneshot(request).await,
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .keep_alive(!reserved)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer);
    let mut connection = pin!(connection);
    let mut ending = false;
    loop {
        tokio::select! {
            served = connection.as_mut() => {
                if let Err(error) = served {
                    tracing::debug!(address = %peer.ip(), %error, "a connection failed");
                }
                break;
            }
            _ = ends.changed(), if !ending => {
                ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Sets the socket's options. Errors are ignored.
fn configure(stream: &TcpStream, limits: &Limits) {
    let socket = socket2::SockRef::from(stream);
    // A response may be one small packet, which is sent at once.
    let _ = socket.set_tcp_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        let _ = socket.set_tcp_notsent_lowat(UNSENT);
        // Ends the event stream of a client that has left the network, which otherwise takes a
        // quarter of an hour.
        let _ = socket.set_tcp_user_timeout(Some(limits.stall));
    }
}

/// The response to a request that is rejected.
fn refusal(request: &Request<Incoming>, reserved: bool) -> Option<Response> {
    let close = (header::CONNECTION, "close");
    let hosts = request.headers().get_all(header::HOST).iter().count();
    // RFC 9112 §3.2
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Some((StatusCode::BAD_REQUEST, [close]).into_response());
    }
    let is_served = |path| matches!(path, "/healthz" | "/readyz") || callback::is_ours(path);
    if reserved && !is_served(request.uri().path()) {
        let headers = [close, (header::RETRY_AFTER, "5")];
        return Some((StatusCode::SERVICE_UNAVAILABLE, headers).into_response());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_ipv6_network_is_counted_as_one_address() {
        for (text, counted) in [
            ("192.0.2.1", "192.0.2.1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            assert_eq!(network(address(text)), address(counted));
        }
    }

    #[test]
    fn connections_above_the_limit_use_the_reserve() {
        let limits = Limits {
            total: 3,
            reserve: 2,
            per_address: 2,
            ..Limits::default()
        };
        let proxies = TrustedProxies(["10.0.0.0/8".parse().unwrap()].into());
        let budget = Budget::new(limits, proxies);
        let mut open = Vec::new();
        let mut admit = |text: &str| {
            let place = budget.admit(address(text));
            let reserved = place.as_ref().map(|place| place.reserved);
            open.extend(place);
            reserved
        };
        assert_eq!(admit("192.0.2.1"), Some(false));
        assert_eq!(admit("192.0.2.1"), Some(false));
        // Above the limit of one address, then above the total limit.
        assert_eq!(admit("192.0.2.1"), Some(true));
        assert_eq!(admit("10.0.0.1"), Some(false));
        assert_eq!(admit("10.0.0.1"), Some(true));
        assert_eq!(admit("192.0.2.3"), None);
        open.remove(0);
        assert_eq!(
            budget
                .admit(address("192.0.2.3"))
                .map(|place| place.reserved),
            Some(false)
        );
    }
}
