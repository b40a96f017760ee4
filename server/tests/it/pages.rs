//! Pages as the server renders them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::common::TestApp;
use futures::{StreamExt, stream};

/// Each page, and texts that it contains.
const PAGES: [(&str, [&str; 3]); 9] = [
    (
        "/",
        [
            "<title>Rooms · Reelroom</title>",
            "class=\"row-box\"",
            "class=\"empty\"",
        ],
    ),
    (
        "/rooms/whole",
        [
            "<title>whole · Reelroom</title>",
            "class=\"row-box\"",
            "<article",
        ],
    ),
    (
        "/recordings",
        [
            "<title>Library · Reelroom</title>",
            "<h1>Library",
            "class=\"empty\"",
        ],
    ),
    (
        "/callbacks",
        [
            "<title>Callbacks · Reelroom</title>",
            "class=\"seg\"",
            "class=\"empty\"",
        ],
    ),
    (
        "/settings",
        [
            "<title>Settings · Reelroom</title>",
            "name=\"app_id\"",
            "name=\"late\"",
        ],
    ),
    (
        "/settings/history",
        [
            "<title>History · Reelroom</title>",
            "class=\"table hist\"",
            "action=\"/settings/history/export\"",
        ],
    ),
    (
        "/settings/me",
        [
            "<title>My account · Reelroom</title>",
            "name=\"again\"",
            "class=\"table sess\"",
        ],
    ),
    (
        "/settings/people",
        [
            "<title>People · Reelroom</title>",
            "class=\"table ppl\"",
            "name=\"with_role\"",
        ],
    ),
    (
        "/settings/storage",
        [
            "<title>Storage · Reelroom</title>",
            "class=\"kv\"",
            "action=\"/fn/test_storage\"",
        ],
    ),
];

/// Busy threads, so that those of the server are preempted at any point.
struct Busy(Arc<AtomicBool>);

impl Busy {
    fn start(threads: usize) -> Self {
        let on = Arc::new(AtomicBool::new(true));
        for _ in 0..threads {
            let on = Arc::clone(&on);
            thread::spawn(move || while on.load(Ordering::Relaxed) {});
        }
        Self(on)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_pages_are_complete() {
    let app = &TestApp::without_callbacks().await;
    let cookie = &app.cookie().await;
    let named = [("room", "whole"), ("starred", "yes")];
    app.done("label_room", cookie, &named).await;

    let _busy = Busy::start(3);
    stream::iter((0..600).map(|n| PAGES[n % PAGES.len()]))
        .for_each_concurrent(6, |(path, pieces)| async move {
            let answer = app.get(path).header("cookie", cookie).send().await.unwrap();
            let status = answer.status();
            let page = answer.text().await.unwrap();
            assert_eq!(status, 200, "{path}");
            for piece in pieces {
                assert!(page.contains(piece), "{path} without {piece}:\n{page}");
            }
        })
        .await;
}
