//! The archive in a bucket of a real S3 server.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read},
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    error_handling::HandleError,
    extract::{Path, Request, State},
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response as Answer},
    routing::get,
};
use reelroom_domain::{cause::Cause, file::FileState, ids::RecordingId, view::FileView};
use reelroom_service::Service;
use reelroom_store::DatabaseUrl;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use s3s::{HttpError, auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use zip::ZipArchive;

use crate::{
    binary::{self, Server},
    common::{
        ADMIN,
        actions::{newest_in, send},
        eventually, file_call,
    },
    fetch::sha256,
    torture::{connect, prepare},
};

const BUCKET: &str = "recordings";
const KEYS: (&str, &str) = ("an-access-key", "a-secret-access-key");
/// One is stored with one request, the other in two parts.
const SMALL: usize = 100 << 10;
const LARGE: usize = 6 << 20;

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|n| n.to_le_bytes()[1]).collect()
}

async fn serve(site: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
    address
}

/// The files of the platform: the path is the size.
async fn files() -> SocketAddr {
    serve(Router::new().route("/{size}", get(file_of))).await
}

async fn file_of(Path(size): Path<usize>) -> Vec<u8> {
    content(size)
}

/// An S3 server with a bucket, in a folder.
struct S3 {
    address: SocketAddr,
    root: TempDir,
    /// Whether uploads in parts fail at their end.
    fails: Arc<AtomicBool>,
}

impl S3 {
    async fn start() -> Self {
        let root = TempDir::new().unwrap();
        fs::create_dir(root.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(root.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEYS.0, KEYS.1));
        let service = HandleError::new(service.build(), broken);
        let fails = Arc::new(AtomicBool::default());
        let site = Router::new().fallback_service(service);
        let site = site.layer(from_fn_with_state(Arc::clone(&fails), refuse_to_complete));
        let address = serve(site).await;
        Self {
            address,
            root,
            fails,
        }
    }

    /// The objects of the bucket, by their names without those of the recordings' folders.
    fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let recordings = self.root.path().join(BUCKET).join("some/prefix");
        let entries = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
        let objects = entries(recordings).flat_map(|recording| entries(recording.path()));
        let read = objects.map(|object| {
            let name = object.file_name().into_string().unwrap();
            (name, fs::read(object.path()).unwrap())
        });
        read.collect()
    }

    /// The names of what the server keeps beside the bucket.
    fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.path()).unwrap().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        names.collect()
    }
}

async fn broken(_: HttpError) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn refuse_to_complete(
    State(fails): State<Arc<AtomicBool>>,
    request: Request,
    next: Next,
) -> Answer {
    let query = request.uri().query().unwrap_or_default();
    let completes = request.method() == Method::POST && query.contains("uploadId=");
    if completes && fails.load(Ordering::SeqCst) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

/// The binary over a bucket, and the service over its database, which reads only.
struct Desk {
    service: Service,
    server: Server,
    files: SocketAddr,
    client: Client,
    cookie: String,
    _folder: TempDir,
}

impl Desk {
    async fn start(s3: &S3, redirects: &str) -> Self {
        let (folder, files) = (TempDir::new().unwrap(), files().await);
        let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
        let _ = rustls::crypto::ring::default_provider().install_default();
        prepare(&database, folder.path(), &format!("http://{files}")).await;
        let service = connect(&database, folder.path()).await;
        let (endpoint, bucket) = (
            format!("http://{}", s3.address),
            format!("s3://{BUCKET}/some/prefix"),
        );
        let variables = [
            ("AWS_ACCESS_KEY_ID", KEYS.0),
            ("AWS_SECRET_ACCESS_KEY", KEYS.1),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT", &*endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("NO_PROXY", "127.0.0.1"),
            ("REELROOM_STORAGE_URL", &*bucket),
            ("REELROOM_S3_REDIRECT", redirects),
            ("REELROOM_ADMIN_USER", ADMIN.0),
            ("REELROOM_ADMIN_PASSWORD", ADMIN.1),
        ];
        let server = Server::start(folder.path(), &database, &variables);
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        let client = client.build().unwrap();
        let form = [("name", ADMIN.0), ("password", ADMIN.1), ("next", "/")];
        let to = format!("http://{}/fn/sign_in", server.address);
        let signed_in = client.post(to).form(&form).send().await.unwrap();
        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self {
            service,
            server,
            files,
            client,
            cookie,
            _folder: folder,
        }
    }

    /// Announces a file of this size, whose room is the size.
    async fn announce(&self, size: usize) {
        let name = size.to_string();
        let url = format!("http://{}/{name}", self.files);
        let call = file_call(&name, &format!("{name}.mp4"), size, &url);
        let to = format!("http://{}/{}/AR/V1/av", self.server.address, binary::SECRET);
        let answer = self.client.post(to).body(call.to_string());
        assert_eq!(answer.send().await.unwrap().status(), 200);
    }

    /// The file of this size, once `is_so` of it, and its recording.
    async fn file(
        &self,
        size: usize,
        is_so: impl Fn(&FileView) -> bool,
    ) -> (RecordingId, FileView) {
        eventually("the file", || async {
            let view = newest_in(&self.service, &size.to_string()).await?;
            let file = view.files.into_iter().find(&is_so)?;
            Some((view.row.id, file))
        })
        .await
    }

    async fn archive(&self, size: usize) -> (RecordingId, FileView) {
        self.announce(size).await;
        self.file(size, |file| file.state == FileState::Archived)
            .await
    }

    fn get(&self, path: &str) -> RequestBuilder {
        let request = self
            .client
            .get(format!("http://{}{path}", self.server.address));
        request.header("cookie", &self.cookie)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_lie_in_a_bucket_and_are_served_from_it() {
    let s3 = S3::start().await;
    let mut desk = Desk::start(&s3, "false").await;
    let mut recordings = Vec::new();
    for size in [SMALL, LARGE] {
        let content = content(size);
        let (recording, file) = desk.archive(size).await;
        recordings.push(recording);
        assert_eq!(file.sha256, Some(sha256(&content)));

        // The copy and its description.
        let objects = s3.objects();
        let (name, copy) = objects
            .iter()
            .find(|(_, bytes)| bytes.len() == size)
            .unwrap();
        assert!(*copy == content, "{name}");
        let described = &objects[&format!("{name}.json")];
        let described: serde_json::Value = serde_json::from_slice(described).unwrap();
        assert_eq!(described["sha256"], sha256(&content));

        let path = format!("/files/{}", file.id);
        let whole = send(desk.get(&path)).await;
        assert_eq!(whole.status(), 200);
        assert_eq!(whole.headers()["accept-ranges"], "bytes");
        let tag = format!("\"{}\"", sha256(&content));
        assert_eq!(whole.headers()["etag"], *tag);
        assert!(whole.bytes().await.unwrap() == content, "{size}");
        let range = desk.get(&path).header("range", "bytes=1000-70999");
        let part = send(range.header("if-range", &tag)).await;
        assert_eq!(part.status(), 206);
        assert!(part.bytes().await.unwrap() == content[1000..71_000]);
        let beyond = desk.get(&path).header("range", format!("bytes={size}-"));
        assert_eq!(send(beyond).await.status(), 416);
        let download = send(desk.get(&format!("{path}?download"))).await;
        assert_eq!(download.status(), 200);
    }
    let kept = s3.kept();
    assert!(
        !kept.iter().any(|name| name.contains(".upload")),
        "{kept:?}"
    );
    // The server compared the checksums of the small copy and of the descriptions.
    let internal = kept.iter().filter(|name| name.ends_with(".internal.json"));
    let compared = internal.filter(|name| {
        let info = fs::read_to_string(s3.root.path().join(name)).unwrap();
        info.contains("checksum_sha256")
    });
    assert_eq!(compared.count(), 3);

    let [first, second] = [recordings[0], recordings[1]];
    let zip = format!("/recordings/zip?id={first}&id={second}");
    let zip = send(desk.get(&zip)).await.bytes().await.unwrap();
    let mut zip = ZipArchive::new(Cursor::new(&zip[..])).unwrap();
    let mut sums = BTreeSet::new();
    for index in 0..zip.len() {
        let mut bytes = Vec::new();
        zip.by_index(index)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        sums.insert(sha256(&bytes));
    }
    let expected = [SMALL, LARGE].map(|size| sha256(&content(size)));
    assert_eq!(sums, BTreeSet::from(expected));
    desk.server.end();
    desk.service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_fails_leaves_no_parts() {
    let s3 = S3::start().await;
    s3.fails.store(true, Ordering::SeqCst);
    let mut desk = Desk::start(&s3, "false").await;
    desk.announce(LARGE).await;
    let (_, failed) = desk.file(LARGE, |file| file.trouble.is_some()).await;
    assert_eq!(failed.state, FileState::Failed);
    let trouble = failed.trouble.unwrap();
    assert!(matches!(trouble, Cause::Storage(_)), "{trouble}");
    let kept = s3.kept();
    assert!(
        !kept.iter().any(|name| name.contains(".upload")),
        "{kept:?}"
    );
    assert_eq!(s3.objects().len(), 0);
    // The next try needs nothing of the platform.
    s3.fails.store(false, Ordering::SeqCst);
    let is_archived = |file: &FileView| file.state == FileState::Archived;
    let (_, archived) = desk.file(LARGE, is_archived).await;
    assert_eq!(archived.sha256, Some(sha256(&content(LARGE))));
    desk.server.end();
    desk.service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_redirected_to_the_bucket() {
    let s3 = S3::start().await;
    let mut desk = Desk::start(&s3, "true").await;
    let (_, file) = desk.archive(SMALL).await;
    let path = format!("/files/{}", file.id);
    let download = send(desk.get(&format!("{path}?download"))).await;
    assert_eq!(download.status(), 302);
    assert_eq!(download.headers()["cache-control"], "no-store");
    let location = download.headers()["location"].to_str().unwrap();
    let at = format!("http://{}/{BUCKET}/some/prefix/", s3.address);
    assert!(location.starts_with(&at), "{location}");
    let disposition = "response-content-disposition=attachment";
    assert!(location.contains(disposition), "{location}");
    // Without a session, and only as it was signed.
    let whole = send(desk.client.get(location)).await;
    assert_eq!(whole.status(), 200);
    assert!(whole.bytes().await.unwrap() == content(SMALL));
    let other = location.replace("attachment", "inline");
    assert_eq!(send(desk.client.get(other)).await.status(), 403);

    // A page plays what this server sends, and a known version is not sent again.
    let inline = send(desk.get(&path)).await;
    assert_eq!(inline.status(), 200);
    let etag = inline.headers()["etag"].clone();
    let known = desk.get(&format!("{path}?download"));
    let known = send(known.header("if-none-match", etag)).await;
    assert_eq!(known.status(), 304);
    desk.server.end();
    desk.service.close().await;
}
