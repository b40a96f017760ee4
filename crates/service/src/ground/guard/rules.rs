//! The rules of an app: the hosts and networks that its files may come from.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use reelroom_domain::cause::Cause;
use reelroom_store::apps::App;
use url::{Host, Url};

use super::network::{Network, canonical};

/// The rules of an app: its API base with its port, the API's domain without `www.`, and the entries of
/// its allowed hosts.
#[derive(Debug, PartialEq, Eq)]
pub struct Rules {
    hosts: Vec<Rule>,
    networks: Vec<IpNet>,
}

/// A host that files may come from. Without a port it covers the default ports (80 for http, 443 for
/// https) and, if it is a name, the hosts below it.
#[derive(Debug, PartialEq, Eq)]
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
            None => has_default_port(url),
        }
    }
}

/// An entry of the allowed hosts: `host`, `host:port`, or a network such as `10.20.0.0/16`.
enum Entry {
    Host(Host, Option<u16>),
    Network(IpNet),
}

impl Entry {
    /// `None` for other text, and for what is never allowed: loopback by name or without a port, and the addresses
    /// of [`Network::Never`]. No network allows either of them.
    fn parse(text: &str) -> Option<Self> {
        if text.contains('/') {
            let network: IpNet = text.parse().ok()?;
            let first = Network::of(network.network());
            let is_usable = !matches!(first, Network::Loopback | Network::Never);
            return is_usable.then_some(Self::Network(network));
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !text.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (text, None),
        };
        let host = without_root(Host::parse(host).ok()?);
        let is_usable = match (&host, ip_of(&host).map(Network::of)) {
            (Host::Domain(name), _) => {
                !name.is_empty() && !name.contains('*') && !names_loopback(&host)
            }
            (_, Some(Network::Loopback)) => port.is_some(),
            (_, kind) => kind != Some(Network::Never),
        };
        is_usable.then_some(Self::Host(host, port))
    }
}

/// Whether `text` is an entry of the allowed hosts.
pub fn is_entry(text: &str) -> bool {
    Entry::parse(text).is_some()
}

impl Rules {
    pub fn of(app: &App) -> Self {
        let (mut hosts, mut networks) = (Vec::new(), Vec::new());
        if let Ok(api) = Url::parse(&app.api_base)
            && let Some(host) = host_of(&api)
        {
            if let Host::Domain(name) = &host {
                let domain = name.strip_prefix("www.").unwrap_or(name);
                hosts.push(Rule {
                    host: Host::Domain(domain.to_owned()),
                    port: None,
                    configured: domain == name,
                });
            }
            hosts.push(Rule {
                host,
                port: api.port_or_known_default(),
                configured: true,
            });
        }
        for entry in app
            .allowed_hosts
            .iter()
            .filter_map(|text| Entry::parse(text))
        {
            match entry {
                Entry::Host(host, port) => hosts.push(Rule {
                    host,
                    port,
                    configured: true,
                }),
                Entry::Network(network) => networks.push(network),
            }
        }
        Self { hosts, networks }
    }

    /// Checks an address: its scheme, that it has no user, its host, its port and, if the host is an IP
    /// address, its network.
    pub fn check(&self, url: &Url) -> Result<(), Cause> {
        if !matches!(url.scheme(), "http" | "https")
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return Err(Cause::Address);
        }
        let (Some(host), Some(port)) = (host_of(url), url.port_or_known_default()) else {
            return Err(Cause::Address);
        };
        let ip = ip_of(&host);
        let is_never = names_loopback(&host)
            || matches!(
                ip.map(Network::of),
                Some(Network::Loopback | Network::Never)
            );
        let in_network = ip.is_some_and(|ip| self.has_network(ip));
        let mut rules = self
            .hosts
            .iter()
            .filter(|rule| rule.covers(&host))
            .peekable();
        if rules.peek().is_none() && !in_network {
            let host = match url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_string(),
            };
            return Err(if is_never {
                Cause::NeverAllowed(host)
            } else {
                Cause::Host(host)
            });
        }
        let has_port = rules.any(|rule| rule.covers_port(url));
        if !(has_port || in_network && has_default_port(url)) {
            let host = host.to_string();
            return Err(Cause::Port { host, port });
        }
        // A rule for loopback has a port. The API base may be an address that is never allowed.
        match ip.map(Network::of) {
            Some(Network::Never) => Err(Cause::NeverAllowed(host.to_string())),
            _ => Ok(()),
        }
    }

    /// The addresses among `found` that the host `name` may lead to: public ones, private ones if the
    /// settings name exactly that host, and those of an allowed network. An error if there is none.
    pub fn reachable(&self, name: &str, found: &[SocketAddr]) -> Result<Vec<SocketAddr>, Cause> {
        let is_configured = self.configures(name);
        let may_reach = |ip| match Network::of(ip) {
            Network::Public => true,
            Network::Private if is_configured => true,
            _ => self.has_network(ip),
        };
        let reachable = found.iter().filter(|address| may_reach(address.ip()));
        let reachable: Vec<_> = reachable.copied().collect();
        if !reachable.is_empty() {
            return Ok(reachable);
        }
        let is_inside = |ip| matches!(Network::of(ip), Network::Private | Network::Special);
        Err(if found.iter().any(|address| is_inside(address.ip())) {
            Cause::Inside(name.to_owned())
        } else {
            Cause::NeverAllowed(name.to_owned())
        })
    }

    /// Whether the settings name exactly this host.
    fn configures(&self, host: &str) -> bool {
        let host = Host::parse(host).map(without_root);
        host.is_ok_and(|host| {
            let mut rules = self.hosts.iter();
            rules.any(|rule| rule.configured && rule.host == host)
        })
    }

    /// Whether an allowed network has `ip`, other than loopback and what is never allowed.
    fn has_network(&self, ip: IpAddr) -> bool {
        let ip = canonical(ip);
        !matches!(Network::of(ip), Network::Loopback | Network::Never)
            && self.networks.iter().any(|network| network.contains(&ip))
    }
}

/// Whether files of `app` may come from `address`.
pub fn allows(app: &App, address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| Rules::of(app).check(&url).is_ok())
}

/// The entry of the allowed hosts that lifts a refusal; `None` if there is none, or it is one that a person
/// has to write: loopback, a network.
pub fn entry_for(app: &App, refused: &Cause) -> Option<String> {
    let entry = match refused {
        Cause::Host(host) => host.clone(),
        Cause::Inside(name) if !Rules::of(app).configures(name) => name.clone(),
        Cause::Port { host, port } => format!("{host}:{port}"),
        _ => return None,
    };
    match Entry::parse(&entry)? {
        Entry::Host(host, _) if ip_of(&host).map(Network::of) != Some(Network::Loopback) => {
            (!app.sandbox).then_some(entry)
        }
        _ => None,
    }
}

/// Whether the address has the default port of its scheme, which `Url` leaves out.
fn has_default_port(url: &Url) -> bool {
    url.port().is_none()
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

/// Whether the host is a name of this machine (RFC 6761 §6.3), which no entry lets files come from.
fn names_loopback(host: &Host) -> bool {
    let Host::Domain(name) = host else {
        return false;
    };
    name == "localhost" || name.ends_with(".localhost")
}

fn ip_of(host: &Host) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(ip) => Some((*ip).into()),
        Host::Ipv6(ip) => Some((*ip).into()),
    }
}
