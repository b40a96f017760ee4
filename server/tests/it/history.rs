//! The history of access: gathered from requests, shown, filtered, exported, deleted.

use crate::{
    common::{
        ADMIN, TestApp, TestClock,
        actions::{page_of, send},
        as_role, eventually,
    },
    files::archived,
};
use reelroom_domain::{
    act::{Act, ActFilter, ActKind, detail},
    ids::FileId,
    user::Role,
};
use reelroom_service::{Service, SystemClock};
use reqwest::Response;
use scraper::{Html, Selector};
use serde_json::Value;

const PASSWORD: &str = "correct horse battery";
const EXPORT: &str = "/settings/history/export";
const DAY: i64 = 24 * 60 * 60_000;

/// The rows of the page, each with its texts.
fn rows(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let rows = Selector::parse("table.hist tbody tr:not(.day)").unwrap();
    page.select(&rows)
        .map(|row| row.text().collect::<Vec<_>>().join(" "))
        .collect()
}

async fn acts(service: &Service) -> Vec<Act> {
    let (admin, all) = (as_role(Role::Admin), ActFilter::default());
    let history = service.access_history(admin, all, None).await;
    history.unwrap().acts
}

/// Waits until an act of this kind is written.
async fn written(app: &TestApp, kind: ActKind) -> Act {
    eventually(kind.as_str(), async || {
        let mut acts = acts(&app.service).await.into_iter();
        acts.find(|act| act.kind == kind)
    })
    .await
}

async fn watch(app: &TestApp, file: FileId, cookie: &str) {
    watch_range(app, file, cookie, "bytes=2-").await;
}

async fn watch_range(app: &TestApp, file: FileId, cookie: &str, range: &str) {
    let request = app.get(&format!("/files/{file}")).header("cookie", cookie);
    let answer = send(request.header("range", range)).await;
    assert_eq!(answer.status(), 206);
    answer.bytes().await.unwrap();
}

async fn export(app: &TestApp, query: &str, cookie: &str) -> Response {
    let request = app.get(&format!("{EXPORT}?{query}"));
    send(request.header("cookie", cookie)).await
}

/// An account of this role and the `Cookie` header of its session.
async fn account(app: &TestApp, name: &str, role: Role) -> String {
    app.service.add_user(name, PASSWORD, role).await.unwrap();
    app.cookie_of(name, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_watched_downloaded_and_failed_is_shown_once_each() {
    let app = TestApp::without_callbacks().await;
    let file = archived(&app).await;
    let wrong = [("name", "ADMIN"), ("password", "wrong horse"), ("next", "")];
    for _ in 0..3 {
        assert_eq!(app.call("sign_in", "", &wrong).await.0, 401);
    }
    let cookie = app.cookie().await;
    for _ in 0..50 {
        watch(&app, file, &cookie).await;
    }
    let head = app
        .client
        .head(format!("{}/files/{file}?download", app.base));
    assert_eq!(send(head.header("cookie", &cookie)).await.status(), 200);
    let (watched, failed) = (
        written(&app, ActKind::Watched).await,
        written(&app, ActKind::WrongSignIn).await,
    );
    assert_eq!(watched.name, ADMIN.0);
    assert_eq!(watched.address.as_deref(), Some("127.0.0.1"));
    assert_eq!((failed.name.as_str(), failed.user), (ADMIN.0, None));
    assert_eq!(failed.counter(detail::TRIES), Some(3));
    // Nothing was sent for the HEAD.
    assert!(
        acts(&app.service)
            .await
            .iter()
            .all(|act| act.kind != ActKind::Downloaded)
    );
    for path in [
        format!("/files/{file}?download"),
        format!("/recordings/{}/zip", watched.recording.unwrap()),
    ] {
        let answer = send(app.get(&path).header("cookie", &cookie)).await;
        assert_eq!(answer.status(), 200, "{path}");
    }
    let page = eventually("both downloads", async || {
        let (status, page) = page_of(&app, "/settings/history", &cookie).await;
        assert_eq!(status, 200);
        (page.contains("the archive with 1 file") && page.contains("downloaded the composite"))
            .then_some(page)
    })
    .await;
    let rows_of = |words: &str| {
        rows(&page)
            .into_iter()
            .filter(|row| row.contains(words))
            .count()
    };
    for (words, count) in [
        ("watched the composite", 1),
        ("downloaded the composite", 1),
        ("downloaded the archive with 1 file", 1),
        ("3 wrong passwords", 1),
        ("added the app", 1),
    ] {
        assert_eq!(rows_of(words), count, "{words}\n{:#?}", rows(&page));
    }
    assert!(rows_of("signed in") >= 1);

    for (filter, count) in [
        ("what=watched", 1),
        ("what=watched,downloaded", 3),
        ("what=failed_sign_in&person=admin", 1),
        ("person=nobody", 0),
        ("address=127.0.0.1&what=watched", 1),
        ("address=192.0.2.1", 0),
        ("q=KEPT", 3),
        ("to=2020-01-01", 0),
        ("from=2020-01-01&what=watched", 1),
        (&*format!("recording={}", watched.recording.unwrap()), 3),
    ] {
        let path = format!("/settings/history?{filter}");
        let (status, page) = page_of(&app, &path, &cookie).await;
        assert_eq!((status, rows(&page).len()), (200, count), "{filter}");
    }
    // The page of the recording has them, too.
    let path = format!("/recordings/{}", watched.recording.unwrap());
    let (_, page) = page_of(&app, &path, &cookie).await;
    assert!(page.contains("Watched and downloaded"), "{page}");
    let viewer = account(&app, "viewer", Role::Viewer).await;
    let (status, page) = page_of(&app, &path, &viewer).await;
    assert_eq!(
        (status, page.contains("Watched and downloaded")),
        (200, false)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_watched_once_half_of_it_was_sent() {
    let app = TestApp::without_callbacks().await;
    let file = archived(&app).await;
    let cookie = app.cookie().await;
    // The bytes that a page loads when it is opened; then the browser has them, or asks for nothing.
    watch_range(&app, file, &cookie, "bytes=0-1").await;
    let first = app.get(&format!("/files/{file}")).header("cookie", &cookie);
    let first = send(first.header("range", "bytes=2-2")).await;
    assert_eq!(first.status(), 206);
    let tag = first.headers()["etag"].clone();
    let viewer = account(&app, "viewer", Role::Viewer).await;
    let known = app.get(&format!("/files/{file}")).header("cookie", &viewer);
    let known = send(known.header("if-none-match", tag)).await;
    assert_eq!(known.status(), 304);
    let late = account(&app, "late", Role::Viewer).await;
    watch_range(&app, file, &late, "bytes=-5").await;
    let watched = written(&app, ActKind::Watched).await;
    assert_eq!(watched.name, "late");

    watch_range(&app, file, &cookie, "bytes=4-6").await;
    eventually("half of it was sent", async || {
        let acts = acts(&app.service).await;
        let watched = acts.iter().filter(|act| act.kind == ActKind::Watched);
        let names: Vec<_> = watched.map(|act| act.name.clone()).collect();
        assert!(names.iter().all(|name| name != "viewer"), "{names:?}");
        (names.len() == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_safe_in_a_spreadsheet_and_needs_the_right() {
    let app = TestApp::without_callbacks().await;
    let odd = account(&app, "=cmd|'/c calc'!A1", Role::Viewer).await;
    let signed_out = app.call("sign_out", &odd, &[]).await;
    assert_eq!(signed_out.0, 200);
    let admin = app.cookie().await;
    let csv = export(&app, "form=csv", &admin).await;
    assert_eq!(csv.status(), 200);
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let disposition = "attachment; filename=\"history.csv\"";
    assert_eq!(csv.headers()["content-disposition"], disposition);
    let csv = csv.text().await.unwrap();
    assert!(csv.starts_with("id,at,until,user,name,kind,"), "{csv}");
    let lines = csv
        .lines()
        .filter(|line| line.contains(",'=cmd|'/c calc'!A1,signed_"));
    // Signed in and out.
    assert_eq!(lines.count(), 2, "{csv}");
    let time = csv.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    assert_eq!((time.len(), &time[time.len() - 1..]), (24, "Z"), "{time}");

    let json = export(&app, "form=jsonl&what=downloaded", &admin).await;
    assert_eq!(json.headers()["content-type"], "application/x-ndjson");
    let json = json.text().await.unwrap();
    let lines: Vec<Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "the first export: {json}");
    assert_eq!(lines[0]["kind"], "exported");
    let rows = csv.lines().count() - 1;
    assert_eq!(lines[0]["detail"]["rows"], rows.to_string());

    assert_eq!(export(&app, "form=xlsx", &admin).await.status(), 400);
    let auditor = account(&app, "auditor", Role::Auditor).await;
    let viewer = account(&app, "viewer", Role::Viewer).await;
    for (cookie, status) in [(&auditor, 200), (&viewer, 403)] {
        assert_eq!(export(&app, "form=csv", cookie).await.status(), 403);
        let (shown, page) = page_of(&app, "/settings/history", cookie).await;
        assert_eq!(shown, status);
        assert!(!page.contains(EXPORT), "no control that is refused");
    }
    // Nor is a HEAD, which sends nothing.
    for path in [
        format!("{EXPORT}?form=csv"),
        "/recordings/export?form=csv".to_owned(),
        "/settings/people/export".to_owned(),
    ] {
        let head = app.client.head(format!("{}{path}", app.base));
        let head = send(head.header("cookie", &admin)).await;
        assert_eq!(head.status(), 200, "{path}");
        assert!(head.headers().contains_key("content-disposition"), "{path}");
    }
    let exports = acts(&app.service).await;
    let exports = exports.iter().filter(|act| act.kind == ActKind::Exported);
    assert_eq!(exports.count(), 2, "a refused one is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_outlives_a_restart_and_ends_after_its_days() {
    let app = TestApp::without_callbacks().await;
    let file = archived(&app).await;
    watch(&app, file, &app.cookie().await).await;
    // Within the five seconds before the next write.
    app.service.close().await;
    let again = app.open_again(SystemClock).await;
    let kinds: Vec<_> = acts(&again).await.iter().map(|act| act.kind).collect();
    assert!(kinds.contains(&ActKind::Watched), "{kinds:?}");
    let later = app.open_again(TestClock::ahead(731 * DAY)).await;
    eventually("old acts are deleted", async || {
        acts(&later).await.is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_older_than_the_one_before() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for _ in 0..60 {
        // Each is an act.
        let form = [("late", "20"), ("due", "60")];
        app.done("set_patience", &cookie, &form).await;
    }
    let (_, first) = page_of(&app, "/settings/history", &cookie).await;
    assert_eq!(rows(&first).len(), 50);
    let page = Html::parse_document(&first);
    let link = Selector::parse("nav.hist-p a").unwrap();
    let older = page.select(&link).next().unwrap();
    let older = older.attr("href").unwrap().to_owned();
    let (_, second) = page_of(&app, &older, &cookie).await;
    assert_eq!(rows(&second).len(), 11, "60 changes and a sign-in");
    assert!(rows(&second).last().unwrap().contains("signed in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_says_whether_its_browser_is_new_and_why_it_was_refused() {
    let app = TestApp::without_callbacks().await;
    let added = app.service.add_user("ann", PASSWORD, Role::Viewer).await;
    let id = added.unwrap().to_string();
    let form = [("name", "ann"), ("password", PASSWORD), ("next", "/")];
    let sign_in = async |cookies: &str| {
        let request = app.post("/fn/sign_in").header("accept", "text/html");
        send(request.header("cookie", cookies).form(&form)).await
    };
    let first = sign_in("").await;
    let cookies = first.headers().get_all("set-cookie").iter();
    let cookies = cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    assert!(cookies.contains("reelroom_session="), "{cookies}");
    sign_in(&cookies).await;
    let admin = app.cookie().await;
    let disable = [("id", &*id), ("disabled", "yes")];
    app.done("disable_person", &admin, &disable).await;
    sign_in(&cookies).await;

    for (language, words) in [
        (
            "en",
            [
                "sign-in refused, the account is disabled",
                "signed in",
                "signed in, new device",
            ],
        ),
        (
            "zh-CN",
            ["登录被拒绝，账号已停用", "已登录", "已登录，新设备"],
        ),
    ] {
        let cookie = format!("{admin}; lang={language}");
        let (_, page) = page_of(&app, "/settings/history?person=ann", &cookie).await;
        let page = Html::parse_document(&page);
        let did = Selector::parse("table.hist .act").unwrap();
        let did = page.select(&did).map(|did| did.text().collect::<String>());
        assert_eq!(did.collect::<Vec<_>>(), words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_trash_says_what_was_changed() {
    let app = TestApp::without_callbacks().await;
    let admin = app.cookie().await;
    let form = [("trash_days", "20"), ("request_days", "3")];
    app.done("set_keep_settings", &admin, &form).await;
    for (language, words) in [
        (
            "en",
            "changed the settings of the trash, Days in the trash: 20",
        ),
        ("zh-CN", "修改了回收站设置，在回收站中的天数：20"),
    ] {
        let cookie = format!("{admin}; lang={language}");
        let (_, page) = page_of(&app, "/settings/history", &cookie).await;
        let found = rows(&page).iter().filter(|row| row.contains(words)).count();
        assert_eq!(found, 1, "{:#?}", rows(&page));
    }
}
