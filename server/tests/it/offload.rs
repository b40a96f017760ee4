//! Copies that a proxy sends: nginx and Apache with the configuration of `docs/operating.md`.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};

use reelroom::Delivery;
use reqwest::Response;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::{
    common::{TestApp, actions::send, eventually},
    files::{CONTENT, archived},
};

/// A proxy in front of a server, as its documents describe it.
struct Proxy {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Proxy {
    async fn start(delivery: Delivery, server: SocketAddr, copies: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        // The port is free again after this statement.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let address = address.unwrap();
        let name = match delivery {
            Delivery::XAccel => "nginx",
            _ => "apache",
        };
        let documents = include_str!("../../../docs/operating.md");
        let (_, rest) = documents.split_once(&format!("```{name}\n")).unwrap();
        let (block, _) = rest.split_once("```").unwrap();
        let block = block
            .replace("127.0.0.1:3000", &server.to_string())
            .replace("/var/lib/reelroom/files", copies.to_str().unwrap());
        let mut command = match delivery {
            Delivery::XAccel => nginx(folder.path(), address, &block),
            _ => apache(folder.path(), address, &block),
        };
        let child = command
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that `scripts/bootstrap test` installs");
        let proxy = Self {
            child,
            address,
            _folder: folder,
        };
        eventually(name, || async { TcpStream::connect(address).await.ok() }).await;
        proxy
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that may be in Debian's folder for it, which is not in the path of every account.
fn program(name: &str) -> Command {
    let debian = Path::new("/usr/sbin").join(name);
    if debian.exists() {
        Command::new(debian)
    } else {
        Command::new(name)
    }
}

/// nginx with these locations.
fn nginx(folder: &Path, address: SocketAddr, locations: &str) -> Command {
    let path = folder.display();
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = folders.map(|kind| format!("{kind}_temp_path {path}/{kind}; "));
    let config = format!(
        "daemon off; master_process off; pid {path}/pid; error_log {path}/log; events {{}}
         http {{ access_log off; sendfile on; {}
             server {{ listen {address}; {locations} }} }}",
        folders.concat()
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, config).unwrap();
    let mut command = program("nginx");
    command.arg("-e").arg(folder.join("log"));
    command.arg("-p").arg(folder).arg("-c").arg(&file);
    command
}

/// Apache with these directives in its virtual host. As it does not run as root, another account must be able
/// to read the copies then.
fn apache(folder: &Path, address: SocketAddr, directives: &str) -> Command {
    let path = folder.display();
    let modules = [
        "mpm_event",
        "authz_core",
        "proxy",
        "proxy_http",
        "xsendfile",
    ];
    let modules = modules
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
    let config = format!(
        "ServerRoot {path}\nServerName localhost\nPidFile {path}/pid\nErrorLog {path}/log\n\
         {}User #65534\nGroup #65534\nListen {address}\n\
         <VirtualHost {address}>\n{directives}</VirtualHost>\n",
        modules.concat()
    );
    let file = folder.join("apache.conf");
    std::fs::write(&file, config).unwrap();
    let mut command = program("apache2");
    // One process, which ends with the test.
    command.arg("-X").arg("-f").arg(&file);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_sends_copies_under_our_headers() {
    a_proxy_sends_copies(Delivery::XAccel).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apache_sends_copies_under_our_headers() {
    a_proxy_sends_copies(Delivery::XSendfile).await;
}

async fn a_proxy_sends_copies(delivery: Delivery) {
    let app = TestApp::without_callbacks().await;
    let id = archived(&app).await;
    let mut readable = Command::new("chmod");
    readable.args(["-R", "a+rX"]).arg(app.data(""));
    assert!(readable.status().unwrap().success());
    let server = app.listen_for_proxy(delivery).await;
    let proxy = Proxy::start(delivery, server, &app.data("files")).await;
    let cookie = app.cookie().await;
    let path = format!("/files/{id}");
    let at = |host: SocketAddr, path: &str| {
        let request = app.client.get(format!("http://{host}{path}"));
        request.header("cookie", &cookie)
    };
    let get = || at(proxy.address, &path);

    let handed_over = send(at(server, &path)).await;
    let (header, beginning) = match delivery {
        Delivery::XAccel => ("x-accel-redirect", "/reelroom-files/".into()),
        _ => ("x-sendfile", app.data("files")),
    };
    let address = handed_over.headers()[header].clone();
    let address = address.to_str().unwrap();
    assert!(Path::new(address).starts_with(beginning), "{address}");
    assert_eq!(handed_over.text().await.unwrap(), "");

    let direct = send(app.get(&path).header("cookie", &cookie)).await;
    let sent = send(get()).await;
    assert_eq!(sent.status(), 200);
    for name in [
        "accept-ranges",
        "cache-control",
        "content-disposition",
        "content-length",
        "content-security-policy",
        "content-type",
        "cross-origin-resource-policy",
        "etag",
        "last-modified",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
    ] {
        let values = |answer: &Response| {
            let values = answer.headers().get_all(name).iter();
            values.cloned().collect::<Vec<_>>()
        };
        assert_eq!(values(&sent), values(&direct), "{name}");
    }
    assert!(!sent.headers().contains_key(header));
    let text = |name: &str| direct.headers()[name].to_str().unwrap();
    let (etag, changed) = (text("etag"), text("last-modified"));
    assert_eq!(sent.text().await.unwrap(), CONTENT);

    // For Apache a date of the last minute is no proof that the bytes are the same.
    let by_date = match delivery {
        Delivery::XAccel => (206, "89"),
        _ => (200, CONTENT),
    };
    for (headers, status, body) in [
        (&[("range", "bytes=2-4")][..], 206, "234"),
        (&[("range", "bytes=-3"), ("if-range", etag)], 206, "789"),
        (
            &[("range", "bytes=8-"), ("if-range", changed)],
            by_date.0,
            by_date.1,
        ),
        (
            &[("range", "bytes=8-"), ("if-range", "\"x\"")],
            200,
            CONTENT,
        ),
        (&[("if-none-match", etag)], 304, ""),
        (&[("if-modified-since", changed)], 304, ""),
        (&[("if-match", "\"x\"")], 412, ""),
    ] {
        let request = headers.iter().fold(get(), |request, (name, value)| {
            request.header(*name, *value)
        });
        let answer = send(request).await;
        assert_eq!(answer.status(), status, "{headers:?}");
        assert_eq!(answer.text().await.unwrap(), body, "{headers:?}");
    }
    let beyond = send(get().header("range", "bytes=10-")).await;
    assert_eq!(beyond.status(), 416);

    let head = app.client.head(format!("http://{}{path}", proxy.address));
    let head = send(head.header("cookie", &cookie)).await;
    assert_eq!(head.headers()["content-length"], "10");
    let download = send(at(proxy.address, &format!("{path}?download"))).await;
    let disposition = download.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");

    // Nobody gets a copy without Reelroom.
    assert_eq!(send(at(proxy.address, address)).await.status(), 404);
    let stranger = app.client.get(format!("http://{}{path}", proxy.address));
    assert_ne!(send(stranger).await.status(), 200);
}
