//! People and groups over HTTP, and one-time links.

use crate::common::{
    TestApp, TestClock,
    actions::{header, page_of, set_cookies},
};
use reelroom_domain::user::Role;
use reelroom_service::PeopleQuery;
use reqwest::Response;
use scraper::{ElementRef, Html, Selector};

const PASSWORD: &str = "lantern-quay-481";

/// Posts a plain form from the page of people.
async fn plain(app: &TestApp, cookie: &str, name: &str, form: &[(&str, &str)]) -> Response {
    let request = app.plain_from("/settings/people", name, cookie);
    request.form(form).send().await.unwrap()
}

/// The cookies that an answer sets, as a browser sends them.
fn cookies(answer: &Response) -> String {
    set_cookies(answer).join("; ")
}

/// Adds a person, and returns the path of the one-time link and the id of the account.
async fn add(app: &TestApp, cookie: &str, form: &[(&str, &str)]) -> (String, String) {
    let link = app.done("add_person", cookie, form).await;
    let link = link.trim_matches('"');
    let path = link.strip_prefix(app.base.as_str()).unwrap_or(link);
    let admin = app.admin().await;
    let all = app.service.people(&admin, &PeopleQuery::default()).await;
    let mut rows = all.unwrap().rows.into_iter();
    let name = form.iter().find(|(name, _)| *name == "name").unwrap().1;
    let row = rows.find(|row| row.name == name).unwrap();
    (path.to_owned(), row.id.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_added_and_sets_the_password_by_a_link_that_is_shown_once() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [
        ("name", "u1031"),
        ("person", "Hanna Lindqvist"),
        ("role", "viewer"),
        ("download", "yes"),
        ("kind", "everything"),
    ];
    let answer = plain(&app, &cookie, "add_person", &form).await;
    assert_eq!(answer.status(), 303);
    let to = header(&answer, "location").to_owned();
    assert!(to.starts_with("/settings/people?open="), "{to}");
    let link = cookies(&answer);
    let token = link.strip_prefix("reelroom_link=").unwrap();
    assert!(!to.contains(token));

    // The next page shows it, and takes the cookie away.
    let request = app.get(&to).header("cookie", format!("{cookie}; {link}"));
    let shown = request.send().await.unwrap();
    assert_eq!(header(&shown, "cache-control"), "no-store, no-transform");
    assert!(cookies(&shown).starts_with("reelroom_link="));
    assert!(!cookies(&shown).contains(token));
    let html = shown.text().await.unwrap();
    let path = format!("/once/{token}");
    for piece in [
        &*path,
        "Link for Hanna Lindqvist",
        "link open",
        "Shown once.",
        "The public address of this server is not set",
    ] {
        assert!(html.contains(piece), "no {piece}: {html}");
    }
    let (_, html) = page_of(&app, &to, &cookie).await;
    assert!(!html.contains(token), "{html}");

    let page = app.get(&path).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(header(&page, "cache-control"), "no-store");
    assert_eq!(header(&page, "referrer-policy"), "strict-origin");
    let html = page.text().await.unwrap();
    assert!(html.contains("value=\"u1031\"") && !html.contains("<script"));
    assert!(!html.contains("name=\"referrer\""), "{html}");

    let short = [("token", token), ("password", "short")];
    let answer = plain(&app, "", "use_link", &short).await;
    let back = header(&answer, "location").to_owned();
    let failed = "?failed=use_link&why=invalid%20password.short";
    assert_eq!(back, format!("{path}{failed}"));
    let (_, html) = page_of(&app, &back, "").await;
    assert!(html.contains("aria-invalid=\"true\""), "{html}");

    let right = [("token", token), ("password", PASSWORD)];
    let answer = plain(&app, "", "use_link", &right).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (303, "/")
    );
    let own = cookies(&answer);
    let (status, html) = page_of(&app, "/recordings", &own).await;
    assert_eq!(status, 200, "{html}");
    let (status, _) = page_of(&app, "/settings/people", &own).await;
    assert_eq!(status, 403);

    // It does not work again.
    let (status, html) = page_of(&app, &path, "").await;
    assert_eq!(status, 410);
    assert!(html.contains("This link was used already"), "{html}");
    assert!(!html.contains("u1031"), "{html}");
    let (status, _) = app.call("use_link", "", &right).await;
    assert_eq!(status, 409);
    app.cookie_of("u1031", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_cannot_be_used_says_why_and_names_nobody() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let cookie = app.cookie().await;
    let form = [("name", "u1031"), ("role", "viewer")];
    let (old, id) = add(&app, &cookie, &form).await;
    let link = app.done("make_link", &cookie, &[("id", &id)]).await;
    let path = link
        .trim_matches('"')
        .split_at(link.rfind("/once/").unwrap() - 1)
        .1;
    let (status, html) = page_of(&app, &old, "").await;
    assert_eq!(status, 404);
    assert!(html.contains("This link is not known"), "{html}");
    clock.set_ahead(49 * 60 * 60_000);
    let (status, html) = page_of(&app, path, "").await;
    assert_eq!(status, 410);
    assert!(html.contains("This link has lapsed"), "{html}");
    assert!(!html.contains("u1031"), "{html}");

    for _ in 0..8 {
        page_of(&app, "/once/wrong", "").await;
    }
    let (status, html) = page_of(&app, path, "").await;
    assert_eq!(status, 429);
    assert!(html.contains("Too many"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_speaks_the_language_of_its_visitor() {
    let app = TestApp::without_callbacks().await;
    let form = [("name", "u1031"), ("role", "viewer")];
    let (path, _) = add(&app, &app.cookie().await, &form).await;
    for path in [&*path, "/once/wrong"] {
        let page = app.get(path).header("accept-language", "zh-CN,zh;q=0.9");
        let html = page.send().await.unwrap().text().await.unwrap();
        assert!(html.contains("设置密码"), "{html}");
        let next = format!("name=\"next\" value=\"{path}\"");
        assert!(html.contains(&next), "no {next}: {html}");
        // The page has browsers name its site alone.
        let request = app.post("/fn/set_language").header("accept", "text/html");
        let request = request.header("referer", format!("{}/", app.base));
        let chosen = request.form(&[("language", "en"), ("next", path)]);
        let chosen = chosen.send().await.unwrap();
        assert_eq!(
            (chosen.status().as_u16(), header(&chosen, "location")),
            (303, path)
        );
        let page = app.get(path).header("accept-language", "zh-CN,zh;q=0.9");
        let page = page
            .header("cookie", cookies(&chosen))
            .send()
            .await
            .unwrap();
        let html = page.text().await.unwrap();
        assert!(html.contains("Set your password"), "{html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_told_what_to_do_next() {
    let app = TestApp::with_config(|config| config.admin = None).await;
    let code = app.service.set_up_code().await.unwrap().unwrap();
    let form = [("code", &*code), ("name", "ada"), ("password", PASSWORD)];
    let answer = plain(&app, "", "set_up", &form).await;
    let next = header(&answer, "location").to_owned();
    assert_eq!(next, "/settings?first=yes");
    let cookie = cookies(&answer);
    let (_, html) = page_of(&app, &next, &cookie).await;
    for piece in [
        "you are its administrator",
        "href=\"/settings/people?add=yes\"",
        "Set up a second factor",
    ] {
        assert!(html.contains(piece), "no {piece}: {html}");
    }
    let (_, html) = page_of(&app, "/settings", &cookie).await;
    assert!(!html.contains("you are its administrator"), "{html}");

    // So does the list, as long as nobody else is in it.
    let (_, html) = page_of(&app, "/settings/people", &cookie).await;
    assert!(html.contains("Only you so far"), "{html}");
    assert_eq!(html.matches("add=yes").count(), 1, "{html}");
    let form = [("name", "u1031"), ("role", "viewer")];
    app.done("add_person", &cookie, &form).await;
    let (_, html) = page_of(&app, "/settings/people", &cookie).await;
    assert!(!html.contains("Only you so far"), "{html}");
    assert_eq!(html.matches("add=yes").count(), 1, "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_has_pages() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for number in 0..200 {
        let name = format!("u{number:04}");
        let form = [("name", &*name), ("role", "viewer")];
        app.done("add_person", &cookie, &form).await;
    }
    let (_, html) = page_of(&app, "/settings/people", &cookie).await;
    assert!(html.contains("200 of 201 shown."), "{html}");
    let link = |html: &str, word: &str| {
        let page = Html::parse_document(html);
        let links = Selector::parse("nav.pager a").unwrap();
        let is_it = |link: &ElementRef<'_>| link.text().collect::<String>() == word;
        let link = page.select(&links).find(is_it);
        link.map(|link| link.attr("href").unwrap().to_owned())
    };
    assert_eq!(link(&html, "Back to the beginning"), None);
    let next = link(&html, "Load more").unwrap();
    let (_, html) = page_of(&app, &next, &cookie).await;
    // The first page begins with the administrator, so one account is left for the second.
    assert!(
        html.contains("1 of 201 shown.") && html.contains(">u0199<"),
        "{html}"
    );
    assert!(!html.contains(">u0198<"), "{html}");
    assert_eq!(link(&html, "Load more"), None);
    let first = link(&html, "Back to the beginning").unwrap();
    let (_, html) = page_of(&app, &first, &cookie).await;
    assert!(html.contains("200 of 201 shown."), "{html}");

    let (_, html) = page_of(&app, "/settings/people?q=u0199", &cookie).await;
    assert!(
        html.contains("1 of 1 shown.") && html.contains(">u0199<"),
        "{html}"
    );
    assert_eq!(link(&html, "Load more"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_only_disabled_people_match_leads_to_them() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [("name", "u1031"), ("role", "viewer")];
    let (_, id) = add(&app, &cookie, &form).await;
    let off = [("id", &*id), ("disabled", "yes")];
    app.done("disable_person", &cookie, &off).await;
    let (_, html) = page_of(&app, "/settings/people", &cookie).await;
    assert!(html.contains("1 of 1 shown."), "{html}");
    assert!(html.contains(" seen today, 1 disabled"), "{html}");
    // There is another account, though it is disabled.
    assert!(!html.contains("Only you so far"), "{html}");

    let (_, html) = page_of(&app, "/settings/people?q=nobody", &cookie).await;
    assert!(html.contains("Nobody matches"), "{html}");
    let (_, html) = page_of(&app, "/settings/people?q=u1031", &cookie).await;
    assert!(html.contains("Only disabled people match"), "{html}");
    let page = Html::parse_document(&html);
    let links = Selector::parse(".empty a").unwrap();
    let all = page.select(&links).next().unwrap().attr("href").unwrap();
    let (_, html) = page_of(&app, all, &cookie).await;
    assert!(html.contains("1 of 1 shown."), "{html}");
    assert!(html.contains(">u1031<"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_are_exported_to_who_may_export_and_no_cell_runs() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [
        ("name", "u1031"),
        ("person", "=1+1"),
        ("role", "viewer"),
        ("download", "yes"),
        ("share", "yes"),
        ("kind", "everything"),
    ];
    let (_, id) = add(&app, &cookie, &form).await;
    let (_, group) = app.call("add_group", &cookie, &[("name", "Board")]).await;
    let member = [("id", group.trim_matches('"')), ("name", "u1031")];
    app.done("add_member", &cookie, &member).await;
    let off = [("id", &*id), ("disabled", "yes")];
    app.done("disable_person", &cookie, &off).await;

    let export = "/settings/people/export";
    let answer = app.get(export).header("cookie", &cookie).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "content-type"), "text/csv; charset=utf-8");
    let disposition = "attachment; filename=\"people.csv\"";
    assert_eq!(header(&answer, "content-disposition"), disposition);
    let csv = answer.text().await.unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    let head = "name,person,role,rights,groups,grants,second_factor,last_seen,disabled";
    assert_eq!((lines.len(), lines[0]), (3, head), "{csv}");
    assert!(lines[1].starts_with("admin,,admin,\"download,"), "{csv}");
    let person = "u1031,'=1+1,viewer,\"download,share\",Board,everything,,,20";
    assert!(lines[2].starts_with(person), "{csv}");

    let (_, html) = page_of(&app, "/settings/history", &cookie).await;
    let did = "exported the list of people, 2 rows, CSV";
    assert!(html.contains(did), "{html}");
    let (_, html) = page_of(&app, "/settings/people", &cookie).await;
    assert!(html.contains(&format!("href=\"{export}\"")), "{html}");
    // As the history: who may see it still needs the right.
    let added = app.service.add_user("ann", PASSWORD, Role::Auditor).await;
    added.unwrap();
    let own = app.cookie_of("ann", PASSWORD).await;
    assert_eq!(page_of(&app, export, &own).await.0, 403);
    let (_, html) = page_of(&app, "/settings/people", &own).await;
    assert!(!html.contains(export), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_ends_the_session_and_a_grant_does_not() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let own = app.viewer_cookie().await;
    let admin = app.admin().await;
    let all = app.service.people(&admin, &PeopleQuery::default()).await;
    let rows = all.unwrap().rows;
    let row = rows.iter().find(|row| row.name == "viewer").unwrap();
    let id = row.id.to_string();
    let sandbox = app.service.app_ids().await.unwrap()[0].to_string();
    app.call("add_room", &cookie, &[("room", "lab-west")]).await;

    let everything = [("of", "user"), ("id", &*id), ("kind", "everything")];
    app.done("remove_grant", &cookie, &everything).await;
    let (_, html) = page_of(&app, "/", &own).await;
    assert!(!html.contains("lab-west"), "{html}");
    let prefix = [
        ("of", "user"),
        ("id", &*id),
        ("kind", "prefix"),
        ("in_app", &*sandbox),
        ("room", "lab-*"),
    ];
    app.done("add_grant", &cookie, &prefix).await;
    let (status, html) = page_of(&app, "/", &own).await;
    assert!(status == 200 && html.contains("lab-west"), "{html}");
    let path = format!("/settings/people?open={id}");
    let (_, html) = page_of(&app, &path, &cookie).await;
    let fits = "Fits 1 room today: lab-west.";
    assert!(html.contains("lab-*") && html.contains(fits), "{html}");

    let role = [("id", &*id), ("role", "operator"), ("share", "yes")];
    let answer = plain(&app, &cookie, "change_person", &role).await;
    let saved = "/settings/people?saved=change_person";
    assert_eq!(header(&answer, "location"), saved);
    let (status, _) = page_of(&app, "/", &own).await;
    assert_eq!(status, 303);
    let wrong = [("id", &*id), ("role", "emperor")];
    assert_eq!(app.call("change_person", &cookie, &wrong).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_is_told_why_the_role_stays() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let id = app.admin().await.user.to_string();
    let path = format!("/settings/people?open={id}");
    let (_, html) = page_of(&app, &path, &cookie).await;
    assert!(html.contains("admin is the last administrator"), "{html}");
    assert!(!html.contains("/fn/disable_person"), "{html}");
    assert!(!html.contains("/fn/make_link"), "{html}");
    assert!(html.contains("your own password"), "{html}");
    let form = [("id", &*id), ("role", "viewer")];
    let (status, body) = app.call("change_person", &cookie, &form).await;
    assert_eq!(status, 422);
    assert!(body.contains("last_admin"), "{body}");
    let form = [("id", &*id), ("disabled", "yes")];
    let (status, body) = app.call("disable_person", &cookie, &form).await;
    assert_eq!(status, 422, "{body}");
    let answer = plain(&app, &cookie, "disable_person", &form).await;
    let back = "/settings/people?failed=disable_person&why=invalid%20role.last_admin";
    assert_eq!(header(&answer, "location"), back);
    assert_eq!(page_of(&app, &path, &cookie).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_people_and_finds_no_form() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    app.call("add_group", &cookie, &[("name", "Board")]).await;
    let added = app.service.add_user("ann", PASSWORD, Role::Auditor).await;
    let id = added.unwrap().to_string();
    let own = app.cookie_of("ann", PASSWORD).await;
    let groups = "/settings/people?show=groups";
    let person = format!("/settings/people?open={id}");
    for (path, piece) in [
        ("/settings/people", "Only administrators change people"),
        (groups, ">Board<"),
        (&person, "Reads everything and the history"),
    ] {
        let (status, html) = page_of(&app, path, &own).await;
        assert_eq!(status, 200);
        assert!(html.contains(piece), "no {piece}: {html}");
        let forms = html.matches("action=\"/fn/").count();
        let of_frame = ["set_language", "set_theme", "sign_out"];
        let of_frame = of_frame.map(|name| html.matches(&format!("/fn/{name}\"")).count());
        assert_eq!(forms, of_frame.iter().sum::<usize>(), "{html}");
    }
    // The administrator and the auditor see every room, whatever is granted.
    let (_, html) = page_of(&app, "/settings/people", &own).await;
    assert_eq!(html.matches(">every room<").count(), 2, "{html}");
    let (status, html) = page_of(&app, "/settings/people?open=x", &own).await;
    assert_eq!(status, 404);
    assert!(html.contains("There is nothing at this address"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_form_comes_back_with_what_was_typed() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [
        ("name", "admin"),
        ("person", "Hanna <b>"),
        ("role", "auditor"),
        ("share", "yes"),
    ];
    let answer = plain(&app, &cookie, "add_person", &form).await;
    let back = header(&answer, "location").to_owned();
    let (_, html) = page_of(&app, &back, &cookie).await;
    for piece in [
        "There is an account with this user id already.",
        "value=\"Hanna &lt;b&gt;\"",
        "value=\"admin\"",
    ] {
        assert!(html.contains(piece), "no {piece}: {html}");
    }
    let checked = |name: &str| {
        let at = html.find(&format!("name=\"{name}\"")).unwrap();
        html[at..].split('>').next().unwrap().contains("checked")
    };
    assert!(checked("share") && !checked("download"), "{html}");
    for (name, form, words) in [
        (
            "add_group",
            [("name", " "), ("claim", "")],
            "A group has a name of 1 to 80 characters and no invisible ones.",
        ),
        (
            "add_group",
            [("name", "Board"), ("claim", &*"x".repeat(201))],
            "At most 200 bytes, on one line.",
        ),
    ] {
        let answer = plain(&app, &cookie, name, &form).await;
        let back = header(&answer, "location").to_owned();
        let (_, html) = page_of(&app, &back, &cookie).await;
        assert!(html.contains(words), "no {words}: {html}");
    }
}
