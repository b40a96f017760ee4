//! The address of a caller, also behind a proxy.

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

/// The proxies whose `X-Forwarded-For` is trusted.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Arc<[IpNet]>);

impl TrustedProxies {
    /// The caller's address. Each trusted proxy appends the address of its own caller to
    /// `X-Forwarded-For`, so the last one that is no trusted proxy is the caller; those before it may be
    /// forged.
    pub(crate) fn caller(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
        let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
        let forwarded = headers.get_all("x-forwarded-for");
        let hops: Vec<&str> = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|hop| !hop.is_empty())
            .collect();
        Some(self.first_stranger(peer.ip(), &hops))
    }

    /// Whether a connection is from a trusted proxy.
    pub(crate) fn trust(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(&peer))
    }

    fn first_stranger(&self, peer: IpAddr, hops: &[&str]) -> IpAddr {
        let mut caller = peer.to_canonical();
        for hop in hops.iter().rev() {
            match address(hop) {
                Some(before) if self.trust(caller) => caller = before.to_canonical(),
                _ => break,
            }
        }
        caller
    }
}

/// One item of `X-Forwarded-For`. Some proxies add the port, or the brackets that an IPv6 address has
/// in a URL.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    let in_brackets = || {
        hop.strip_prefix('[')?
            .strip_suffix(']')?
            .parse::<Ipv6Addr>()
            .ok()
    };
    bare.or_else(with_port)
        .or_else(|| in_brackets().map(IpAddr::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let proxies = TrustedProxies(Arc::new(["10.0.0.0/8".parse().unwrap()]));
        let caller = |peer: &str, hops: &[&str]| {
            proxies
                .first_stranger(peer.parse().unwrap(), hops)
                .to_string()
        };
        assert_eq!(caller("192.0.2.1", &["203.0.113.7"]), "192.0.2.1");
        assert_eq!(caller("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(caller("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        // The client's own entries precede those of the proxies.
        assert_eq!(
            caller("10.0.0.1", &["198.51.100.1", "203.0.113.7", "10.0.0.2"]),
            "203.0.113.7"
        );
        assert_eq!(caller("10.0.0.1", &["203.0.113.7", "nonsense"]), "10.0.0.1");
        assert_eq!(caller("10.0.0.1", &[]), "10.0.0.1");
        for (hop, read) in [
            ("203.0.113.7:54321", "203.0.113.7"),
            ("[2001:db8::7]:54321", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[203.0.113.7]", "10.0.0.1"),
        ] {
            assert_eq!(caller("10.0.0.1", &[hop]), read, "{hop}");
        }
    }

    #[test]
    fn an_empty_item_is_ignored() {
        let proxies = TrustedProxies(Arc::new(["10.0.0.0/8".parse().unwrap()]));
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 80))));
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.7, ".parse().unwrap());
        headers.append("x-forwarded-for", "".parse().unwrap());
        let caller = proxies.caller(&extensions, &headers).unwrap();
        assert_eq!(caller.to_string(), "203.0.113.7");
    }
}
