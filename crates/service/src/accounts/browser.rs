//! The client of a request before sign-in: its address, its session cookie and its device cookie.

use std::net::IpAddr;

use reelroom_domain::ids::UserId;

use crate::{LinkToken, Service, SessionToken, ground::tries::Origin};

const SESSION: &str = "reelroom_session";
const DEVICE: &str = "reelroom_device";
const FLOW: &str = "reelroom_sso";
const LINK: &str = "reelroom_link";
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// How long browsers keep the cookie of a session, whose end the server decides.
const SESSION_DAYS: i64 = 90;
/// How many minutes a flow at the provider of single sign-on may take.
pub(super) const FLOW_MINUTES: i64 = 10;
/// How long browsers keep the cookie of a one-time link: until the next page shows it.
const LINK_SECONDS: i64 = 60;
/// How long browsers keep the cookie of a device: the longest that they keep any.
const DEVICE_DAYS: i64 = 400;

/// A client of the server, usually a browser.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Its address, if known.
    pub address: Option<IpAddr>,
    /// Its description of itself (`User-Agent`); may be empty.
    pub agent: String,
    /// The session that its cookie names; it may have ended.
    pub session: Option<SessionToken>,
    /// The one-time link that it has just made, for the next page to show.
    pub link: Option<LinkToken>,
    pub(crate) device: Option<Device>,
    /// The sealed state of its flow at the provider of single sign-on.
    pub(crate) flow: Option<String>,
}

impl Browser {
    /// Its description of itself, cut to 300 characters.
    pub(crate) fn short_agent(&self) -> String {
        self.agent.chars().take(300).collect()
    }

    /// The origin of its tries to sign in as `user`. A browser in which that account signed in has a
    /// rate limit of its own, so that the tries of others do not lock it out.
    pub(crate) fn origin(&self, user: Option<UserId>) -> Origin {
        match &self.device {
            Some(device) if Some(device.user) == user => Origin::Device(device.id.clone()),
            _ => Origin::stranger(self.address),
        }
    }
}

/// A browser in which an account has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    pub user: UserId,
    pub id: String,
}

/// A new session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Its token.
    pub session: SessionToken,
    pub(crate) device: Device,
}

impl Service {
    /// The browser that sends this `User-Agent` and these cookies: the values of all `Cookie` headers, joined
    /// by `;` (RFC 6265 §4.2.1). Of several cookies with one name, the first well-formed one is used.
    pub fn browser(&self, address: Option<IpAddr>, agent: &str, cookies: &str) -> Browser {
        let values = |name| {
            let wanted = self.cookie_name(name);
            cookies
                .split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .filter_map(move |(name, value)| (name == wanted).then_some(value))
        };
        Browser {
            address,
            agent: agent.to_owned(),
            session: values(SESSION).find_map(SessionToken::parse),
            link: values(LINK).find_map(LinkToken::parse),
            device: values(DEVICE).find_map(|value| self.device(value)),
            flow: values(FLOW).next().map(str::to_owned),
        }
    }

    /// The device of a cookie, if its MAC is valid.
    fn device(&self, cookie: &str) -> Option<Device> {
        let (device, mac) = cookie.rsplit_once('.')?;
        let (user, id) = device.split_once('.')?;
        let user = user.parse().ok()?;
        let is_ours = self.0.correlator.is_device(device, mac);
        is_ours.then(|| Device {
            user,
            id: id.to_owned(),
        })
    }

    /// The device of `user` in `browser`: the one of its cookie, or a new one.
    pub(crate) fn device_of(&self, browser: &Browser, user: UserId) -> Device {
        match &browser.device {
            Some(device) if device.user == user => device.clone(),
            _ => Device {
                user,
                id: self.0.rng.word(22),
            },
        }
    }

    /// The `Set-Cookie` values of a new session and its device (RFC 6265).
    pub fn sign_in_cookies(&self, signed_in: &SignedIn) -> [String; 2] {
        let Device { user, id } = &signed_in.device;
        let device = format!("{user}.{id}");
        let mac = self.0.correlator.device_mac(&device);
        let device = format!("{device}.{mac}");
        let session = signed_in.session.as_str();
        [
            self.cookie(SESSION, session, SESSION_DAYS * DAY_SECONDS),
            self.cookie(DEVICE, &device, DEVICE_DAYS * DAY_SECONDS),
        ]
    }

    /// The `Set-Cookie` value that removes the session. The device stays known.
    pub fn sign_out_cookie(&self) -> String {
        self.cookie(SESSION, "", 0)
    }

    /// The `Set-Cookie` value of a sealed flow at the provider of single sign-on; an empty one removes it.
    pub(crate) fn flow_cookie(&self, sealed: &str) -> String {
        let minutes = if sealed.is_empty() { 0 } else { FLOW_MINUTES };
        self.cookie(FLOW, sealed, minutes * 60)
    }

    /// The `Set-Cookie` value of a new one-time link, which carries it to the page that shows it: an address
    /// would keep it in the history. `None` removes it.
    pub fn link_cookie(&self, link: Option<&LinkToken>) -> String {
        match link {
            Some(link) => self.cookie(LINK, link.as_str(), LINK_SECONDS),
            None => self.cookie(LINK, "", 0),
        }
    }

    fn cookie(&self, name: &str, value: &str, seconds: i64) -> String {
        let name = self.cookie_name(name);
        let secure = if self.0.secure_cookies {
            "; Secure"
        } else {
            ""
        };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
    }

    /// Over https, browsers accept a cookie with the prefix `__Host-` only from exactly this host, with
    /// `Secure` and `Path=/` (RFC 6265bis §4.1.3.2).
    fn cookie_name(&self, name: &str) -> String {
        let prefix = if self.0.secure_cookies { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }
}
