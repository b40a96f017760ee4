//! Several recordings of the library at once: tags, marks and exports of ids and of all that match.

use std::collections::BTreeSet;

use reelroom_domain::{
    access::Grant,
    find::Find,
    ids::{AppId, RecordingId},
    user::Role,
};
use reelroom_service::LibraryQuery;
use reqwest::Response;

use crate::common::{
    ADMIN, ID, TestApp,
    actions::{header, page_of, send},
    anyone,
};

/// A server with a demo, and its app.
async fn demo(recordings: u32) -> (TestApp, AppId) {
    let app = TestApp::without_callbacks().await;
    app.service.fill_with_demo(recordings, 7).await.unwrap();
    let of = app.service.app_ids().await.unwrap()[0];
    (app, of)
}

async fn found(app: &TestApp, query: &str) -> Vec<RecordingId> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = LibraryQuery {
        find: Find::of(pairs),
        ..LibraryQuery::default()
    };
    app.service.found(anyone(), &query, 10_000).await.unwrap()
}

/// Posts an action to the page with this query. Returns the status and where it leads.
async fn act(app: &TestApp, query: &str, cookie: &str, form: &[(&str, &str)]) -> (u16, String) {
    let request = app.post(&format!("/recordings{query}"));
    let answer = send(request.header("cookie", cookie).form(form)).await;
    let to = header(&answer, "location").to_owned();
    (answer.status().as_u16(), to)
}

async fn export(app: &TestApp, query: &str, cookie: &str) -> Response {
    let request = app.get(&format!("/recordings/export?{query}"));
    send(request.header("cookie", cookie)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_takes_ids_or_all_that_match_and_reports() {
    let (app, of) = demo(300).await;
    let admin = app.cookie().await;
    let all = found(&app, "length=under_hour").await;
    assert!(all.len() > 50, "more than a page: {}", all.len());
    let tag = [("do", "tag"), ("add_tags", "kept, b"), ("remove_tags", "")];
    let page = "?length=under_hour&all=yes";
    let (status, to) = act(&app, page, &admin, &tag).await;
    let done = format!("/recordings{page}&did=tagged.{}", all.len());
    assert_eq!((status, &to), (303, &done));
    let (_, shown) = page_of(&app, &to, &admin).await;
    assert!(shown.contains(&format!("Tags changed: {}", all.len())));
    let step = format!(
        "All {} that match are selected, also those not shown.",
        all.len()
    );
    assert!(shown.contains(&step), "{shown}");
    assert_eq!(found(&app, "tag=kept").await, all);

    // Ids, one of which does not exist. The page of the form comes back as it was.
    let some = all[0].to_string();
    let seen = [("do", "seen"), ("id", &*some), ("id", ID)];
    let (_, to) = act(&app, "?tag=b&did=seen.1", &admin, &seen).await;
    assert_eq!(to, format!("/recordings?tag=b&did=seen.1.gone-1-{ID}"));
    let (_, shown) = page_of(&app, &to, &admin).await;
    assert!(shown.contains("Marked seen: 1; no longer there: 1"));
    let (_, shown) = page_of(&app, "/recordings?unseen=yes&tag=b", &admin).await;
    assert!(!shown.contains(&some));

    let failures: [(&[(&str, &str)], &str); 3] = [
        (&[("do", "seen")], "selection.none"),
        (&[("do", "tag"), ("id", &some)], "tags.empty"),
        (
            &[("do", "tag"), ("id", &some), ("add_tags", "a\u{7}")],
            "tags.not_tags",
        ),
    ];
    for (form, failed) in failures {
        let (status, to) = act(&app, "", &admin, form).await;
        assert_eq!(status, 303);
        let why = format!("failed=recordings&why=invalid%20{failed}");
        assert!(to.contains(&why), "{to}");
        let (_, shown) = page_of(&app, &to, &admin).await;
        assert!(shown.contains("class=\"did\""), "{failed}");
    }

    let grants = [Grant::App { app: of }];
    app.add_account("viewer", Role::Viewer, "", &grants).await;
    let viewer = app.cookie_of("viewer", ADMIN.1).await;
    let (status, _) = act(
        &app,
        "",
        &viewer,
        &[("do", "tag"), ("add_tags", "x"), ("id", &*some)],
    )
    .await;
    assert_eq!(status, 403);
    let (status, to) = act(&app, "?all=yes&tag=kept", &viewer, &[("do", "unseen")]).await;
    assert_eq!(status, 303);
    assert!(to.ends_with(&format!("did=unseen.{}", all.len())), "{to}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_its_reader_finds() {
    let (app, of) = demo(1_250).await;
    let admin = app.cookie().await;
    let all = found(&app, "").await;
    let csv = export(&app, "form=csv", &admin).await;
    assert_eq!(csv.status(), 200);
    assert_eq!(csv.headers()["content-type"], "text/csv; charset=utf-8");
    let disposition = "attachment; filename=\"recordings.csv\"";
    assert_eq!(csv.headers()["content-disposition"], disposition);
    let csv = csv.text().await.unwrap();
    let ids: BTreeSet<_> = csv.lines().skip(1).map(|line| &line[..32]).collect();
    assert_eq!((ids.len(), csv.lines().count()), (all.len(), 1 + all.len()));
    assert!(all.len() > 1_200);

    let some = format!("form=jsonl&id={}&id={}", all[3], all[1]);
    let json = export(&app, &some, &admin).await;
    assert_eq!(json.headers()["content-type"], "application/x-ndjson");
    assert_eq!(json.text().await.unwrap().lines().count(), 2);
    for (query, status) in [
        ("form=xlsx".to_owned(), 400),
        (format!("form=csv&id={ID}"), 404),
        ("form=csv&id=x".to_owned(), 404),
        (format!("form=csv&app={ID}"), 404),
    ] {
        let answer = export(&app, &query, &admin).await;
        assert_eq!(answer.status(), status, "{query}");
    }

    // One room alone.
    let row = app.service.rows_of(anyone(), &all[..1]).await.unwrap();
    let room = row[0].room.clone();
    let grants = [Grant::Room {
        app: of,
        room: room.clone(),
    }];
    app.add_account("teacher", Role::Viewer, "export", &grants)
        .await;
    let teacher = app.cookie_of("teacher", ADMIN.1).await;
    let csv = export(&app, "form=csv", &teacher)
        .await
        .text()
        .await
        .unwrap();
    let of_room = found(&app, &format!("room={room}")).await;
    assert_eq!(csv.lines().count(), 1 + of_room.len());
    let mut ids = csv.lines().skip(1).map(|line| line[..32].parse().unwrap());
    assert!(ids.all(|id: RecordingId| of_room.contains(&id)));

    let (_, history) = page_of(&app, "/settings/history?what=downloaded", &admin).await;
    let words = format!("exported the list of recordings, {} rows, CSV", all.len());
    assert!(history.contains(&words), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_an_action_takes_is_said_in_words() {
    let (app, _) = demo(10_400).await;
    let admin = app.cookie().await;
    let (_, shown) = page_of(&app, "/recordings?all=yes", &admin).await;
    let words = "More than 10,000 match. Actions take at most 10,000 at once.";
    assert!(shown.contains(words), "{shown}");
    assert!(!shown.contains("value=\"seen\""));
    let (status, to) = act(&app, "?all=yes", &admin, &[("do", "seen")]).await;
    assert_eq!(status, 303);
    let (_, shown) = page_of(&app, &to, &admin).await;
    assert_eq!(
        shown.matches(words).count(),
        3,
        "in the note, aloud, and in the bar"
    );
    let zip = send(app.get("/recordings/zip?all=yes").header("cookie", &admin)).await;
    assert_eq!(zip.status(), 413);
}
