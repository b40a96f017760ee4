//! Single sign-on with a provider on loopback.

mod provider;
mod sign_out;

use std::{sync::Arc, time::Instant};

use reelroom_domain::{
    access::Grant,
    ids::{AppId, GroupId},
    time::Timestamp,
    user::{GroupName, Role, SignInRules},
};
use reelroom_service::{IssuerUrl, Principal};
use reelroom_store::{
    factors::{self, Factor},
    grants::{self, Holder},
    groups::{self, Group},
    users,
};
use reqwest::Response;
use serde_json::json;
use tokio::net::TcpListener;
use url::Url;

use self::{
    provider::{NEW, OLD, Provider},
    sign_out::log_out,
};
use crate::common::{
    ADMIN, ID, TestApp, TestClock,
    actions::{location, page_of, set_cookies, set_rules},
};

async fn app_of(provider: &Provider, clock: &TestClock) -> TestApp {
    let (oidc, clock) = (provider.config(), clock.clone());
    TestApp::with_config(|config| {
        config.oidc = Some(oidc);
        config.clock = Arc::new(clock);
    })
    .await
}

async fn both() -> (Provider, TestApp) {
    let provider = Provider::start().await;
    let app = app_of(&provider, &TestClock::default()).await;
    (provider, app)
}

/// A sign-in that is under way at the provider.
struct Begun {
    request: Url,
    cookie: String,
}

async fn begin(app: &TestApp, next: &str) -> Begun {
    let start = app.get("/auth/start").query(&[("next", next)]);
    let answer = start.send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    let attributes = "; Path=/; HttpOnly; SameSite=Lax; Max-Age=600";
    assert!(cookie.ends_with(attributes), "{cookie}");
    Begun {
        request: location(&answer).parse().unwrap(),
        cookie: set_cookies(&answer).remove(0),
    }
}

impl Begun {
    fn value(&self, name: &str) -> String {
        let mut pairs = self.request.query_pairs();
        let found = pairs.find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    }

    /// Comes back from the provider with this code.
    async fn come_back(&self, app: &TestApp, code: &str) -> Response {
        let query = [("state", &*self.value("state")), ("code", code)];
        let back = app.get("/auth/callback").query(&query);
        back.header("cookie", &self.cookie).send().await.unwrap()
    }
}

/// Signs in from beginning to end.
async fn sign_on(provider: &Provider, app: &TestApp) -> Response {
    let begun = begin(app, "/recordings?q=a").await;
    let code = provider.agree(&begun.request);
    begun.come_back(app, &code).await
}

/// Signs in, and returns the cookie of the session.
async fn session(provider: &Provider, app: &TestApp) -> String {
    let answer = sign_on(provider, app).await;
    assert_eq!(location(&answer), "/recordings?q=a");
    set_cookies(&answer).remove(0)
}

/// The code of the error that an answer leads to the sign-in page with.
fn refused(answer: &Response) -> String {
    let page = Url::parse("http://x").unwrap().join(location(answer));
    let page = page.unwrap();
    assert_eq!(page.path(), "/login");
    let mut pairs = page.query_pairs();
    let code = pairs.find(|(name, _)| name == "sso");
    code.unwrap().1.into_owned()
}

async fn principal(app: &TestApp, cookie: &str) -> Option<Principal> {
    let session = app.service.browser(None, "", cookie).session.unwrap();
    app.service.principal(&session).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_give_a_role_and_groups_but_no_rights() {
    let (provider, app) = both().await;
    let group: GroupId = ID.parse().unwrap();
    let grant = Grant::App {
        app: ID.parse::<AppId>().unwrap(),
    };
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let teachers = Group {
        id: group,
        name: GroupName::parse("Teachers").unwrap(),
        claim: Some("/teachers".to_owned()),
        created_at: Timestamp::default(),
    };
    assert!(groups::insert(&mut tx, &teachers).await.unwrap());
    grants::add(&mut tx, Holder::Group(group), &grant)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let first = session(&provider, &app).await;
    let ada = principal(&app, &first).await.unwrap();
    assert_eq!((ada.name.as_str(), ada.role()), ("ada", Role::Viewer));
    assert_eq!(ada.access.rights.to_string(), "");
    assert_eq!(ada.access.grants, []);

    // Groups are read again at each sign-in. They take effect in all sessions, which stay.
    provider.says().claims["groups"] = json!(["/teachers", "else"]);
    let second = session(&provider, &app).await;
    for cookie in [&first, &second] {
        let again = principal(&app, cookie).await.unwrap();
        assert_eq!(again.user, ada.user);
        assert_eq!(again.access.grants, std::slice::from_ref(&grant));
    }

    // A new role ends them.
    provider.says().claims["groups"] = json!(["ops", "admins"]);
    let third = session(&provider, &app).await;
    assert_eq!(principal(&app, &first).await, None);
    assert_eq!(principal(&app, &second).await, None);
    let ada = principal(&app, &third).await.unwrap();
    assert_eq!(ada.role(), Role::Admin);
    assert_eq!(ada.access.rights.to_string(), "");
    assert_eq!(ada.access.grants, []);

    // The same name at the provider is the same account only with the same subject.
    provider.says().claims = json!({ "sub": "s2", "preferred_username": ADMIN.0, "groups": "ops" });
    let other = session(&provider, &app).await;
    let other = principal(&app, &other).await.unwrap();
    assert_eq!(
        (other.name.as_str(), other.role()),
        ("admin-2", Role::Operator)
    );
    let names = app.service.users().await.unwrap().into_iter();
    let names: Vec<String> = names.map(|user| user.name).collect();
    assert_eq!(names, ["ada", "admin", "admin-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_do_not_take_the_last_administrator_away() {
    let (provider, app) = both().await;
    provider.says().claims["groups"] = json!(["admins"]);
    let first = session(&provider, &app).await;
    // The other one has never signed in.
    provider.says().claims["groups"] = json!([]);
    let second = session(&provider, &app).await;
    for cookie in [&first, &second] {
        let ada = principal(&app, cookie).await.unwrap();
        assert_eq!(ada.role(), Role::Admin);
    }
    app.cookie().await;
    let third = session(&provider, &app).await;
    assert_eq!(principal(&app, &first).await, None);
    let ada = principal(&app, &third).await.unwrap();
    assert_eq!(ada.role(), Role::Viewer);
}

#[tokio::test(flavor = "multi_thread")]
async fn user_info_completes_the_token() {
    let (provider, app) = both().await;
    provider.says().claims = json!({ "sub": "s1" });
    provider.says().user_info =
        json!({ "sub": "s1", "preferred_username": "grace", "groups": ["ops"] });
    let cookie = session(&provider, &app).await;
    let grace = principal(&app, &cookie).await.unwrap();
    assert_eq!(
        (grace.name.as_str(), grace.role()),
        ("grace", Role::Operator)
    );
    provider.says().user_info["sub"] = json!("s2");
    assert_eq!(refused(&sign_on(&provider, &app).await), "not_verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_token_signs_nobody_in() {
    let (provider, app) = both().await;
    let right = provider.says().claims.clone();
    let now = app.service.now().as_millis() / 1000;
    for (claims, why) in [
        (json!({ "nonce": "wrong" }), "not_verified"),
        (json!({ "nonce": null }), "not_verified"),
        (json!({ "aud": "another" }), "not_verified"),
        (json!({ "aud": ["reelroom", "another"] }), "not_verified"),
        (json!({ "aud": null }), "not_verified"),
        (json!({ "azp": "another" }), "not_verified"),
        (json!({ "iss": "http://id.example" }), "not_verified"),
        (
            json!({ "iss": format!("{}/", provider.issuer) }),
            "not_verified",
        ),
        (json!({ "exp": now - 90 }), "clock"),
        (json!({ "exp": null }), "not_verified"),
        (json!({ "nbf": now + 90 }), "clock"),
        (json!({ "iat": now - 600 }), "clock"),
        (json!({ "sub": "" }), "not_verified"),
        (json!({ "sub": null }), "not_verified"),
        (
            json!({ "exp": now - 30, "azp": "reelroom", "nbf": now + 30 }),
            "",
        ),
    ] {
        let mut all = right.clone();
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        provider.says().claims = all;
        let answer = sign_on(&provider, &app).await;
        if why.is_empty() {
            assert_eq!(location(&answer), "/recordings?q=a", "{claims}");
            continue;
        }
        assert_eq!(refused(&answer), why, "{claims}");
        assert_eq!(set_cookies(&answer), ["reelroom_sso="], "{claims}");
        assert_eq!(app.service.users().await.unwrap().len(), 1, "{claims}");
    }
    {
        let mut says = provider.says();
        says.claims = right;
        // Signed by somebody else under the name of the known key.
        says.key = (OLD.0, NEW.1);
    }
    assert_eq!(refused(&sign_on(&provider, &app).await), "not_verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_the_provider_may_be_off_by_a_minute() {
    let (provider, app) = both().await;
    for (seconds, is_valid) in [(30, true), (-30, true), (600, false), (-600, false)] {
        provider.says().ahead = seconds;
        let answer = sign_on(&provider, &app).await;
        if is_valid {
            assert_eq!(location(&answer), "/recordings?q=a", "{seconds}");
            continue;
        }
        assert_eq!(refused(&answer), "clock", "{seconds}");
        let (_, page) = page_of(&app, location(&answer), "").await;
        assert!(page.contains("The clocks of this server and 127.0.0.1 differ"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_keys_are_fetched_when_a_token_has_one_but_once_a_minute() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let app = app_of(&provider, &clock).await;
    session(&provider, &app).await;
    session(&provider, &app).await;
    assert_eq!(provider.says().fetched, 1);
    {
        let mut says = provider.says();
        (says.key, says.published) = (NEW, vec![NEW]);
    }
    session(&provider, &app).await;
    assert_eq!(provider.says().fetched, 2);
    {
        let mut says = provider.says();
        (says.key, says.published) = (OLD, vec![OLD, NEW]);
    }
    assert_eq!(refused(&sign_on(&provider, &app).await), "not_verified");
    assert_eq!(provider.says().fetched, 2);
    clock.set_ahead(61_000);
    session(&provider, &app).await;
    assert_eq!(provider.says().fetched, 3);

    // Keys that are no longer published are forgotten within an hour.
    {
        let mut says = provider.says();
        (says.key, says.published) = (OLD, vec![NEW]);
        says.ahead = 61 * 61;
    }
    clock.set_ahead(61 * 61_000);
    assert_eq!(refused(&sign_on(&provider, &app).await), "not_verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_replaced_under_its_id_is_fetched() {
    let (provider, app) = both().await;
    session(&provider, &app).await;
    {
        let mut says = provider.says();
        says.key = (OLD.0, NEW.1);
        says.published = vec![says.key];
    }
    session(&provider, &app).await;
    assert_eq!(provider.says().fetched, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_of_a_provider_is_without_https() {
    let (provider, app) = both().await;
    // It answers, but does not count as an address of this machine.
    let open = format!("{}/keys", provider.issuer.replace("127.0.0.1", "0.0.0.0"));
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
    ] {
        provider.says().metadata = json!({ name: open });
        let start = app.get("/auth/start").send().await.unwrap();
        assert_eq!(refused(&start), "no_answer", "{name}");
    }
    provider.says().metadata = json!({});
    session(&provider, &app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_is_said_in_words_and_soon() {
    let (provider, app) = both().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut oidc = provider.config();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    oidc.issuer = IssuerUrl::new(issuer).unwrap();
    let other = TestApp::with_config(|config| config.oidc = Some(oidc)).await;
    provider.stop().await;
    for app in [&app, &other] {
        let begin = Instant::now();
        let start = app
            .get("/auth/start?next=/recordings")
            .send()
            .await
            .unwrap();
        assert!(begin.elapsed().as_secs() < 8);
        let to = location(&start);
        assert_eq!(to, "/login?next=%2Frecordings&sso=no_answer");
        let page = app.get(to).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("127.0.0.1 did not answer"), "{page}");
        let then = "You are not signed in. Sign in with a password, or try again.";
        assert!(page.contains(then), "{page}");
        assert!(page.contains("href=\"/auth/start?next=%2Frecordings\""));
        assert!(page.contains("Sign in with Office"));
        // A password still does.
        app.admin().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_and_in_the_browser_that_has_asked() {
    let (provider, app) = both().await;
    let begun = begin(&app, "/").await;
    let code = provider.agree(&begun.request);
    let wrong = [("state", "wrong"), ("code", &*code)];
    let wrong = app.get("/auth/callback").query(&wrong);
    let wrong = wrong.header("cookie", &begun.cookie).send().await.unwrap();
    assert_eq!(refused(&wrong), "expired");
    let another = begin(&app, "/").await.cookie;
    for cookie in [another.as_str(), "reelroom_sso=", "reelroom_sso=x", ""] {
        let elsewhere = Begun {
            request: begun.request.clone(),
            cookie: cookie.to_owned(),
        };
        let answer = elsewhere.come_back(&app, &code).await;
        assert_eq!(refused(&answer), "expired", "{cookie}");
    }
    let first = begun.come_back(&app, &code).await;
    assert_eq!(location(&first), "/");
    assert!(set_cookies(&first).contains(&"reelroom_sso=".to_owned()));
    let again = begun.come_back(&app, &code).await;
    assert_eq!(refused(&again), "not_verified");

    // The verifier is the one of the request.
    let [one, two] = [begin(&app, "/").await, begin(&app, "/").await];
    let code = provider.agree(&one.request);
    assert_eq!(refused(&two.come_back(&app, &code).await), "not_verified");

    // The provider has refused, or it is another one.
    for (name, value, why) in [
        ("error", "access_denied", "refused"),
        ("iss", "http://id.example", "not_verified"),
    ] {
        let query = [
            ("state", &*one.value("state")),
            ("code", "x"),
            (name, value),
        ];
        let answer = app.get("/auth/callback").query(&query);
        let answer = answer.header("cookie", &one.cookie).send().await.unwrap();
        assert_eq!(refused(&answer), why);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_for_ten_minutes() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let app = app_of(&provider, &clock).await;
    let begun = begin(&app, "/").await;
    let code = provider.agree(&begun.request);
    clock.set_ahead(10 * 60_000);
    assert_eq!(refused(&begun.come_back(&app, &code).await), "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_refused() {
    let (provider, app) = both().await;
    let cookie = session(&provider, &app).await;
    let ada = principal(&app, &cookie).await.unwrap();
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    let now = Some(app.service.now());
    users::set_disabled(&mut tx, ada.user, now).await.unwrap();
    tx.commit().await.unwrap();
    let answer = sign_on(&provider, &app).await;
    assert_eq!(refused(&answer), "disabled");
    let (_, page) = page_of(&app, location(&answer), "").await;
    assert!(page.contains("This account is disabled"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_may_be_off_but_for_one_account() {
    let (_provider, app) = both().await;
    let added = app.service.add_user("bob", "battery staple", Role::Viewer);
    added.await.unwrap();
    let rules = SignInRules {
        passwords_off: true,
        break_glass: "ADMIN".to_owned(),
        ..SignInRules::default()
    };
    set_rules(&app, &rules).await;
    app.admin().await;
    for (password, status, error) in [
        ("battery staple", 403, "\"PasswordsOff\""),
        // Others learn nothing from a guess.
        ("wrong horse", 401, "\"WrongSignIn\""),
    ] {
        let form = [("name", "bob"), ("password", password), ("next", "/")];
        let (answered, body) = app.call("sign_in", "", &form).await;
        assert_eq!((answered.as_u16(), &*body), (status, error));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_is_made_while_passwords_are_off() {
    let (_provider, app) = both().await;
    let admin = app.cookie().await;
    let add = async |name: &str, role: Role| {
        let added = app.service.add_user(name, "battery staple", role).await;
        added.unwrap().to_string()
    };
    let (bob, eve) = (
        add("bob", Role::Admin).await,
        add("eve", Role::Viewer).await,
    );
    let rules = SignInRules {
        passwords_off: true,
        break_glass: "bob".to_owned(),
        ..SignInRules::default()
    };
    set_rules(&app, &rules).await;
    for (name, form) in [
        ("add_person", &[("name", "carol"), ("role", "viewer")][..]),
        ("make_link", &[("id", &*eve)]),
    ] {
        let (status, body) = app.call(name, &admin, form).await;
        assert_eq!((status.as_u16(), &*body), (409, "\"NoLink\""), "{name}");
    }
    assert_eq!(app.service.users().await.unwrap().len(), 3);

    // The page does not offer it, says why, and says what a form that was open is told.
    let page = async |query: &str| {
        let path = format!("/settings/people?{query}");
        page_of(&app, &path, &admin).await.1
    };
    let list = page("").await;
    assert!(!list.contains("add=yes"), "{list}");
    let why = "People get an account when they first sign in by single sign-on";
    assert!(list.contains(why), "{list}");
    let panel = page("add=yes").await;
    assert!(panel.contains(why), "{panel}");
    let failed = page("add=yes&failed=add_person&why=no_link").await;
    let told = "No account was added and no link was made";
    assert!(failed.contains(told), "{failed}");
    for html in [panel, failed, page(&format!("open={eve}")).await] {
        assert!(!html.contains("/fn/add_person") && !html.contains("/fn/make_link"));
    }
    // But for the account that keeps its password.
    let keeps = page(&format!("open={bob}")).await;
    assert!(keeps.contains("/fn/make_link"), "{keeps}");
    app.done("make_link", &admin, &[("id", &*bob)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_of_single_sign_on_needs_a_second_factor_there() {
    let (provider, app) = both().await;
    let rules = SignInRules {
        admins_need_second_factor: true,
        ..SignInRules::default()
    };
    set_rules(&app, &rules).await;
    provider.says().claims["groups"] = json!(["admins"]);
    let cookie = session(&provider, &app).await;
    let ada = principal(&app, &cookie).await.unwrap();
    assert!(ada.needs_second_factor);
    let (_, page) = page_of(&app, "/settings/me", &cookie).await;
    assert!(
        page.contains("Sign in there with a second factor"),
        "{page}"
    );

    // One of ours was not asked for.
    let factor = Factor {
        key: vec![1],
        since: app.service.now(),
        step: 1,
    };
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    factors::set(&mut tx, ada.user, &factor).await.unwrap();
    tx.commit().await.unwrap();
    let ada = principal(&app, &cookie).await.unwrap();
    assert!(ada.needs_second_factor);

    provider.says().claims["amr"] = json!(["pwd", "mfa"]);
    let cookie = session(&provider, &app).await;
    let ada = principal(&app, &cookie).await.unwrap();
    assert!(!ada.needs_second_factor);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_provider_has_no_single_sign_on() {
    let app = TestApp::without_callbacks().await;
    for path in ["/auth/start", "/auth/callback?state=x&code=x"] {
        let answer = app.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(log_out(&app, "a.b.c").await, 404);
    let page = app.get("/login").send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("/auth/start"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_set_up_before_anybody_signs_in_elsewhere() {
    let provider = Provider::start().await;
    let oidc = provider.config();
    let app = TestApp::with_config(|config| {
        config.oidc = Some(oidc);
        config.admin = None;
    })
    .await;
    provider.says().claims["groups"] = json!(["admins"]);
    assert_eq!(refused(&sign_on(&provider, &app).await), "refused");
    assert!(app.service.set_up_code().await.unwrap().is_some());
}
