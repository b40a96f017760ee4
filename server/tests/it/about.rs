//! Title, tags and notes of a recording, and who has seen it: the forms, the page, the history of access.

use reelroom_domain::{
    about::{AboutForm, Notes, RecordingTitle, Tag, Tags},
    access::Grant,
    act::{ActFilter, ActKind},
    ids::RecordingId,
    user::Role,
};
use reelroom_service::Service;
use reqwest::{RequestBuilder, Response};
use scraper::{Html, Selector};

use crate::common::{
    ADMIN, TestApp, TestClock,
    actions::{location, page_of, send, start},
    anyone, as_role, eventually,
};

const ROOM: &str = "told";

/// The typed title, tags and notes of a recording.
async fn said(service: &Service, id: RecordingId) -> AboutForm {
    let view = service.about(anyone(), id).await.unwrap();
    AboutForm::from(&view.about)
}

fn texts(page: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let found = Selector::parse(selector).unwrap();
    page.select(&found)
        .map(|one| one.text().collect::<String>().trim().to_owned())
        .collect()
}

/// A plain form, as a browser without scripts posts it.
async fn post_plain(app: &TestApp, name: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
    let id = form.iter().find(|(name, _)| *name == "id").unwrap().1;
    let page = format!("/recordings/{id}?edit=1&play=frames");
    let request = app.plain_from(&page, name, cookie);
    send(request.form(form)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn title_tags_and_notes_are_saved_and_shown_and_in_both_histories() {
    let app = TestApp::start().await;
    let id = start(&app, ROOM).await;
    let cookie = app.cookie().await;
    let (id_text, path) = (id.to_string(), format!("/recordings/{id}"));
    let notes = "<b>bold</b>\r\nSheet: https://x.example/a?b=1&c.";
    let form = [
        ("id", &*id_text),
        ("title", " Fractions, <i>lesson</i> 14 "),
        ("tags", "lesson，分数"),
        ("notes", notes),
    ];
    let answer = post_plain(&app, "describe_recording", &cookie, &form).await;
    assert_eq!(location(&answer), format!("{path}?play=frames"));

    let (_, page) = page_of(&app, &path, &cookie).await;
    assert_eq!(texts(&page, ".rec-h h1"), ["Fractions, <i>lesson</i> 14"]);
    assert_eq!(
        texts(&page, "head > title"),
        ["Fractions, <i>lesson</i> 14 · Reelroom"]
    );
    assert!(texts(&page, ".rec-h .sub")[0].starts_with("told, "));
    assert_eq!(texts(&page, ".tag-list li"), ["lesson", "分数"]);
    assert_eq!(
        texts(&page, ".note-text"),
        ["<b>bold</b>\nSheet: https://x.example/a?b=1&c."]
    );
    let link = "a[href=\"https://x.example/a?b=1&c\"][rel=\"noopener noreferrer\"]";
    assert_eq!(texts(&page, link), ["https://x.example/a?b=1&c"]);
    assert_eq!(texts(&page, "[data-key=e]").len(), 1);

    let form = [("id", &*id_text), ("title", "Sums"), ("tags", "lesson")];
    app.done("describe_recording", &cookie, &form).await;
    let (_, page) = page_of(&app, &path, &cookie).await;
    let steps = texts(&page, "[aria-labelledby=session-h] li").join("\n");
    for words in [
        "admin changed the title",
        "“Fractions, <i>lesson</i> 14” became “Sums”",
        "removed: 分数",
        "admin changed the notes",
    ] {
        assert!(steps.contains(words), "{words}: {steps}");
    }
    let filter = ActFilter {
        recording: Some(id),
        ..ActFilter::default()
    };
    let admin = as_role(Role::Admin);
    let history = app.service.access_history(admin, filter, None);
    let acts = history.await.unwrap().acts;
    let kinds: Vec<_> = acts.iter().map(|act| act.kind).collect();
    assert_eq!(kinds, [ActKind::Described; 2]);
    let (_, page) = page_of(&app, "/settings/history?what=recordings", &cookie).await;
    let rows = texts(&page, "table.hist td.c-what");
    assert_eq!(rows, ["changed the title, the tags, the notes"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_field_is_told_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let id = start(&app, ROOM).await;
    let cookie = app.cookie().await;
    let id_text = id.to_string();
    let full = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let limits = [
        (
            "title",
            "界".repeat(RecordingTitle::LONGEST),
            "界".repeat(RecordingTitle::LONGEST + 1),
        ),
        (
            "tags",
            "界".repeat(Tag::LONGEST),
            "界".repeat(Tag::LONGEST + 1),
        ),
        ("tags", full(Tags::MOST), full(Tags::MOST + 1)),
        (
            "notes",
            "界".repeat(Notes::LONGEST),
            "界".repeat(Notes::LONGEST + 1),
        ),
    ];
    for (field, fits, over) in &limits {
        let post = async |text: &str| {
            let form = [("id", &*id_text), (field, text)];
            app.call("describe_recording", &cookie, &form).await
        };
        let (status, body) = post(fits).await;
        assert_eq!(status, 200, "{field}: {body}");
        let kept = said(&app.service, id).await;
        let (status, body) = post(over).await;
        assert_eq!(status, 422, "{field}: {body}");
        assert!(body.contains(&format!("\"field\":\"{field}\"")), "{body}");
        assert_eq!(said(&app.service, id).await, kept);
    }

    let form = [
        ("id", &*id_text),
        ("title", "Typed title"),
        ("tags", "typed, tags"),
        ("notes", "typed\u{7}\nnotes"),
    ];
    let answer = post_plain(&app, "describe_recording", &cookie, &form).await;
    let (_, page) = page_of(&app, location(&answer), &cookie).await;
    let page = Html::parse_document(&page);
    let value = |page: &Html, name: &str| {
        let field = Selector::parse(&format!("input[name={name}][form=about-form]")).unwrap();
        let field = page.select(&field).next().unwrap();
        field.attr("value").unwrap().to_owned()
    };
    assert_eq!(value(&page, "title"), "Typed title");
    assert_eq!(value(&page, "tags"), "typed, tags");
    let notes = Selector::parse("#about-form textarea[aria-invalid=true]").unwrap();
    let notes = page.select(&notes).next().unwrap().text();
    assert_eq!(notes.collect::<String>(), "typed\u{7}\nnotes");
    let alert = Selector::parse("#notes-note [role=alert]").unwrap();
    assert!(page.select(&alert).next().is_some());

    // A cleared field stays cleared.
    let form = [("id", &*id_text), ("title", "Stored"), ("tags", "stored")];
    let (status, _) = app.call("describe_recording", &cookie, &form).await;
    assert_eq!(status, 200);
    let form = [("id", &*id_text), ("title", ""), ("notes", "\u{7}")];
    let answer = post_plain(&app, "describe_recording", &cookie, &form).await;
    let (_, page) = page_of(&app, location(&answer), &cookie).await;
    let page = Html::parse_document(&page);
    assert_eq!(value(&page, "title"), "");
    assert_eq!(value(&page, "tags"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_the_page_has_seen_the_recording() {
    let app = TestApp::start().await;
    let id = start(&app, ROOM).await;
    let path = format!("/recordings/{id}");
    app.add_account("reader", Role::Viewer, "", &[Grant::Everything])
        .await;
    let cookie = app.cookie_of("reader", ADMIN.1).await;
    let principal = app.principal("reader", ADMIN.1).await;
    let is_seen = async || {
        let view = app.service.about(&principal, id).await.unwrap();
        view.seen_at.is_some()
    };
    let get = |path: &str| app.get(path).header("cookie", &cookie);
    let not_opened: [RequestBuilder; 4] = [
        get(&path).header("sec-purpose", "prefetch"),
        get(&path).header("purpose", "prefetch"),
        get(&path).header("shown-app", ""),
        get(&format!("{path}?seen=no")),
    ];
    for request in not_opened {
        let page = send(request).await.text().await.unwrap();
        assert!(page.contains("Not by you"), "{page}");
        assert!(!is_seen().await);
    }
    let head = app.client.head(format!("{}{path}", app.base));
    send(head.header("cookie", &cookie)).await;
    assert!(!is_seen().await);

    let (_, page) = page_of(&app, &path, &cookie).await;
    assert!(texts(&page, ".seen p")[0].starts_with("By you, "));
    assert!(is_seen().await);
    // A viewer reads, and has no form.
    assert!(texts(&page, "[data-key=e]").is_empty());
    let (_, page) = page_of(&app, &format!("{path}?edit=1"), &cookie).await;
    assert!(!page.contains("about-form"));

    let form = [("id", &*id.to_string())];
    let answer = post_plain(&app, "mark_unseen", &cookie, &form).await;
    let page = location(&answer);
    assert_eq!(page, format!("{path}?play=frames&seen=no"));
    let (_, page) = page_of(&app, page, &cookie).await;
    assert_eq!(texts(&page, ".seen p"), ["Not by you"]);
    assert!(!is_seen().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_does_not_wait_while_another_process_has_locked_the_database() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let id = start(&app, ROOM).await;
    let (admin, cookie) = (app.admin().await, app.cookie().await);
    let path = format!("/recordings/{id}");
    let seen_at = async || app.service.about(&admin, id).await.unwrap().seen_at;
    // From now on the page is to record the use of the session, too.
    clock.set_ahead(6 * 60_000);
    let other = app.store().await;
    let lock = other.write().await.unwrap();
    let (status, _) = page_of(&app, &path, &cookie).await;
    assert_eq!(status, 200);
    assert_eq!(seen_at().await, None, "it is skipped");
    drop(lock);
    eventually("a later page marks it", async || {
        page_of(&app, &path, &cookie).await;
        seen_at().await
    })
    .await;
}
