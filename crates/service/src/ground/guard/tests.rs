use std::{
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::FutureExt;
use reelroom_domain::time::Timestamp;
use tokio::{net::TcpListener, time::timeout};

use super::*;
use crate::apps::plain::plain;

fn app(api_base: &str, hosts: &[&str]) -> App {
    let id = "a".repeat(32).parse().unwrap();
    App {
        api_base: api_base.to_owned(),
        allowed_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        ..plain(id, "Test", Timestamp::default())
    }
}

fn cloud() -> App {
    let hosts = [
        "cdn.example.org",
        "files.example.org:9000",
        "10.0.0.5:9000",
        "10.0.0.6",
        "192.0.2.6",
        "[fd00::1]:9000",
        "127.0.0.2:9000",
        "10.20.1.5/16",
        "198.18.0.0/15",
        "fd20::/16",
        // Never entries, and so without effect.
        "127.0.0.1",
        "169.254.169.254",
        "0.0.0.0:9000",
        "127.0.0.0/8",
        ".",
    ];
    app("http://www.anyrtc.io:8080", &hosts)
}

fn check(app: &App, address: &str) -> Result<(), Cause> {
    let url = Url::parse(address).map_err(|_| Cause::Address)?;
    Rules::of(app).check(&url)
}

#[test]
fn a_host_has_its_port_and_a_network_the_default_ports() {
    let goods = "http://www.anyrtc.io:8080/a.mp4 http://www.anyrtc.io/a.mp4 \
        https://www.anyrtc.io./a.mp4 https://anyrtc.io/a https://vod.anyrtc.io/a.mp4 \
        https://vod.anyrtc.io:443/a.mp4 https://cdn.example.org/a \
        http://eu.CDN.example.org:80/a http://files.example.org:9000/a \
        http://10.0.0.5:9000/a https://10.0.0.6/a https://192.0.2.6/a \
        http://[fd00::1]:9000/a http://127.0.0.2:9000/a http://10.20.0.1/a \
        https://10.20.255.255:443/a http://[::ffff:10.20.0.1]/a http://198.19.0.1/a \
        http://[fd20::1]/a";
    for good in goods.split(' ') {
        assert_eq!(check(&cloud(), good), Ok(()), "{good}");
    }
}

#[test]
fn another_port_or_host_is_refused_and_named() {
    let host = |host: &str| Cause::Host(host.to_owned());
    let never = |host: &str| Cause::NeverAllowed(host.to_owned());
    let port = |host: &str, port| {
        let host = host.to_owned();
        Cause::Port { host, port }
    };
    for (bad, cause) in [
        ("http://www.anyrtc.io:3000/a", port("www.anyrtc.io", 3000)),
        ("https://www.anyrtc.io:80/a", port("www.anyrtc.io", 80)),
        ("http://vod.anyrtc.io:8080/a", port("vod.anyrtc.io", 8080)),
        ("http://anyrtc.io:8080/a", port("anyrtc.io", 8080)),
        ("http://cdn.example.org:22/a", port("cdn.example.org", 22)),
        ("http://files.example.org/a", port("files.example.org", 80)),
        (
            "http://a.files.example.org:9000/",
            host("a.files.example.org:9000"),
        ),
        ("http://10.0.0.5/a", port("10.0.0.5", 80)),
        ("http://10.0.0.5:9001/a", port("10.0.0.5", 9001)),
        ("http://10.0.0.6:9000/a", port("10.0.0.6", 9000)),
        ("http://10.0.0.7/a", host("10.0.0.7")),
        ("http://10.20.0.1:9000/a", port("10.20.0.1", 9000)),
        ("http://10.21.0.1/a", host("10.21.0.1")),
        ("http://[fd00::1]/a", port("[fd00::1]", 80)),
        ("http://[fd00::2]:9000/a", host("[fd00::2]:9000")),
        // Loopback without its port, and addresses that are never allowed.
        ("http://127.0.0.2:9001/a", port("127.0.0.2", 9001)),
        ("http://127.0.0.1/a", never("127.0.0.1")),
        ("http://127.0.0.1:9000/a", never("127.0.0.1:9000")),
        ("http://169.254.169.254/a", never("169.254.169.254")),
        ("http://0.0.0.0:9000/a", never("0.0.0.0:9000")),
        // The metadata of a cloud, in an allowed network.
        ("http://[fd20:ce::254]/a", never("[fd20:ce::254]")),
        // Names of this machine.
        ("http://localhost/a", never("localhost")),
        ("http://LocalHost.:9000/a", never("localhost:9000")),
        ("http://a.localhost/a", never("a.localhost")),
        ("http://notlocalhost/a", host("notlocalhost")),
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
        assert_eq!(check(&cloud(), bad), Err(cause), "{bad}");
    }
    let metadata = app("http://169.254.169.254", &[]);
    let refused = check(&metadata, "http://169.254.169.254/a");
    assert_eq!(refused, Err(never("169.254.169.254")));
}

#[test]
fn every_spelling_of_an_address_is_blocked() {
    let odds = "http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://0177.0.0.1/ \
        http://127.1/ http://127.0.0.1./ http://[::1]/ http://[::]/ \
        http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::ffff:10.0.0.5]:9000/ \
        http://0/ http://①②⑦.0.0.1/ http://localhost/ http://localhost./ \
        http://127.0.0.1.nip.io/ http://anyrtc.io%2eevil.example/ \
        http://evil.example\\@anyrtc.io/ http://evil.example#@anyrtc.io/ \
        http://evil.example../ http://anyrtc.io../ http:127.0.0.1/ http:///127.0.0.1/";
    for odd in odds.split(' ') {
        assert!(check(&cloud(), odd).is_err(), "{odd}");
        assert!(!allows(&cloud(), odd), "{odd}");
    }
}

#[test]
fn the_sandbox_is_allowed_at_its_port_only() {
    let app = app("http://127.0.0.1:3100", &[]);
    assert!(allows(&app, "http://127.0.0.1:3100/files/a.mp4"));
    assert!(!allows(&app, "http://127.0.0.1:3000/files/a.mp4"));
    assert!(!allows(&app, "http://localhost:3100/files/a.mp4"));
}

#[test]
fn an_entry_is_a_host_or_a_network_that_may_be_allowed() {
    let goods = "cdn.example.org cdn.example.org. 视频.example:8443 10.0.0.5 [fd00::1] 127.0.0.1:9000 \
        10.0.0.0/8 10.20.1.5/16 fd00::/8 192.0.2.0/24";
    for good in goods.split(' ') {
        assert!(is_entry(good), "{good}");
    }
    let bads = ". *.example.org http://cdn.example.org cdn.example.org/files user@cdn.example.org \
        cdn.example.org: cdn.example.org:99999 fd00::1 127.0.0.1 [::1] localhost \
        localhost.:9000 a.localhost:9000 2130706433 169.254.169.254:80 0.0.0.0 127.0.0.0/8 \
        169.254.0.0/16 0.0.0.0/0 ::/0 fe80::/10 10.0.0.0/33";
    for bad in bads.split(' ').chain([""]) {
        assert!(!is_entry(bad), "{bad}");
    }
}

#[test]
fn a_name_reaches_inside_only_as_the_settings_say() {
    let reaches = |name: &str, ip: &str| {
        let found = [SocketAddr::new(ip.parse().unwrap(), 0)];
        Rules::of(&cloud()).reachable(name, &found)
    };
    let (listed, below) = ("cdn.example.org", "eu.cdn.example.org");
    for name in [listed, "www.anyrtc.io.", below, "anyrtc.io"] {
        for public in ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"] {
            assert!(reaches(name, public).is_ok(), "{name} {public}");
        }
        // In an allowed network.
        for inside in ["10.20.0.1", "::ffff:10.20.0.1", "198.18.0.1", "fd20::1"] {
            assert!(reaches(name, inside).is_ok(), "{name} {inside}");
        }
        for special in ["192.0.2.1", "203.0.113.1", "240.0.0.1", "2001:db8::1"] {
            let inside = Err(Cause::Inside(name.to_owned()));
            assert_eq!(reaches(name, special), inside, "{special}");
        }
        let nevers = "127.0.0.1 ::1 ::ffff:127.0.0.1 64:ff9b::127.0.0.1 0.0.0.0 169.254.169.254 \
            fe80::1 ff02::1 fd20:ce::254";
        for never in nevers.split(' ') {
            let refused = Err(Cause::NeverAllowed(name.to_owned()));
            assert_eq!(reaches(name, never), refused, "{never}");
        }
    }
    for private in ["10.0.0.5", "192.168.1.1", "100.64.0.1", "fd00::1"] {
        assert!(reaches(listed, private).is_ok(), "{private}");
        let inside = Err(Cause::Inside(below.to_owned()));
        assert_eq!(reaches(below, private), inside, "{private}");
    }
    let both: [SocketAddr; 2] = ["127.0.0.1:0", "8.8.8.8:0"].map(|text| text.parse().unwrap());
    let found = Rules::of(&cloud()).reachable(listed, &both);
    assert_eq!(found, Ok(vec![both[1]]));
}

#[test]
fn a_refusal_is_lifted_by_exactly_what_it_names() {
    let lifts = |cause: &Cause| entry_for(&cloud(), cause);
    let host = |host: &str| Cause::Host(host.to_owned());
    let port = |host: &str| Cause::Port {
        host: host.to_owned(),
        port: 8080,
    };
    let inside = |name: &str| Cause::Inside(name.to_owned());
    for (cause, entry) in [
        (host("a.example"), "a.example"),
        (host("a.example:8080"), "a.example:8080"),
        (host("192.168.1.1"), "192.168.1.1"),
        (host("[fd00::2]:9000"), "[fd00::2]:9000"),
        (port("cdn.example.org"), "cdn.example.org:8080"),
        (inside("vod.anyrtc.io"), "vod.anyrtc.io"),
    ] {
        assert_eq!(lifts(&cause).as_deref(), Some(entry));
    }
    for cause in [
        port("127.0.0.2"),
        host("127.0.0.1:9000"),
        host("localhost:9000"),
        port("localhost"),
        // The settings name it already: a network is missing.
        inside("cdn.example.org"),
        Cause::NeverAllowed("a.example".to_owned()),
        Cause::Insecure("a.example".to_owned()),
        Cause::Address,
        Cause::Redirects,
    ] {
        assert_eq!(lifts(&cause), None, "{cause}");
    }
    let sandbox = App {
        sandbox: true,
        ..cloud()
    };
    assert_eq!(entry_for(&sandbox, &host("a.example")), None);
}

/// A client for which names have these addresses, another one at each lookup, and the number of lookups.
fn with_answers(answers: &[&str]) -> (FileClient, Arc<AtomicUsize>) {
    let answers: Vec<IpAddr> = answers.iter().map(|ip| ip.parse().unwrap()).collect();
    let lookups = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&lookups);
    let lookup = move |_: String| {
        let ip = answers[counted.fetch_add(1, Ordering::SeqCst) % answers.len()];
        async move { Ok::<_, io::Error>(vec![SocketAddr::new(ip, 0)]) }.boxed()
    };
    (FileClient::with_lookup(Arc::new(lookup)), lookups)
}

/// A listener on every address of this machine, and its port.
async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

async fn is_silent(listener: &TcpListener) -> bool {
    let wait = Duration::from_millis(100);
    timeout(wait, listener.accept()).await.is_err()
}

async fn refusal(client: &FileClient, address: &str, app: &App) -> Cause {
    match client.get(address, app, HeaderMap::new()).await {
        Err(GetError::Refused(cause)) => cause,
        other => panic!("{address}: {other:?}"),
    }
}

#[tokio::test]
async fn nobody_connects_to_what_a_name_may_not_lead_to() {
    let (listener, port) = listener().await;
    let name = "files.example.org";
    let app = app(
        "http://www.anyrtc.io",
        &[&format!("{name}:{port}"), "10.0.0.0/8"],
    );
    let url = format!("http://{name}:{port}/a.mp4");
    let ips = "127.0.0.1 127.9.9.9 0.0.0.0 ::1 :: ::ffff:127.0.0.1 64:ff9b::127.0.0.1 \
        169.254.169.254 fe80::1 224.0.0.1 255.255.255.255 100.100.100.200";
    for ip in ips.split(' ') {
        let (client, _) = with_answers(&[ip]);
        let cause = Cause::NeverAllowed(name.to_owned());
        assert_eq!(refusal(&client, &url, &app).await, cause, "{ip}");
    }
    for ip in ["192.0.2.1", "198.18.0.1", "240.0.0.1", "64:ff9b:1::7f00:1"] {
        let (client, _) = with_answers(&[ip]);
        let cause = Cause::Inside(name.to_owned());
        assert_eq!(refusal(&client, &url, &app).await, cause, "{ip}");
    }
    // A name that the settings do not list exactly, at the default port.
    let (client, _) = with_answers(&["192.168.1.1"]);
    let cause = Cause::Inside("vod.anyrtc.io".to_owned());
    let address = "http://vod.anyrtc.io/a.mp4";
    assert_eq!(refusal(&client, address, &app).await, cause);
    assert!(is_silent(&listener).await);
}

#[tokio::test]
async fn a_name_is_resolved_once_for_check_and_connection() {
    let (listener, port) = listener().await;
    let host = format!("files.example.org:{port}");
    let app = app("http://www.anyrtc.io", &[&host, "192.0.2.0/24"]);
    let url = format!("http://{host}/a.mp4");
    // The first answer is allowed and leads nowhere, the second leads to this machine.
    let (client, lookups) = with_answers(&["192.0.2.1", "127.0.0.1"]);
    let first = client.get(&url, &app, HeaderMap::new());
    let first = timeout(Duration::from_millis(300), first).await;
    assert!(!matches!(first, Ok(Ok(_))), "{first:?}");
    assert_eq!(lookups.load(Ordering::SeqCst), 1);
    let cause = Cause::NeverAllowed("files.example.org".to_owned());
    assert_eq!(refusal(&client, &url, &app).await, cause);
    assert_eq!(lookups.load(Ordering::SeqCst), 2);
    assert!(is_silent(&listener).await);
}

#[test]
fn an_app_has_one_client_until_its_rules_change() {
    let client = FileClient::new();
    let rules = |hosts: &[&str]| client.client(&app("http://a.example", hosts)).unwrap().0;
    let first = rules(&[]);
    assert!(Arc::ptr_eq(&first, &rules(&[])));
    assert!(!Arc::ptr_eq(&first, &rules(&["10.0.0.0/8"])));
}

#[test]
fn a_redirect_is_resolved_and_stays_encrypted() {
    let from: Url = "https://a.example/x/y?z=1".parse().unwrap();
    let target = |location: &'static [u8]| {
        let location = HeaderValue::from_bytes(location).unwrap();
        target(&from, &location).map(String::from)
    };
    for (location, to) in [
        (&b"/b"[..], "https://a.example/b"),
        (b"b?c", "https://a.example/x/b?c"),
        (b"//b.example/", "https://b.example/"),
        (b"https://b.example:8443/a", "https://b.example:8443/a"),
        ("/视频".as_bytes(), "https://a.example/%E8%A7%86%E9%A2%91"),
    ] {
        assert_eq!(target(location), Ok(to.to_owned()));
    }
    let insecure = Cause::Insecure("b.example".to_owned());
    assert_eq!(target(b"http://b.example/a"), Err(insecure));
    for bad in [&b"https://"[..], b"https://b.example:99999/", b"\xff"] {
        assert_eq!(target(bad), Err(Cause::Address));
    }
}
