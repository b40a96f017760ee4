//! Taking connections: each client only so many, and none for longer than it needs.
//!
//! `axum::serve` sets no timer, so a client that sends half a header would be waited for for ever.

use std::{
    collections::HashMap,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::sleep,
};
use tower::ServiceExt;

use crate::TrustedProxies;

/// How much is waited for, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the headers of a request; a connection that is kept open waits no longer for the next.
    pub headers: Duration,
    /// For the body of a callback, from its first byte to its last.
    pub body: Duration,
    /// Connections of one address at a time; a trusted proxy speaks for many and has no limit.
    pub per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(15),
            body: Duration::from_secs(30),
            per_address: 512,
        }
    }
}

/// Serves `site` until `ending`; then the requests that are under way are answered first.
pub async fn listen(
    listener: TcpListener,
    site: Router,
    limits: Limits,
    proxies: TrustedProxies,
    ending: impl Future<Output = ()>,
) {
    let guests = Guests::default();
    let (told, ends) = watch::channel(());
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
        let most = if proxies.trust(peer.ip()) {
            usize::MAX
        } else {
            limits.per_address
        };
        let Some(guest) = guests.admit(peer.ip(), most) else {
            tracing::debug!(address = %peer.ip(), "too many connections from one address");
            continue;
        };
        let (site, ends) = (site.clone(), ends.clone());
        tokio::spawn(async move {
            connection(stream, peer, site, limits, ends).await;
            drop(guest);
        });
    }
    drop(ends);
    let _ = told.send(());
    // Each connection holds a receiver for as long as it lives.
    told.closed().await;
}

/// Out of descriptors: those that end make room. Anything else concerns one client only.
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

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    site: Router,
    limits: Limits,
    mut ends: watch::Receiver<()>,
) {
    // An answer is one small packet: it must not wait for another.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        site.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    let mut ending = false;
    loop {
        tokio::select! {
            served = connection.as_mut() => {
                if let Err(error) = served {
                    tracing::debug!(address = %peer.ip(), %error, "a connection broke off");
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

/// How many connections each address has.
#[derive(Debug, Clone, Default)]
struct Guests(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One connection of an address, as long as this lives.
#[derive(Debug)]
struct Guest {
    guests: Guests,
    address: IpAddr,
}

impl Guests {
    fn admit(&self, address: IpAddr, most: usize) -> Option<Guest> {
        let address = address.to_canonical();
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = guests.entry(address).or_default();
        if *here >= most {
            return None;
        }
        *here += 1;
        Some(Guest {
            guests: self.clone(),
            address,
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.guests.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = guests.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                guests.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_only_so_many_connections() {
        let guests = Guests::default();
        let (one, other): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = guests.admit(one, 2).unwrap();
        let _second = guests
            .admit("::ffff:192.0.2.1".parse().unwrap(), 2)
            .unwrap();
        assert!(guests.admit(one, 2).is_none());
        assert!(guests.admit(other, 2).is_some());
        drop(first);
        assert!(guests.admit(one, 2).is_some());
        assert_eq!(guests.0.lock().unwrap().len(), 1);
    }
}
