//! Copies that a proxy sends: nginx with the configuration of `docs/operating.md`, and `X-Sendfile`.

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
    files::archived,
};

const CONTENT: &str = "0123456789";

/// nginx in front of a server, as its documents describe it.
struct Nginx {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Nginx {
    async fn start(server: SocketAddr, copies: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().display();
        let documents = include_str!("../../../docs/operating.md");
        let (_, rest) = documents.split_once("```nginx\n").unwrap();
        let (locations, _) = rest.split_once("```").unwrap();
        let locations = locations
            .replace("127.0.0.1:3000", &server.to_string())
            .replace("/var/lib/reelroom/files", copies.to_str().unwrap());
        // The port is free again after this statement.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let address = address.unwrap();
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let folders = folders.map(|kind| format!("{kind}_temp_path {path}/{kind}; "));
        let config = format!(
            "daemon off; master_process off; pid {path}/pid; error_log {path}/log; events {{}}
             http {{ access_log off; sendfile on; {}
                 server {{ listen {address}; {locations} }} }}",
            folders.concat()
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, config).unwrap();
        // Debian's folder for it is not in the path of every account.
        let debian = "/usr/sbin/nginx";
        let program = if Path::new(debian).exists() {
            debian
        } else {
            "nginx"
        };
        let child = Command::new(program)
            .arg("-e")
            .arg(folder.path().join("log"))
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx, which `scripts/bootstrap test` installs");
        let nginx = Self {
            child,
            address,
            _folder: folder,
        };
        eventually("nginx", || async { TcpStream::connect(address).await.ok() }).await;
        nginx
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_sends_copies_under_our_headers() {
    let app = TestApp::without_callbacks().await;
    let id = archived(&app).await;
    let server = app.listen_for_proxy(Delivery::XAccel).await;
    let nginx = Nginx::start(server, &app.data("files")).await;
    let cookie = app.cookie().await;
    let path = format!("/files/{id}");
    let at = |host: SocketAddr, path: &str| {
        let request = app.client.get(format!("http://{host}{path}"));
        request.header("cookie", &cookie)
    };
    let get = || at(nginx.address, &path);

    let handed_over = send(at(server, &path)).await;
    let address = handed_over.headers()["x-accel-redirect"].clone();
    let address = address.to_str().unwrap();
    assert!(address.starts_with("/reelroom-files/"), "{address}");
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
        "etag",
        "last-modified",
        "referrer-policy",
        "x-content-type-options",
        "x-frame-options",
    ] {
        let values = |answer: &Response| {
            let values = answer.headers().get_all(name).iter();
            values.cloned().collect::<Vec<_>>()
        };
        assert_eq!(values(&sent), values(&direct), "{name}");
    }
    assert!(!sent.headers().contains_key("x-accel-redirect"));
    let text = |name: &str| direct.headers()[name].to_str().unwrap();
    let (etag, changed) = (text("etag"), text("last-modified"));
    assert_eq!(sent.text().await.unwrap(), CONTENT);

    for (headers, status, body) in [
        (&[("range", "bytes=2-4")][..], 206, "234"),
        (&[("range", "bytes=-3"), ("if-range", etag)], 206, "789"),
        (&[("range", "bytes=8-"), ("if-range", changed)], 206, "89"),
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

    let head = app.client.head(format!("http://{}{path}", nginx.address));
    let head = send(head.header("cookie", &cookie)).await;
    assert_eq!(head.headers()["content-length"], "10");
    let download = send(at(nginx.address, &format!("{path}?download"))).await;
    let disposition = download.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment"), "{disposition}");

    // Nobody gets a copy without Reelroom.
    assert_eq!(send(at(nginx.address, address)).await.status(), 404);
    let stranger = app.client.get(format!("http://{}{path}", nginx.address));
    assert_ne!(send(stranger).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn x_sendfile_names_the_copy_by_its_path() {
    let app = TestApp::without_callbacks().await;
    let id = archived(&app).await;
    let server = app.listen_for_proxy(Delivery::XSendfile).await;
    let request = app.client.get(format!("http://{server}/files/{id}"));
    let request = request.header("cookie", app.cookie().await);
    let answer = send(request.header("range", "bytes=2-4")).await;
    assert_eq!(answer.status(), 200);
    let path = answer.headers()["x-sendfile"].to_str().unwrap();
    assert!(Path::new(path).is_absolute(), "{path}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), CONTENT);
    assert_eq!(answer.text().await.unwrap(), "");
}
