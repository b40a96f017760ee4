//! The own account over HTTP: sign-in in two steps, what is shown once, choices, and administrators who
//! need a second factor.

use data_encoding::BASE32_NOPAD;
use leptos::server_fn::axum::server_fn_paths;
use reelroom_domain::user::{Role, SignInRules};
use reelroom_service::{Browser, Principal};
use reqwest::{RequestBuilder, Response, StatusCode};
use totp_lite::{Sha1, totp_custom};

use crate::common::{
    ADMIN, ARGUMENTS, ID, TestApp, TestClock,
    actions::{header, page_of, set_cookies, set_rules},
};

/// The functions that an administrator without the factor may call, beside those of *My account*.
const OWN: [&str; 5] = [
    "/fn/sign_in",
    "/fn/sign_in_code",
    "/fn/sign_out",
    "/fn/set_language",
    "/fn/set_theme",
];

/// A browser without scripts that has the cookie of a session.
struct Person<'a> {
    app: &'a TestApp,
    cookie: String,
}

impl<'a> Person<'a> {
    async fn admin(app: &'a TestApp) -> Self {
        let cookie = app.cookie().await;
        Self { app, cookie }
    }

    fn with(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("cookie", &self.cookie)
            .header("accept", "text/html")
    }

    async fn get(&self, path: &str) -> Response {
        self.with(self.app.get(path)).send().await.unwrap()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.with(self.app.post(path)).form(form);
        request.send().await.unwrap()
    }

    async fn page(&self) -> String {
        self.get("/settings/me").await.text().await.unwrap()
    }

    fn browser(&self) -> Browser {
        self.app.service.browser(None, "", &self.cookie)
    }

    async fn principal(&self) -> Principal {
        let session = self.browser().session.unwrap();
        let principal = self.app.service.principal(&session).await;
        principal.unwrap().unwrap()
    }

    /// Switches the second factor on, which renews the session, and returns the key.
    async fn enrol(&mut self) -> String {
        let step = [("step", "phone"), ("proof", ADMIN.1)];
        let page = self.post("/settings/me", &step).await.text().await.unwrap();
        let key = between(&page, "<div class=\"once\"><code>", "<");
        let sealed = between(&page, "name=\"sealed\" value=\"", "\"");
        let code = code(self.app, &key);
        let form = [("step", "confirm"), ("sealed", &*sealed), ("code", &*code)];
        let confirmed = self.post("/settings/me", &form).await;
        let mut renewed = set_cookies(&confirmed).into_iter();
        let renewed = renewed.find(|cookie| cookie.starts_with("reelroom_session="));
        self.cookie = renewed.unwrap();
        let page = confirmed.text().await.unwrap();
        let codes = between(&page, "name=\"sealed\" value=\"", "\"");
        let kept = self.post("/fn/my_codes", &[("sealed", &codes)]).await;
        assert_eq!(to(&kept), "/settings/me?saved=codes");
        key
    }
}

/// The text between two others.
fn between(page: &str, begin: &str, end: &str) -> String {
    let (_, rest) = page.split_once(begin).unwrap_or_else(|| panic!("{page}"));
    rest.split_once(end).unwrap().0.to_owned()
}

/// Where an answer redirects to.
fn to(answer: &Response) -> String {
    header(answer, "location").to_owned()
}

/// The code that an app with this key shows.
fn code(app: &TestApp, key: &str) -> String {
    let key: String = key.split_whitespace().collect();
    let key = BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let seconds = app.service.now().as_millis() / 1000;
    totp_custom::<Sha1>(30, 6, &key, seconds.try_into().unwrap())
}

/// Posts the form of the sign-in page.
async fn sign_in(app: &TestApp, next: &str) -> Response {
    let form = [("name", ADMIN.0), ("password", ADMIN.1), ("next", next)];
    let request = app.post("/fn/sign_in").header("accept", "text/html");
    request.form(&form).send().await.unwrap()
}

async fn send_code(app: &TestApp, step: &str, code: &str) -> Response {
    let form = [("step", step), ("code", code), ("next", "/recordings")];
    let request = app.post("/fn/sign_in_code").header("accept", "text/html");
    request.form(&form).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_on_a_page_of_its_own() {
    let clock = TestClock::default();
    let app = TestApp::start_with_clock(&clock).await;
    let key = Person::admin(&app).await.enrol().await;
    clock.set_ahead(30_000);
    let first = sign_in(&app, "/recordings").await;
    assert_eq!(set_cookies(&first), [""; 0], "no session between the steps");
    let (_, page) = page_of(&app, &to(&first), "").await;
    assert!(page.contains("autocomplete=\"one-time-code\""), "{page}");
    let step = between(&page, "name=\"step\" value=\"", "\"");

    let wrong = send_code(&app, &step, "12345").await;
    let (_, page) = page_of(&app, &to(&wrong), "").await;
    assert!(page.contains("This code is not valid now"), "{page}");
    assert!(page.contains("one of your recovery codes"), "{page}");
    assert_eq!(between(&page, "name=\"step\" value=\"", "\""), step);
    let used = code(&app, &key);
    let right = send_code(&app, &step, &used).await;
    assert_eq!(to(&right), "/recordings");
    assert!(set_cookies(&right)[0].starts_with("reelroom_session="));
    let replay = send_code(&app, &step, &used).await;
    assert_eq!(set_cookies(&replay), [""; 0]);

    clock.set_ahead(30_000 + 5 * 60_000);
    let late = send_code(&app, &step, &code(&app, &key)).await;
    assert!(!to(&late).contains("step="), "{}", to(&late));
    let (_, page) = page_of(&app, &to(&late), "").await;
    assert!(page.contains("Signing in took too long"), "{page}");
    // Other clients get a code.
    let form = [("name", ADMIN.0), ("password", ADMIN.1), ("next", "/")];
    let (status, body) = app.call("sign_in", "", &form).await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("\"needed\""), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_codes_are_shown_to_a_form_only() {
    let app = TestApp::without_callbacks().await;
    let me = Person::admin(&app).await;
    let linked = me.get("/settings/me?step=phone").await;
    assert!(!linked.text().await.unwrap().contains("name=\"sealed\""));
    let wrong = [("step", "phone"), ("proof", "wrong horse")];
    let wrong = me.post("/settings/me", &wrong).await.text().await.unwrap();
    assert!(wrong.contains("This is not your password."), "{wrong}");
    assert!(!wrong.contains("name=\"sealed\""), "{wrong}");
    let begin = [("step", "phone"), ("proof", ADMIN.1)];
    let shown = me.post("/settings/me", &begin).await;
    assert_eq!(shown.headers()["cache-control"], "no-store, no-transform");
    let page = shown.text().await.unwrap();
    assert!(page.contains("class=\"qr\""), "{page}");
    let sealed = between(&page, "name=\"sealed\" value=\"", "\"");
    let form = [("step", "confirm"), ("sealed", &*sealed), ("code", "1")];
    let again = me.post("/settings/me", &form).await.text().await.unwrap();
    assert!(again.contains("These are not the digits"), "{again}");
    assert_eq!(between(&again, "name=\"sealed\" value=\"", "\""), sealed);
    let form = [("step", "confirm"), ("sealed", "x"), ("code", "1")];
    let lapsed = me.post("/settings/me", &form).await.text().await.unwrap();
    assert!(lapsed.contains("The form has expired"), "{lapsed}");
    // There is no second factor for codes.
    let none = me.post("/settings/me", &[("step", "codes")]).await;
    assert_eq!(none.status(), 404);
    let other = me.post("/settings/me", &[("step", "x")]).await;
    assert_eq!(other.status(), 404);
    let foreign = me.with(app.post("/settings/me"));
    let foreign = foreign.header("sec-fetch-site", "cross-site");
    let foreign = foreign.form(&begin).send().await.unwrap();
    assert_eq!(foreign.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_the_factor_reaches_the_own_page_only() {
    let app = TestApp::without_callbacks().await;
    let mut me = Person::admin(&app).await;
    set_rules(
        &app,
        &SignInRules {
            admins_need_second_factor: true,
            ..SignInRules::default()
        },
    )
    .await;
    let page = me.page().await;
    assert!(page.contains("A second factor is needed"), "{page}");
    for hidden in ["<script", "class=\"side\"", "data-events"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let paths = reelroom::page_paths().map(|path| path.replace("{room}", "x").replace("{id}", ID));
    let others = [
        "/events",
        "/recordings/zip?id=x",
        "/settings/meet",
        "/login/x",
    ];
    let others = others.map(str::to_owned);
    for path in paths.chain(others) {
        let answer = me.get(&path).await;
        if ["/login", "/settings/me"].contains(&&*path) {
            assert_eq!(answer.status(), 200, "{path}");
        } else {
            assert_eq!(to(&answer), "/settings/me", "{path}");
        }
    }
    for (path, _) in server_fn_paths() {
        if !OWN.contains(&path) && !path.starts_with("/fn/my_") {
            let answer = me.post(path, ARGUMENTS).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
    let former = Person {
        app: &app,
        cookie: me.cookie.clone(),
    };
    me.enrol().await;
    // The session that reaches everything has another id than the one that did not.
    let ended = former.get("/").await;
    assert!(to(&ended).starts_with("/login"), "{}", to(&ended));
    assert_eq!(me.get("/").await.status(), 200);
    let page = me.page().await;
    assert!(page.contains("Switching it off is blocked"), "{page}");
    let off = me.post("/fn/my_factor_off", &[("proof", ADMIN.1)]).await;
    assert!(to(&off).contains("why=forbidden"), "{}", to(&off));

    // Others are not asked.
    let viewer = app.viewer_cookie().await;
    let viewer = Person {
        app: &app,
        cookie: viewer,
    };
    assert_eq!(viewer.get("/").await.status(), 200);
    assert_eq!(to(&viewer.get("/settings").await), "/settings/me");
    assert_eq!(viewer.principal().await.role(), Role::Viewer);
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_follow_the_account_to_another_browser() {
    let app = TestApp::without_callbacks().await;
    let me = Person::admin(&app).await;
    for (function, field, value, cookie) in [
        ("set_language", "language", "zh-CN", "lang=zh-CN"),
        ("set_theme", "theme", "dark", "theme=dark"),
        ("my_zone", "zone", "America/Lima", "zone=America/Lima"),
    ] {
        let path = format!("/fn/{function}");
        let answer = me.post(&path, &[(field, value)]).await;
        assert_eq!(set_cookies(&answer), [cookie]);
    }
    let set = set_cookies(&sign_in(&app, "/").await);
    for cookie in ["lang=zh-CN", "theme=dark", "zone=America/Lima"] {
        assert!(set.iter().any(|one| one == cookie), "{cookie}: {set:?}");
    }
    for (function, field) in [("set_language", "language"), ("my_zone", "zone")] {
        let path = format!("/fn/{function}");
        me.post(&path, &[(field, "")]).await;
    }
    let set = set_cookies(&sign_in(&app, "/").await);
    assert!(!set.iter().any(|one| one.starts_with("lang=")), "{set:?}");
    assert!(set.iter().any(|one| one == "zone="), "{set:?}");
    let wrong = me.post("/fn/my_zone", &[("zone", "Mars/Base")]).await;
    assert!(to(&wrong).contains("zone.unknown"), "{}", to(&wrong));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_and_sessions_are_changed_by_plain_forms() {
    let app = TestApp::without_callbacks().await;
    let (me, other) = (Person::admin(&app).await, Person::admin(&app).await);
    let change = async |password: &str, new: &str, again: &str| {
        let form = [("password", password), ("new", new), ("again", again)];
        me.post("/fn/my_password", &form).await
    };
    for (password, new, again, why) in [
        (
            "wrong horse",
            "a long new one",
            "a long new one",
            "password.wrong_password",
        ),
        (
            ADMIN.1,
            "a long new one",
            "another new one",
            "again.differs",
        ),
        (ADMIN.1, "short", "short", "new.short"),
    ] {
        let answer = change(password, new, again).await;
        assert!(to(&answer).contains(why), "{}", to(&answer));
        assert_eq!(set_cookies(&answer), [""; 0]);
    }
    let page = me.page().await;
    assert_eq!(
        page.matches("action=\"/fn/my_session\"").count(),
        1,
        "{page}"
    );
    let session = between(&page, "name=\"session\" value=\"", "\"");
    me.post("/fn/my_session", &[("session", &session)]).await;
    assert_eq!(other.get("/").await.status(), 303);
    let third = Person::admin(&app).await;
    let answer = change(ADMIN.1, "a long new one", "a long new one").await;
    assert_eq!(to(&answer), "/settings/me?saved=password");
    for ended in [&me, &third] {
        assert_eq!(ended.get("/").await.status(), 303);
    }
    let renewed = Person {
        app: &app,
        cookie: set_cookies(&answer)[0].clone(),
    };
    assert!(renewed.page().await.contains("1 session<"));
    renewed.post("/fn/my_sessions", &[]).await;
    assert_eq!(renewed.get("/").await.status(), 200);
}
