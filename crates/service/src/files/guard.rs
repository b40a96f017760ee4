//! From which addresses a file is taken. A download address comes from outside: it may point at
//! anything, our own network included.

use std::time::Duration;

use reelroom_domain::cause::Cause;
use reelroom_store::apps::App;
use url::{Host, Url};

/// The address, if `app` allows it: the domain of its API host, what the administrator added
/// (`host`, also for the hosts below it, or `host:port` for just that), and for the sandbox its own
/// address, port included.
pub(crate) fn allowed(address: &str, app: &App) -> Result<Url, Cause> {
    let url = Url::parse(address).map_err(|_| Cause::Address)?;
    if !matches!(url.scheme(), "http" | "https")
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Cause::Address);
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(Cause::Address);
    };
    let api = Url::parse(&app.api_base).ok();
    let by_api = api.as_ref().is_some_and(|api| match (api.host(), &host) {
        (Some(Host::Domain(api)), Host::Domain(name)) => {
            below(name, api.trim_start_matches("www."))
        }
        (Some(api_host), host) => api_host == *host && api.port_or_known_default() == Some(port),
        _ => false,
    });
    let by_administrator = app
        .allowed_hosts
        .iter()
        .any(|entry| match entry.rsplit_once(':') {
            Some((name, digits)) if digits.parse() == Ok(port) => host.to_string() == name,
            _ => match &host {
                Host::Domain(name) => below(name, entry),
                address => address.to_string() == *entry,
            },
        });
    if by_api || by_administrator {
        Ok(url)
    } else {
        Err(Cause::Host(host.to_string()))
    }
}

fn below(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.trim_end_matches('.'), domain.to_ascii_lowercase());
    !domain.is_empty()
        && (name == domain
            || name
                .strip_suffix(&domain)
                .is_some_and(|rest| rest.ends_with('.')))
}

/// The client for files: no redirects (they would lead around [`allowed`]), no proxy, no
/// decompression; a peer that says nothing for 30 s is given up.
pub(crate) fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_backend_preconfigured(reelroom_anyrtc::client::tls())
        .build()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{ids::AppId, time::Timestamp};

    use super::*;
    use crate::Chance;

    fn app(api_base: &str, hosts: &[&str]) -> App {
        let now = Timestamp::from_millis(0);
        App {
            id: Chance::from_seed(1).id::<AppId>(now),
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

    #[test]
    fn the_domain_of_the_api_and_what_was_added() {
        let app = app(
            "http://www.anyrtc.io",
            &["cdn.example.org", "10.0.0.5:9000"],
        );
        for good in [
            "http://www.anyrtc.io/a.mp4",
            "https://vod.anyrtc.io:8443/a.mp4",
            "https://anyrtc.io./a",
            "https://cdn.example.org/a",
            "http://eu.CDN.example.org/a",
            "http://10.0.0.5:9000/a",
        ] {
            assert!(allowed(good, &app).is_ok(), "{good}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let app = app(
            "http://www.anyrtc.io",
            &["cdn.example.org", "10.0.0.5:9000"],
        );
        for bad in [
            "http://127.0.0.1/a",
            "http://10.0.0.5/a",
            "http://10.0.0.5:9001/a",
            "http://[::1]/a",
            "http://notanyrtc.io/a",
            "http://anyrtc.io.evil.example/a",
            "http://evil.example/?anyrtc.io",
            "http://www.anyrtc.io@evil.example/a",
            "http://user@www.anyrtc.io/a",
            "file:///etc/passwd",
            "ftp://www.anyrtc.io/a",
            "//www.anyrtc.io/a",
            "",
        ] {
            assert!(allowed(bad, &app).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_sandbox_is_its_address_with_its_port() {
        let app = app("http://127.0.0.1:3100", &[]);
        assert!(allowed("http://127.0.0.1:3100/files/a.mp4", &app).is_ok());
        assert!(allowed("http://127.0.0.1:3000/files/a.mp4", &app).is_err());
        assert!(allowed("http://localhost:3100/files/a.mp4", &app).is_err());
    }
}
