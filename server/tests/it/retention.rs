//! Retention: rules and dry runs over HTTP, and a night.

use std::sync::Arc;

use reelroom_domain::{keep::KeepState, retention::RetentionView, usage::DAY, user::Role};
use reelroom_store::recordings::keep;
use scraper::{Html, Selector};

use crate::common::{
    TestApp, TestClock,
    actions::{location, page_of, send},
    as_role, eventually,
};

const PAGE: &str = "/settings/retention";

/// The texts of the rows of a table of the page.
fn rows(page: &str, table: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let rows = Selector::parse(&format!("table.{table} tbody tr")).unwrap();
    page.select(&rows)
        .map(|row| row.text().collect::<Vec<_>>().join(" "))
        .collect()
}

async fn view(app: &TestApp) -> RetentionView {
    let view = app.service.retention(as_role(Role::Admin), "").await;
    view.unwrap()
}

/// The fields of a rule about all kinds of files.
fn rule<'a>(name: &'a str, days: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("name", name),
        ("days", days),
        ("state_ready", "yes"),
        ("composite", "yes"),
        ("track", "yes"),
        ("frame", "yes"),
    ]
}

/// Posts a plain form from the page. Returns the address that it leads to.
async fn post(app: &TestApp, cookie: &str, function: &str, form: &[(&str, &str)]) -> String {
    let request = app.plain_from(PAGE, function, cookie);
    location(&send(request.form(form)).await).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_deletes_nothing_before_its_dry_run_was_looked_at() {
    let clock = TestClock::default();
    // A callback would bring a room before the demo.
    let app = TestApp::with_config(|config| config.clock = Arc::new(clock.clone())).await;
    app.service.fill_with_demo(150, 7).await.unwrap();
    let cookie = app.cookie().await;
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    for words in ["There is no rule", "No dry run was made yet"] {
        assert!(html.contains(words), "no {words}: {html}");
    }

    let to = post(&app, &cookie, "save_rule", &rule("Old", "30")).await;
    let (_, html) = page_of(&app, &to, &cookie).await;
    assert!(html.contains("Look at its dry run"), "{html}");
    let id = view(&app).await.rules[0].id.to_string();
    assert_eq!(to, format!("{PAGE}?open={id}&saved=rule"));
    let on = [("id", &*id), ("on", "yes")];
    let (status, _) = app.call("switch_rule", &cookie, &on).await;
    assert_eq!(status, 409);

    let to = post(&app, &cookie, "dry_run", &[("with", &*id)]).await;
    let (_, html) = page_of(&app, &to, &cookie).await;
    let lines = rows(&html, "dry");
    assert!(lines.len() > 5 && lines.iter().all(|line| line.contains("Old")));
    assert!(html.contains("As if “Old” were on."), "{html}");
    assert!(rows(&html, "what-if").len() >= 24);
    post(&app, &cookie, "switch_rule", &on).await;
    let made = view(&app).await;
    let first = made.lines[0].recording;

    let (_, html) = page_of(&app, "/settings/history", &cookie).await;
    for words in [
        "looked at the dry run of the retention rule",
        "switched the retention rule on",
    ] {
        assert!(html.contains(words), "no {words}: {html}");
    }

    // The night comes; the job looks again because the time was set.
    clock.set_ahead(DAY);
    let cookie = app.cookie().await;
    let time = [("hour", "3"), ("zone", "Asia/Shanghai")];
    let store = app.store().await;
    eventually("the trash has it", async || {
        post(&app, &cookie, "set_retention_time", &time).await;
        let mut read = store.read().await.unwrap();
        let keep = keep::of(&mut read, first).await.unwrap()?;
        (keep.state() == KeepState::Trashed).then_some(())
    })
    .await;
    let last = eventually("the run is recorded", async || {
        view(&app)
            .await
            .last
            .filter(|last| last.sums.goes.recordings > 0)
    })
    .await;
    assert!(last.sums.goes.recordings >= made.dry_run.unwrap().sums.goes.recordings);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_comes_back_with_what_was_typed() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [("name", ""), ("rooms", "class-*"), ("days", "soon")];
    let to = post(&app, &cookie, "save_rule", &form).await;
    let (_, html) = page_of(&app, &to, &cookie).await;
    for words in [
        "1 to 80 characters, and no other rule has this name.",
        "Rooms need an app.",
        "At least one state.",
        "At least one kind of file.",
        "1 to 36,500.",
        "value=\"class-*\"",
        "value=\"soon\"",
    ] {
        assert!(html.contains(words), "no {words}: {html}");
    }
    let page = Html::parse_document(&html);
    let ticked = Selector::parse("#detail [type=checkbox][checked]").unwrap();
    assert_eq!(page.select(&ticked).count(), 0, "{html}");
    assert!(view(&app).await.rules.is_empty());

    post(&app, &cookie, "save_rule", &rule("Old", "30")).await;
    let again = app.call("save_rule", &cookie, &rule("old", "40")).await;
    assert_eq!(again.0, 422);
    assert!(again.1.contains("name"), "{}", again.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_ordered_removed_and_switched_off_together() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for (name, days) in [("First", "100"), ("Second", "200")] {
        post(&app, &cookie, "save_rule", &rule(name, days)).await;
    }
    let names = |html: &str| -> Vec<bool> {
        let rows = rows(html, "rules");
        rows.iter().map(|row| row.contains("First")).collect()
    };
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert_eq!(names(&html), [true, false]);
    let id = view(&app).await.rules[0].id.to_string();
    post(&app, &cookie, "move_rule", &[("id", &*id), ("to", "down")]).await;
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert_eq!(names(&html), [false, true]);
    post(&app, &cookie, "remove_rule", &[("id", &*id)]).await;
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert_eq!(names(&html), [false]);

    let off = [("on", ""), ("reason", "before the audit")];
    post(&app, &cookie, "switch_retention", &off).await;
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert!(html.contains("before the audit"), "{html}");
    let viewer = app.viewer_cookie().await;
    let (status, html) = page_of(&app, PAGE, &viewer).await;
    assert_eq!(status, 403);
    assert!(!html.contains("Second"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_off_again_when_one_before_it_is_switched_off() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let mut ids = Vec::new();
    for (name, days) in [("First", "200"), ("Second", "100")] {
        post(&app, &cookie, "save_rule", &rule(name, days)).await;
        let id = view(&app).await.rules.last().unwrap().id.to_string();
        post(&app, &cookie, "dry_run", &[("with", &*id)]).await;
        post(&app, &cookie, "switch_rule", &[("id", &*id), ("on", "yes")]).await;
        ids.push(id);
    }
    let on = |html: &str| -> Vec<bool> {
        let rows = rows(html, "rules");
        rows.iter().map(|row| row.contains("Switch off")).collect()
    };
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert_eq!(on(&html), [true, true]);

    post(
        &app,
        &cookie,
        "switch_rule",
        &[("id", &*ids[0]), ("on", "")],
    )
    .await;
    let (_, html) = page_of(&app, PAGE, &cookie).await;
    assert_eq!(on(&html), [false, false]);
    assert!(rows(&html, "rules")[1].contains("Look at its dry run"));
    let why = "again when an earlier one that was on is changed, moved, switched off or removed";
    assert!(html.contains(why), "{html}");
    let again = [("id", &*ids[1]), ("on", "yes")];
    let (status, _) = app.call("switch_rule", &cookie, &again).await;
    assert_eq!(status, 409);
    let (_, html) = page_of(&app, "/settings/history", &cookie).await;
    let switched_off = html.matches("switched the retention rule off").count();
    assert!(switched_off >= 2, "{html}");
}
