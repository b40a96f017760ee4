//! The security headers of every response, and the requests of other sites that are refused.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder, Response};

use crate::{
    access,
    answers::functions,
    common::{
        ARGUMENTS, ID, SECRET, TestApp,
        actions::{header, newest},
    },
    files::archived,
};

/// Routes that other sites may call: health, and what the provider of single sign-on posts.
const HEALTH: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
const LOGOUT: &str = "/auth/backchannel-logout";

/// The paths of all routes of a method except server functions, with their parameters filled in. Routes for any
/// method are among those of `POST`.
fn paths(app: &TestApp, method: &str) -> Vec<String> {
    let filled = |path: &str| {
        path.replace("{room}", "hall")
            .replace("{id}", ID)
            .replace("{number}", "C-2026-0001")
            .replace("{picture}", "poster.jpg")
            .replace("{secret}", SECRET)
    };
    let routes = access::routes(app).into_iter();
    let paths = routes.filter_map(|route| {
        let (of, path) = route.split_once(' ')?;
        let is_of_it = of == method || of == "ANY" && method == "POST";
        (is_of_it && !path.starts_with("/fn/")).then(|| filled(path))
    });
    let paths: Vec<String> = paths.collect();
    assert!(paths.len() > 10, "{method}: {paths:?}");
    paths
}

/// The paths of personal data that is no page: archives and lists of a recording, the history, and the people.
fn personal(recording: &str) -> [String; 6] {
    [
        format!("/recordings/{recording}/zip"),
        format!("/recordings/zip?id={recording}"),
        format!("/recordings/{recording}/files.txt"),
        format!("/recordings/export?form=csv&id={recording}"),
        "/settings/history/export?form=jsonl".to_owned(),
        "/settings/people/export".to_owned(),
    ]
}

/// The icon, and files of the site, which a test may run without.
fn assets() -> [String; 3] {
    let build = reelroom::assets::build_id();
    [
        "/favicon.svg".to_owned(),
        format!("/pkg/{build}/reelroom.css"),
        format!("/pkg/{build}/pages.js"),
    ]
}

/// A request to every route and to these paths, each with its path. The last one ends the session.
fn requests(app: &TestApp, more: &[String]) -> Vec<(String, RequestBuilder)> {
    let others = [
        "/nowhere",
        "/fn/nothing",
        "/pkg/x/pages.js",
        "/callbacks?reveal=1",
    ];
    let gets = paths(app, "GET").into_iter().chain(assets());
    let gets = gets.chain(others.map(str::to_owned));
    let gets = gets.chain([format!("/{SECRET}/AR/V1/av"), "//AR//V1/av".to_owned()]);
    let gets = gets.chain(more.iter().cloned());
    let gets = gets.map(|path| (path.clone(), app.get(&path)));
    let forms = paths(app, "POST").into_iter();
    let forms = forms.map(|path| (format!("POST {path}"), app.post(&path).form(ARGUMENTS)));
    let foreign = app.post("/fn/set_theme");
    let posts = [
        ("a callback", app.callback("av").body("{}")),
        ("a mistyped callback", app.post("/AR/V1/avx")),
        (
            "a form of another site",
            foreign.header("sec-fetch-site", "cross-site"),
        ),
    ];
    let posts = posts.map(|(what, request)| (what.to_owned(), request));
    let functions = functions().into_iter();
    let functions = functions.map(|path| (path.to_owned(), app.post(path).form(ARGUMENTS)));
    gets.chain(forms).chain(posts).chain(functions).collect()
}

/// How long browsers and proxies may keep an answer, the beginning of `Cache-Control`.
fn kept(path: &str, file: &str, answer: &Response) -> &'static str {
    if answer.status() != 200 {
        return "no-store";
    }
    match path {
        "/favicon.svg" => "no-cache",
        path if path.starts_with("/pkg/") => "public, max-age=31536000, immutable",
        path if path == file || is_archive(path) => "private, no-cache",
        _ => "no-store",
    }
}

/// Whether a path is that of a ZIP archive, which is sent with the headers of a file.
fn is_archive(path: &str) -> bool {
    path.ends_with("/zip") || path.starts_with("/recordings/zip?")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_response_tells_browsers_how_to_handle_it() {
    for (public, https) in [
        ("http://127.0.0.1:9", ""),
        ("https://127.0.0.1:9", "max-age=31536000"),
    ] {
        let app = TestApp::with_public_url(public.parse().unwrap()).await;
        let file = format!("/files/{}", archived(&app).await);
        let recording = newest(&app.service).await.unwrap().row.id.to_string();
        let mut whole = personal(&recording).to_vec();
        whole.push(file.clone());
        for cookie in [String::new(), app.cookie().await] {
            for (path, request) in requests(&app, &whole) {
                let answer = request.header("cookie", &cookie).send().await.unwrap();
                if whole.contains(&path) {
                    let status = if cookie.is_empty() { 401 } else { 200 };
                    assert_eq!(answer.status(), status, "{path}");
                }
                let cache = header(&answer, "cache-control");
                assert!(
                    cache.starts_with(kept(&path, &file, &answer)),
                    "{path}: {cache}"
                );
                let policy = header(&answer, "content-security-policy");
                assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
                for word in ["unsafe-inline", "'unsafe-eval'"] {
                    assert!(!policy.contains(word), "{path}: {policy}");
                }
                // The jump dialog loads a fragment.
                let is_page = header(&answer, "content-type").starts_with("text/html");
                let is_page = is_page && path != "/jump";
                assert_eq!(policy.contains("script-src"), is_page, "{path}: {policy}");
                // With the other value browsers send `Origin: null` with the form.
                let referrer = if path.starts_with("/once/") {
                    "strict-origin"
                } else {
                    "same-origin"
                };
                // Browsers show no sandboxed document with another value, and heed none of http.
                let opener = if policy.starts_with("sandbox") {
                    "unsafe-none"
                } else if https.is_empty() {
                    ""
                } else {
                    "same-origin"
                };
                for (name, value) in [
                    ("cross-origin-opener-policy", opener),
                    ("cross-origin-resource-policy", "same-origin"),
                    ("referrer-policy", referrer),
                    ("strict-transport-security", https),
                    ("x-content-type-options", "nosniff"),
                    ("x-frame-options", "DENY"),
                ] {
                    assert_eq!(header(&answer, name), value, "{path} {name}");
                }
                let permissions = header(&answer, "permissions-policy");
                assert!(permissions.contains("camera=()"), "{path}: {permissions}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_is_answered_with_the_headers_of_its_get() {
    let app = TestApp::with_public_url("http://127.0.0.1:9".parse().unwrap()).await;
    let file = format!("/files/{}", archived(&app).await);
    let recording = newest(&app.service).await.unwrap().row.id.to_string();
    let more = ["/nowhere", "/api/v1/rooms", &file].map(str::to_owned);
    let paths = paths(&app, "GET").into_iter().chain(assets());
    let paths = paths.chain(personal(&recording)).chain(more);
    let paths: Vec<String> = paths.collect();
    let cookie = app.cookie().await;
    for path in &paths {
        for cookie in ["", cookie.as_str()] {
            let told = async |method: Method| {
                let request = app.client.request(method, format!("{}{path}", app.base));
                let answer = request.header("cookie", cookie).send().await.unwrap();
                let names = answer.headers().keys().map(ToString::to_string);
                // Says how the bytes come, if any do.
                let names = names.filter(|name| name != "transfer-encoding");
                let names: BTreeSet<String> = names.collect();
                let [kind, to] = ["content-type", "location"].map(|name| header(&answer, name));
                (answer.status(), names, kind.to_owned(), to.to_owned())
            };
            let (get, head) = (told(Method::GET).await, told(Method::HEAD).await);
            assert_eq!(get, head, "{path}");
            assert!(get.0.as_u16() < 500, "{path}");
        }
    }
}

/// The address of people, who come through a proxy that sends another host.
const PUBLIC: &str = "https://rec.example.com";

/// `Sec-Fetch-Site`, `-Mode`, `-Dest` and `Origin` (empty: none; `own`: this server), and whether a `GET` and a
/// `POST` with them are let through.
const SENDERS: &[([&str; 4], bool, bool)] = &[
    // Our pages, and what a person opens.
    (["same-origin", "navigate", "document", "own"], true, true),
    (["same-origin", "cors", "empty", "own"], true, true),
    (["same-origin", "no-cors", "video", ""], true, true),
    (["none", "navigate", "document", ""], true, true),
    // Links and forms of other sites, and of siblings below the same domain.
    (["cross-site", "navigate", "document", ""], true, false),
    (["cross-site", "navigate", "document", "null"], true, false),
    (
        ["cross-site", "navigate", "document", "http://evil.example"],
        true,
        false,
    ),
    (["cross-site", "navigate", "document", "own"], true, false),
    (
        [
            "same-site",
            "navigate",
            "document",
            "https://other.example.com",
        ],
        true,
        false,
    ),
    (["cross-site", "navigate", "", ""], true, false),
    // Frames, pictures, scripts, fetches, streams and sockets.
    (["cross-site", "navigate", "iframe", ""], false, false),
    (["cross-site", "navigate", "object", ""], false, false),
    (["cross-site", "no-cors", "image", ""], false, false),
    (["cross-site", "no-cors", "script", ""], false, false),
    (["same-site", "no-cors", "video", ""], false, false),
    (
        ["cross-site", "cors", "empty", "http://evil.example"],
        false,
        false,
    ),
    (["cross-site", "cors", "empty", "null"], false, false),
    (
        ["same-site", "cors", "empty", "https://other.example.com"],
        false,
        false,
    ),
    (
        [
            "cross-site",
            "websocket",
            "websocket",
            "http://evil.example",
        ],
        false,
        false,
    ),
    (["cross-site", "", "", ""], false, false),
    (["new-word", "cors", "empty", ""], false, false),
    // Programs, old browsers, and any browser that reaches the server by http.
    (["", "", "", ""], true, true),
    (["", "", "", "own"], true, true),
    (["", "", "", "null"], true, false),
    (["", "", "", "http://evil.example"], true, false),
    // Old browsers behind the proxy.
    (["", "", "", PUBLIC], true, true),
    (["", "", "", "http://rec.example.com"], true, false),
    (["", "", "", "https://rec.example.com:8443"], true, false),
    (
        ["", "", "", "https://rec.example.com.evil.example"],
        true,
        false,
    ),
];

/// A request with the headers of a sender.
fn sent_by(sender: &[&str; 4], app: &TestApp, request: RequestBuilder) -> RequestBuilder {
    let names = [
        "sec-fetch-site",
        "sec-fetch-mode",
        "sec-fetch-dest",
        "origin",
    ];
    let pairs = names
        .into_iter()
        .zip(sender)
        .filter(|(_, value)| !value.is_empty());
    pairs.fold(request, |request, (name, value)| match *value {
        "own" => request.header(name, &app.base),
        value => request.header(name, value),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_may_only_link_here() {
    let app = TestApp::with_public_url(PUBLIC.parse().unwrap()).await;
    let reads = paths(&app, "GET").into_iter();
    let reads = reads.filter(|path| !HEALTH.contains(&path.as_str()));
    let reads = reads.chain(assets()).chain(["/nowhere".to_owned()]);
    let reads: Vec<String> = reads.collect();
    let is_free =
        |path: &str| path.contains("/AR/V1/") || path.starts_with("/api/") || path == LOGOUT;
    let (free, mut changes): (Vec<String>, Vec<String>) = paths(&app, "POST")
        .into_iter()
        .partition(|path| is_free(path));
    changes.extend(functions().into_iter().map(str::to_owned));
    changes.push("/nowhere".to_owned());
    let others = ["//AR//V1/av", "/AR/V1/avx"].map(str::to_owned);
    let calls: Vec<String> = free.into_iter().chain(others).collect();
    assert!(calls.len() == 10 && calls.contains(&LOGOUT.to_owned()));
    for (sender, may_read, may_change) in SENDERS {
        let rejected = async |request: RequestBuilder| {
            let answer = sent_by(sender, &app, request).send().await.unwrap();
            answer.status() == 403
        };
        // Without a session, nothing else answers 403.
        for path in &reads {
            assert_eq!(
                rejected(app.get(path)).await,
                !may_read,
                "{sender:?} {path}"
            );
        }
        for path in &changes {
            assert_eq!(
                rejected(app.post(path)).await,
                !may_change,
                "{sender:?} {path}"
            );
        }
        for path in &calls {
            assert!(!rejected(app.post(path)).await, "{sender:?} {path}");
        }
        for path in HEALTH {
            assert!(!rejected(app.get(path)).await, "{sender:?} {path}");
        }
    }
}
