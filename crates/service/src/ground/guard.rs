//! The addresses that files may be fetched from. A download address is untrusted: it may point into
//! our own network.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reelroom_domain::cause::Cause;
use reelroom_store::apps::App;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The HTTP clients for files: no redirects (they would bypass the check), no proxy, no
/// decompression.
///
/// There are two, because a pooled connection must not serve a request with a smaller [`Reach`].
pub(crate) struct FileClient {
    public: reqwest::Client,
    private: reqwest::Client,
}

impl FileClient {
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = |reach| {
            reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(Duration::from_secs(30))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .dns_resolver(Arc::new(Resolver(reach)))
                .tls_backend_preconfigured(reelroom_anyrtc::client::tls())
                .build()
        };
        Ok(Self {
            public: client(Reach::Public)?,
            private: client(Reach::Private)?,
        })
    }

    /// A request for the file at `address`, if `app` allows it.
    pub fn get(&self, address: &str, app: &App) -> Result<reqwest::RequestBuilder, Cause> {
        let (url, reach) = allowed(address, app)?;
        Ok(match reach {
            Reach::Public => self.public.get(url),
            Reach::Private => self.private.get(url),
        })
    }
}

/// The addresses that the name of an allowed host may resolve to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Public addresses.
    Public,
    /// Public and private addresses.
    Private,
}

/// A host that files may come from. Without a port it covers the default ports (80 for http, 443 for
/// https) and, if it is a name, the hosts below it.
struct Rule {
    host: Host,
    port: Option<u16>,
    /// Whether the settings name exactly this host.
    configured: bool,
}

impl Rule {
    fn covers(&self, host: &Host) -> bool {
        match (&self.host, host) {
            (Host::Domain(domain), Host::Domain(name)) if self.port.is_none() => {
                !domain.is_empty()
                    && name
                        .strip_suffix(domain.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            (rule, host) => rule == host,
        }
    }

    fn covers_port(&self, url: &Url) -> bool {
        match self.port {
            Some(port) => url.port_or_known_default() == Some(port),
            // `Url` drops the port that is its scheme's default.
            None => url.port().is_none(),
        }
    }
}

/// The rules for `app`: its API base with its port, the API's domain without `www.`, and the
/// administrator's entries, `host` or `host:port`.
fn rules(app: &App) -> Vec<Rule> {
    let mut rules = Vec::new();
    if let Ok(api) = Url::parse(&app.api_base)
        && let Some(host) = host_of(&api)
    {
        if let Host::Domain(name) = &host {
            let domain = name.strip_prefix("www.").unwrap_or(name);
            rules.push(Rule {
                host: Host::Domain(domain.to_owned()),
                port: None,
                configured: domain == name,
            });
        }
        rules.push(Rule {
            host,
            port: api.port_or_known_default(),
            configured: true,
        });
    }
    rules.extend(app.allowed_hosts.iter().filter_map(|entry| {
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !entry.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (entry.as_str(), None),
        };
        Some(Rule {
            host: without_root(Host::parse(host).ok()?),
            port,
            configured: true,
        })
    }));
    rules
}

/// The URL's host, without the trailing dot of a name.
fn host_of(url: &Url) -> Option<Host> {
    url.host().map(|host| without_root(host.to_owned()))
}

fn without_root(host: Host) -> Host {
    match host {
        Host::Domain(name) => Host::Domain(name.strip_suffix('.').unwrap_or(&name).to_owned()),
        address => address,
    }
}

/// Whether files of `app` may come from `address`.
pub(crate) fn allows(app: &App, address: &str) -> bool {
    allowed(address, app).is_ok()
}

/// Checks `address` against the rules of `app`. Returns it with the addresses that its host may
/// resolve to: private ones only if the settings name exactly that host.
fn allowed(address: &str, app: &App) -> Result<(Url, Reach), Cause> {
    let url = Url::parse(address).map_err(|_| Cause::Address)?;
    if !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Cause::Address);
    }
    let (Some(host), Some(port)) = (host_of(&url), url.port_or_known_default()) else {
        return Err(Cause::Address);
    };
    let mut rules = rules(app);
    rules.retain(|rule| rule.covers(&host));
    if rules.is_empty() {
        return Err(Cause::Host(host.to_string()));
    }
    let configured = rules
        .iter()
        .any(|rule| rule.configured && rule.host == host);
    rules.retain(|rule| rule.covers_port(&url));
    if rules.is_empty() {
        let host = host.to_string();
        return Err(Cause::Port { host, port });
    }
    let ip: IpAddr = match host {
        Host::Domain(_) if configured => return Ok((url, Reach::Private)),
        Host::Domain(_) => return Ok((url, Reach::Public)),
        Host::Ipv4(ip) => ip.into(),
        Host::Ipv6(ip) => ip.into(),
    };
    // The resolver does not see IP addresses. Loopback is allowed only here, and only with its port.
    match Network::of(ip) {
        Network::Public | Network::Private => Ok((url, Reach::Private)),
        Network::Loopback if rules.iter().any(|rule| rule.port.is_some()) => {
            Ok((url, Reach::Private))
        }
        Network::Loopback | Network::Special => Err(Cause::Inside(ip.to_string())),
    }
}

/// The kinds of networks, by IANA's registries of special-purpose addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Network {
    Public,
    Private,
    Loopback,
    /// Link-local (a cloud's metadata), multicast, documentation, tunnels and the like.
    Special,
}

impl Network {
    fn of(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(ip) => match ip.octets() {
                [127, ..] => Self::Loopback,
                [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => {
                    Self::Private
                }
                [0 | 224..=255, ..]
                | [169, 254, ..]
                | [192, 0, 0 | 2, _]
                | [192, 88, 99, _]
                | [198, 18 | 19, ..]
                | [198, 51, 100, _]
                | [203, 0, 113, _] => Self::Special,
                _ => Self::Public,
            },
            IpAddr::V6(ip) => match ip.segments() {
                [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
                [0xfc00..=0xfdff, ..] => Self::Private,
                // IPv4 behind NAT64 (RFC 6052).
                [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
                    let [.., a, b, c, d] = ip.octets();
                    Self::of(Ipv4Addr::new(a, b, c, d).into())
                }
                [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
                    Self::Special
                }
                [0x2000..=0x3fff, ..] => Self::Public,
                _ => Self::Special,
            },
        }
    }
}

/// A DNS resolver that drops the addresses beyond its reach. Connections are made to exactly the
/// addresses that it returns.
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = within(reach, found);
            if allowed.is_empty() {
                return Err(Cause::Inside(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn within(reach: Reach, found: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    found
        .filter(|address| match Network::of(address.ip()) {
            Network::Public => true,
            Network::Private => reach == Reach::Private,
            Network::Loopback | Network::Special => false,
        })
        .collect()
}

/// The resolver's refusal, if that is the cause of the error.
pub(crate) fn refused(error: &reqwest::Error) -> Option<Cause> {
    std::iter::successors(Some(error as &dyn std::error::Error), |error| {
        error.source()
    })
    .find_map(|error| error.downcast_ref::<Cause>())
    .cloned()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{ids::AppId, time::Timestamp};

    use super::*;
    use crate::SharedRng;

    fn app(api_base: &str, hosts: &[&str]) -> App {
        let now = Timestamp::from_millis(0);
        App {
            id: SharedRng::from_seed(1).id::<AppId>(now),
            name: "Test".to_owned(),
            app_id: "anyrtc".to_owned(),
            api_base: api_base.to_owned(),
            method: "get".to_owned(),
            encoding: "json".to_owned(),
            reply_form: "string".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            allowed_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            public_cloud: false,
            frames: false,
            sandbox: false,
            kinds: vec!["Meet".to_owned()],
            vod_base: "https://vod.example".to_owned(),
            vod_token: None,
            created_at: now,
        }
    }

    fn cloud() -> App {
        let hosts = [
            "cdn.example.org",
            "files.example.org:9000",
            "10.0.0.5:9000",
            "10.0.0.6",
            "[fd00::1]:9000",
            "127.0.0.1",
            "127.0.0.2:9000",
            "169.254.169.254",
            "0.0.0.0:9000",
            ".",
        ];
        app("http://www.anyrtc.io:8080", &hosts)
    }

    #[test]
    fn a_host_has_its_port_and_only_a_listed_host_may_be_private() {
        use Reach::{Private, Public};
        for (good, reach) in [
            ("http://www.anyrtc.io:8080/a.mp4", Private),
            ("http://www.anyrtc.io/a.mp4", Private),
            ("https://www.anyrtc.io./a.mp4", Private),
            ("https://anyrtc.io/a", Public),
            ("https://vod.anyrtc.io/a.mp4", Public),
            ("https://vod.anyrtc.io:443/a.mp4", Public),
            ("https://cdn.example.org/a", Private),
            ("http://eu.CDN.example.org:80/a", Public),
            ("http://files.example.org:9000/a", Private),
            ("http://10.0.0.5:9000/a", Private),
            ("https://10.0.0.6/a", Private),
            ("http://[fd00::1]:9000/a", Private),
            ("http://127.0.0.2:9000/a", Private),
        ] {
            let allowed = allowed(good, &cloud()).map(|(_, reach)| reach);
            assert_eq!(allowed, Ok(reach), "{good}");
        }
    }

    #[test]
    fn another_port_or_host_is_refused_and_named() {
        let host = |host: &str| Cause::Host(host.to_owned());
        let port = |host: &str, port| {
            let host = host.to_owned();
            Cause::Port { host, port }
        };
        let inside = |ip: &str| Cause::Inside(ip.to_owned());
        for (bad, cause) in [
            ("http://www.anyrtc.io:3000/a", port("www.anyrtc.io", 3000)),
            ("https://www.anyrtc.io:80/a", port("www.anyrtc.io", 80)),
            ("http://vod.anyrtc.io:8080/a", port("vod.anyrtc.io", 8080)),
            ("http://anyrtc.io:8080/a", port("anyrtc.io", 8080)),
            ("http://cdn.example.org:22/a", port("cdn.example.org", 22)),
            ("http://files.example.org/a", port("files.example.org", 80)),
            (
                "http://a.files.example.org:9000/",
                host("a.files.example.org"),
            ),
            ("http://10.0.0.5/a", port("10.0.0.5", 80)),
            ("http://10.0.0.5:9001/a", port("10.0.0.5", 9001)),
            ("http://10.0.0.6:9000/a", port("10.0.0.6", 9000)),
            ("http://10.0.0.7/a", host("10.0.0.7")),
            ("http://[fd00::1]/a", port("[fd00::1]", 80)),
            ("http://[fd00::2]:9000/a", host("[fd00::2]")),
            // Loopback without its port, and addresses that are never allowed.
            ("http://127.0.0.1/a", inside("127.0.0.1")),
            ("http://169.254.169.254/a", inside("169.254.169.254")),
            ("http://0.0.0.0:9000/a", inside("0.0.0.0")),
            ("http://notanyrtc.io/a", host("notanyrtc.io")),
            (
                "http://anyrtc.io.evil.example/a",
                host("anyrtc.io.evil.example"),
            ),
            ("http://evil.example/?anyrtc.io", host("evil.example")),
            ("http://www.anyrtc.io@evil.example/a", Cause::Address),
            ("http://user@www.anyrtc.io/a", Cause::Address),
            ("file:///etc/passwd", Cause::Address),
            ("ftp://www.anyrtc.io/a", Cause::Address),
            ("//www.anyrtc.io/a", Cause::Address),
            ("", Cause::Address),
        ] {
            assert_eq!(allowed(bad, &cloud()).unwrap_err(), cause, "{bad}");
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_blocked() {
        for odd in [
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::ffff:10.0.0.5]:9000/",
            "http://0/",
            "http://①②⑦.0.0.1/",
            "http://localhost/",
            "http://localhost./",
            "http://127.0.0.1.nip.io/",
            "http://anyrtc.io%2eevil.example/",
            "http://evil.example\\@anyrtc.io/",
            "http://evil.example#@anyrtc.io/",
            "http://evil.example../",
            "http://anyrtc.io../",
            "http:127.0.0.1/",
            "http:///127.0.0.1/",
        ] {
            assert!(allowed(odd, &cloud()).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_sandbox_is_allowed_at_its_port_only() {
        let app = app("http://127.0.0.1:3100", &[]);
        assert!(allowed("http://127.0.0.1:3100/files/a.mp4", &app).is_ok());
        assert!(allowed("http://127.0.0.1:3000/files/a.mp4", &app).is_err());
        assert!(allowed("http://localhost:3100/files/a.mp4", &app).is_err());
    }

    #[test]
    fn a_name_reaches_no_address_inside_a_network() {
        let kept = |reach, ip: &str| {
            let address = SocketAddr::new(ip.parse().unwrap(), 0);
            !within(reach, std::iter::once(address)).is_empty()
        };
        for public in [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2001:200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(kept(Reach::Public, public), "{public}");
            assert!(kept(Reach::Private, public), "{public}");
        }
        for private in [
            "10.0.0.5",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "fd00::1",
            "::ffff:10.0.0.5",
            "64:ff9b::10.0.0.5",
        ] {
            assert!(!kept(Reach::Public, private), "{private}");
            assert!(kept(Reach::Private, private), "{private}");
        }
        for never in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::127.0.0.1",
            "0.0.0.0",
            "::",
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "fe80::1",
            "224.0.0.1",
            "ff02::1",
            "255.255.255.255",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "198.18.0.1",
            "240.0.0.1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "fec0::1",
        ] {
            assert!(!kept(Reach::Private, never), "{never}");
        }
        let both = ["127.0.0.1:80", "8.8.8.8:80"].map(|text| text.parse().unwrap());
        assert_eq!(within(Reach::Public, both.into_iter()), both[1..]);
    }

    #[tokio::test]
    async fn a_refusal_of_the_resolver_is_found_in_the_error_of_a_request() {
        let app = app("http://localhost:1", &[]);
        let request = FileClient::new().unwrap().get("http://localhost:1/", &app);
        let error = request.unwrap().send().await.unwrap_err();
        assert_eq!(refused(&error), Some(Cause::Inside("localhost".to_owned())));
    }
}
