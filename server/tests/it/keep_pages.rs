//! The pages of the trash, of cases and of certificates.

use reelroom_domain::{find::Find, ids::RecordingId, keep::Keep};
use reelroom_service::LibraryQuery;

use crate::common::{
    TestApp,
    actions::{location, page, page_of, post, send},
    anyone, eventually,
};

/// A server with a demo, and some of its recordings that have ended.
async fn demo() -> (TestApp, Vec<RecordingId>) {
    let app = TestApp::without_callbacks().await;
    app.service.fill_with_demo(60, 7).await.unwrap();
    let ids = ended(&app).await;
    assert!(ids.len() > 5, "{}", ids.len());
    (app, ids)
}

async fn ended(app: &TestApp) -> Vec<RecordingId> {
    let query = LibraryQuery {
        find: Find::of([("length", "under_hour"), ("state", "ready")]),
        ..LibraryQuery::default()
    };
    app.service.found(anyone(), &query, 1_000).await.unwrap()
}

/// Posts a form to a page. Returns where it leads.
async fn act(app: &TestApp, path: &str, form: &[(&str, &str)]) -> String {
    let request = app.post(path).header("cookie", app.cookie().await);
    location(&send(request.form(form)).await).to_owned()
}

/// Sends a plain form of the page `from`. Returns where it leads.
async fn fill(app: &TestApp, from: &str, function: &str, form: &[(&str, &str)]) -> String {
    let request = app.plain_from(from, function, &app.cookie().await);
    location(&send(request.form(form)).await).to_owned()
}

/// How many recordings the library shows as on hold, of those that are.
async fn on_hold(app: &TestApp) -> usize {
    let library = page(app, "/recordings?held=yes").await;
    assert!(library.contains("Remove the filter On hold"), "{library}");
    library.matches("class=\"held-mark\"").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_in_the_library_reports_each_recording_and_is_undone() {
    let (app, ids) = demo().await;
    let [held, first, second] = [0, 1, 2].map(|n| ids[n].to_string());
    let form = [("id", &*held), ("reason", "Complaint")];
    assert_eq!(post(&app, "hold_recording", &form).await, 200);
    let library = page(&app, "/recordings?length=under_hour").await;
    assert!(library.contains("class=\"held-mark\""), "{library}");
    assert_eq!(on_hold(&app).await, 1);

    let form = [
        ("do", "trash"),
        ("id", &*held),
        ("id", &*first),
        ("id", &*second),
    ];
    let to = act(&app, "/recordings?length=under_hour", &form).await;
    let did = format!("&did=trashed.2.held-1-{held}&undo=");
    assert!(to.contains(&did), "{to}");
    let report = page(&app, &to).await;
    for text in [
        "Moved to the trash: 2; on hold, not changed: 1 (",
        "value=\"restore\"",
    ] {
        assert!(report.contains(text), "{text}: {report}");
    }
    let left = ended(&app).await;
    assert_eq!(left.len(), ids.len() - 2);
    assert_eq!(left[0], ids[0]);

    let form = [("do", "restore"), ("id", &*first), ("id", &*second)];
    let to = act(&app, &to, &form).await;
    assert_eq!(to, "/recordings?length=under_hour&did=restored.2");
    assert_eq!(ended(&app).await, ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_recording_says_whether_it_is_held_or_deleted() {
    let (app, ids) = demo().await;
    let id = ids[0].to_string();
    let path = format!("/recordings/{id}");
    let before = page(&app, &path).await;
    for text in [
        "Not on hold.",
        "action=\"/fn/trash_recording\"",
        "data-twice",
    ] {
        assert!(before.contains(text), "{text}: {before}");
    }

    // A form without a reason comes back with its words.
    let back = fill(&app, &path, "hold_recording", &[("id", &id)]).await;
    let why = "failed=hold_recording&why=invalid%20reason.unusable";
    assert!(back.contains(why), "{back}");
    assert!(
        page(&app, &back)
            .await
            .contains("A reason has 1 to 500 characters.")
    );
    let form = [("id", &*id), ("reason", "<b>Audit</b>")];
    let to = fill(&app, &back, "hold_recording", &form).await;
    assert_eq!(to, path);
    let held = page(&app, &path).await;
    for (text, is_there) in [
        ("On hold", true),
        ("&lt;b&gt;Audit&lt;/b&gt;", true),
        ("Release the hold first.", true),
        ("action=\"/fn/release_recording\"", true),
        ("action=\"/fn/trash_recording\"", false),
    ] {
        assert_eq!(held.contains(text), is_there, "{text}: {held}");
    }
    let form = [("id", &*id), ("case", ""), ("reason", "Over")];
    assert_eq!(on_hold(&app).await, 1);
    assert_eq!(fill(&app, &path, "release_recording", &form).await, path);
    assert_eq!(on_hold(&app).await, 0);

    assert_eq!(
        fill(&app, &path, "trash_recording", &[("id", &id)]).await,
        path
    );
    let deleted = page(&app, &path).await;
    for text in [
        "This recording is in the trash",
        "action=\"/fn/restore_recording\"",
        "Open the trash",
        "What happened",
        "SHA-256",
    ] {
        assert!(deleted.contains(text), "{text}: {deleted}");
    }
    assert_eq!(
        fill(&app, &path, "restore_recording", &[("id", &id)]).await,
        path
    );
    assert!(page(&app, &path).await.contains("Not on hold."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_for_good_needs_a_reason_and_its_words_and_ends_in_a_certificate() {
    let (app, ids) = demo().await;
    let id = ids[0].to_string();
    let form = [("id", &*id)];
    assert_eq!(post(&app, "trash_recording", &form).await, 200);
    let list = page(&app, "/trash").await;
    for text in ["1 recording, ", "30 days left", "/trash?confirm=yes"] {
        assert!(list.contains(text), "{text}: {list}");
    }
    // The row and the bar restore by the page itself, which reports it.
    assert_eq!(list.matches("value=\"restore\"").count(), 2, "{list}");
    let dialog = format!("/trash?confirm=yes&id={id}");
    let shown = page(&app, &dialog).await;
    // The row of the list behind has more attributes.
    let named = format!("<a href=\"/recordings/{id}\">");
    for text in ["Delete 1 recording for good?", "delete 1", &*named] {
        assert!(shown.contains(text), "{text}: {shown}");
    }

    let form = [("ids", &*id), ("typed", "delete"), ("reason", "")];
    let back = fill(&app, &dialog, "delete_now", &form).await;
    assert!(back.starts_with(&format!("{dialog}&typed=delete&failed=delete_now")));
    let shown = page(&app, &back).await;
    for text in [
        "This is not “delete 1”. Nothing was deleted.",
        "value=\"delete\"",
        "A reason has 1 to 500 characters.",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let form = [
        ("ids", &*id),
        ("typed", "delete 1"),
        ("reason", "Wrong room"),
    ];
    let to = fill(&app, &back, "delete_now", &form).await;
    assert_eq!(to, "/trash?did=deleted.1");
    assert!(page(&app, &to).await.contains("Being deleted for good: 1"));

    let admin = app.admin().await;
    let number = eventually("the certificate", async || {
        let view = app.service.kept(&admin, ids[0]).await.unwrap();
        matches!(view.keep, Keep::Purged { .. }).then_some(view.certificate?)
    })
    .await;
    let path = format!("/certificates/{number}");
    let paper = page(&app, &path).await;
    for text in [
        "Certificate of deletion",
        "删除证明",
        "“Wrong room”",
        &*number,
        &*id,
        &*format!("{path}/json"),
    ] {
        assert!(paper.contains(text), "{text}: {paper}");
    }
    for listed in ["/certificates".to_owned(), format!("/recordings/{id}")] {
        assert!(page(&app, &listed).await.contains(&path), "{listed}");
    }
    // Its page shows what stays of it; it is not in the trash.
    let gone = page(&app, &format!("/recordings/{id}")).await;
    let file = &app.service.deleted(&admin, ids[0]).await.unwrap().files[0];
    for text in [&*file.name, "What happened"] {
        assert!(gone.contains(text), "{text}: {gone}");
    }
    assert!(!gone.contains("Open the trash"), "{gone}");
    let viewer = app.viewer_cookie().await;
    assert_eq!(page_of(&app, &path, &viewer).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_opened_changed_found_and_closed() {
    let (app, ids) = demo().await;
    let [first, second] = [0, 1].map(|n| ids[n].to_string());
    let form = format!("/cases?new=yes&id={first}");
    let shown = page(&app, &form).await;
    assert!(
        shown.contains("1 recording is put on hold at once."),
        "{shown}"
    );

    let fields = |number, name| {
        [
            ("ids", &*first),
            ("number", number),
            ("name", name),
            ("reason", "The auditors ask for it."),
            ("reference", ""),
        ]
    };
    let back = fill(&app, &form, "open_case", &fields(" ", "Audit")).await;
    assert!(back.starts_with(&form), "{back}");
    let shown = page(&app, &back).await;
    for text in ["A number has 1 to 40 characters", "value=\"Audit\""] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let case = fill(&app, &back, "open_case", &fields("2026-31", "Audit")).await;
    assert!(case.starts_with("/cases?open="), "{case}");
    let id = case.split_once('=').unwrap().1.to_owned();
    let shown = page(&app, &case).await;
    for text in [
        "The auditors ask for it.",
        "1 on hold",
        "opened the case",
        "added 1 recording",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let recording = page(&app, &format!("/recordings/{first}")).await;
    assert!(recording.contains("Case 2026-31"), "{recording}");

    // More from the library, all at once.
    let add = [("do", "hold"), ("case", &*id), ("id", &*second)];
    let to = act(&app, "/recordings", &add).await;
    assert_eq!(to, "/recordings?did=held.1");
    assert!(page(&app, &case).await.contains("2 on hold"));
    assert_eq!(on_hold(&app).await, 2);

    let edit = format!("{case}&edit=yes");
    let change = [
        ("id", &*id),
        ("number", "2026-32"),
        ("name", "Audit"),
        ("reason", "More"),
        ("reference", "Letter"),
    ];
    assert_eq!(fill(&app, &edit, "change_case", &change).await, case);
    for (query, is_found) in [("2026-32", true), ("more", true), ("2026-31", false)] {
        let list = page(&app, &format!("/cases?q={query}")).await;
        assert_eq!(list.contains(&id), is_found, "{query}: {list}");
    }

    let look = [("id", &*id), ("name", "nobody at all")];
    let back = fill(&app, &case, "let_look", &look).await;
    let shown = page(&app, &back).await;
    assert!(shown.contains("No such person or group"), "{shown}");

    let close = format!("{case}&close=yes");
    let shown = page(&app, &close).await;
    assert!(shown.contains("Close case 2026-32, Audit?"), "{shown}");
    let form = [("id", &*id), ("reason", "The report is out")];
    assert_eq!(fill(&app, &close, "close_case", &form).await, case);
    assert_eq!(on_hold(&app).await, 0);
    let shown = page(&app, &case).await;
    assert!(shown.contains("closed the case"), "{shown}");
    assert!(!page(&app, "/cases").await.contains(&id));
    assert!(page(&app, "/cases?show=closed").await.contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_of_the_trash_come_back_with_what_is_wrong() {
    let (app, _) = demo().await;
    let path = "/settings/deleting";
    let form = [("trash_days", "0"), ("request_days", "3")];
    let back = fill(&app, path, "set_keep_settings", &form).await;
    let shown = page(&app, &back).await;
    for text in ["1 to 3,650 days.", "value=\"0\""] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    // There is only one administrator.
    let form = [
        ("trash_days", "14"),
        ("request_days", "3"),
        ("second_for_release", "yes"),
    ];
    let back = fill(&app, &back, "set_keep_settings", &form).await;
    let shown = page(&app, &back).await;
    assert!(
        shown.contains("It needs two administrators who can sign in."),
        "{shown}"
    );
    let to = fill(&app, &back, "set_keep_settings", &form[..2]).await;
    assert_eq!(to, format!("{path}?saved=deleting"));
    let shown = page(&app, &to).await;
    assert!(shown.contains("value=\"14\""), "{shown}");
}
