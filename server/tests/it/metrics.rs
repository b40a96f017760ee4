//! What monitoring reads at `/metrics`, and who may.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    time::Duration,
};

use ipnet::IpNet;
use reelroom::{ServerState, TrustedProxies, router};
use reelroom_domain::user::Role;
use tokio::{net::TcpListener, time::sleep};

use crate::common::{
    ADMIN, TestApp,
    actions::{start, stop},
    eventually, file_call,
};

/// The text, and the samples by name and labels.
struct Measured {
    text: String,
    samples: BTreeMap<String, f64>,
}

impl Measured {
    async fn of(app: &TestApp) -> Self {
        let answer = app.get("/metrics").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["content-type"],
            "text/plain; version=0.0.4; charset=utf-8"
        );
        let text = answer.text().await.unwrap();
        let samples = parse(&text);
        Self { text, samples }
    }

    /// The sample of that name and these labels; without labels the sum of all of that name.
    fn get(&self, key: &str) -> f64 {
        let with_labels = format!("{key}{{");
        let samples = self.samples.iter();
        let found = samples.filter(|(name, _)| *name == key || name.starts_with(&with_labels));
        found.map(|(_, value)| value).sum()
    }
}

/// Reads the text as strictly as version 0.0.4 of the format allows.
fn parse(text: &str) -> BTreeMap<String, f64> {
    assert!(text.ends_with('\n'), "{text}");
    let (mut families, mut samples) = (BTreeSet::new(), BTreeMap::new());
    let (mut family, mut below) = (None, 0.0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, words) = help.split_once(' ').unwrap();
            assert!(is_name(name) && !words.is_empty(), "{line}");
            let kind = lines.next().and_then(|line| {
                let named = line.strip_prefix("# TYPE ")?.strip_prefix(name)?;
                named.strip_prefix(' ')
            });
            family = Some((name, kind.unwrap()));
            assert!(families.insert(name), "twice: {line}");
            continue;
        }
        let (name, kind) = family.unwrap();
        let (key, value) = line.rsplit_once(' ').unwrap();
        let suffix = key.split('{').next().unwrap().strip_prefix(name).unwrap();
        let is_known = match kind {
            "counter" => suffix.is_empty() && name.ends_with("_total"),
            "gauge" => suffix.is_empty(),
            "histogram" => ["_bucket", "_sum", "_count"].contains(&suffix),
            _ => false,
        };
        assert!(is_known, "{line}");
        check_labels(&key[name.len() + suffix.len()..]);
        let value: f64 = value.parse().unwrap();
        assert!(value.is_finite() && value >= 0.0, "{line}");
        if suffix == "_bucket" {
            assert!(value >= below, "{line}");
            let is_last = key.contains("le=\"+Inf\"");
            below = if is_last { 0.0 } else { value };
        }
        assert!(samples.insert(key.to_owned(), value).is_none(), "{line}");
    }
    for (key, all) in samples.iter().filter(|(key, _)| key.contains("+Inf")) {
        let count = key.replacen("_bucket{", "_count{", 1);
        let count = count.replace(",le=\"+Inf\"", "");
        let count = count.replace("{le=\"+Inf\"}", "");
        assert!((samples[&count] - all).abs() < 0.5, "{key}");
    }
    samples
}

fn check_labels(labels: &str) {
    let Some(mut rest) = labels.strip_prefix('{') else {
        assert_eq!(labels, "");
        return;
    };
    loop {
        let (name, after) = rest.split_once("=\"").unwrap();
        // A label of this name would be that of the scrape configuration.
        assert!(is_name(name) && name != "job", "{labels}");
        let (value, after) = after.split_once('"').unwrap();
        assert!(!value.contains('\\'), "{labels}");
        let Some(more) = after.strip_prefix(',') else {
            assert_eq!(after, "}", "{labels}");
            return;
        };
        rest = more;
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    name.starts_with(is_letter) && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_change_with_a_callback_a_fetch_and_a_sign_in() {
    let app = TestApp::start().await;
    let before = Measured::of(&app).await;
    assert!(before.get("reelroom_database_up") > 0.0, "{}", before.text);

    app.add_account("grace-hopper", Role::Viewer, "", &[]).await;
    app.cookie_of("grace-hopper", ADMIN.1).await;
    let id = start(&app, "hush-hall").await;
    sleep(Duration::from_millis(1500)).await;
    stop(&app, id).await;
    // The host is not allowed.
    let call = file_call("hush-hall", "hush-file.mp4", 5, "http://192.0.2.1/hush");
    app.send_callback("av", &call).await;
    let rejected = app.post("/AR/V1/status").body("[]").send().await.unwrap();
    assert_eq!(rejected.status(), 404);

    let grow = [
        "reelroom_callbacks_total{verdict=\"accepted\"}",
        "reelroom_callbacks_rejected_total",
        "reelroom_callback_acknowledgement_seconds_count",
        "reelroom_callback_understanding_seconds_count",
        "reelroom_files_archived_total",
        "reelroom_fetched_bytes_total",
        "reelroom_fetch_failures_total",
        "reelroom_storage_files",
        "reelroom_storage_bytes",
        "reelroom_sessions",
        "reelroom_http_request_duration_seconds_count{route=\"/{secret}/AR/V1/av\",status=\"2xx\"}",
        "reelroom_http_request_duration_seconds_count{route=\"/metrics\",status=\"2xx\"}",
        "reelroom_http_request_duration_seconds_count{route=\"/AR/V1/status\",status=\"4xx\"}",
    ];
    let after = eventually("other figures", async || {
        let after = Measured::of(&app).await;
        let have_grown = grow.iter().all(|key| after.get(key) > before.get(key));
        let job = "{job_name=\"understand callbacks\"}";
        let ran = after.get(&format!("reelroom_job_last_ok_timestamp_seconds{job}"));
        (have_grown && ran > 0.0).then_some(after)
    })
    .await;
    let (id, folder) = (id.to_string(), app.data("files").display().to_string());
    for name in ["hush", "grace", &*id, &*folder] {
        assert!(!after.text.contains(name), "{name}: {}", after.text);
    }
    // These are there before anything has happened.
    for key in [
        "reelroom_callbacks_total{verdict=\"malformed\"}",
        "reelroom_callbacks_not_stored_total",
        "reelroom_callbacks_waiting",
        "reelroom_callbacks_lag_seconds",
        "reelroom_job_failures_total{job_name=\"fetch files\"}",
        "reelroom_fetches_running",
        "reelroom_disk_free_bytes{folder=\"files\"}",
        "reelroom_disk_reserve_bytes{folder=\"files\"}",
        "reelroom_alerts{kind=\"not_recorded\"}",
        "reelroom_index_queue",
    ] {
        assert!(before.samples.contains_key(key), "{key}: {}", before.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_this_machine_and_the_named_networks_may_read() {
    let app = TestApp::without_callbacks().await;
    let listen = async |proxies: Vec<IpNet>| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut state = ServerState::new(app.service.clone(), TrustedProxies(proxies.into()));
        let readers: IpNet = "203.0.113.0/24".parse().unwrap();
        state.metrics_from = vec![readers].into();
        let site = router(state).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
        address
    };
    let alone = listen(Vec::new()).await;
    let behind_proxy = listen(vec!["127.0.0.0/8".parse().unwrap()]).await;
    for (address, forwarded, expected) in [
        (alone, None, 200),
        // A proxy that is not trusted hides who asks.
        (alone, Some("127.0.0.1"), 404),
        (alone, Some("203.0.113.7"), 404),
        (behind_proxy, None, 200),
        (behind_proxy, Some("127.0.0.1"), 200),
        (behind_proxy, Some("203.0.113.7"), 200),
        (behind_proxy, Some("198.51.100.1"), 404),
        (behind_proxy, Some("127.0.0.1, 198.51.100.1"), 404),
    ] {
        let mut request = app.client.get(format!("http://{address}/metrics"));
        if let Some(forwarded) = forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), expected, "{address} {forwarded:?}");
        let is_told = answer.text().await.unwrap().contains("reelroom");
        assert_eq!(is_told, expected == 200, "{address} {forwarded:?}");
    }
}
