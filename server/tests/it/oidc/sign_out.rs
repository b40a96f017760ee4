//! Sign-out, begun here and at the provider.

use serde_json::{Value, json};
use url::Url;

use super::{
    both, location, principal,
    provider::{NEW, OLD, PATH},
    session, set_cookies,
};
use crate::common::TestApp;

/// Sends a logout token, and returns the status.
pub async fn log_out(app: &TestApp, token: &str) -> u16 {
    let post = app.post("/auth/backchannel-logout");
    // As a server of another site sends it.
    let post = post.header("origin", "https://id.example");
    let answer = post.form(&[("logout_token", token)]).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_at_the_provider_ends_the_sessions_here() {
    let (provider, app) = both().await;
    let now = app.service.now().as_millis() / 1000;
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    let of = |claims: Value| {
        let mut all = json!({ "events": event, "sid": "there", "jti": "1" });
        let members = claims.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(members);
        all
    };
    let cookie = session(&provider, &app).await;
    for invalid in [
        json!({ "events": {} }),
        json!({ "events": null }),
        json!({ "nonce": "x" }),
        json!({ "aud": "another" }),
        json!({ "iss": "http://id.example" }),
        json!({ "iat": now - 600 }),
        json!({ "iat": now + 600 }),
        json!({ "iat": null }),
        json!({ "exp": now - 90 }),
        json!({ "sid": null }),
        json!({ "sid": "" }),
    ] {
        let token = provider.sign(&of(invalid.clone()));
        assert_eq!(log_out(&app, &token).await, 400, "{invalid}");
    }
    let good = provider.sign(&of(json!({})));
    provider.says().key = (OLD.0, NEW.1);
    let forged = provider.sign(&of(json!({})));
    provider.says().key = NEW;
    let unknown = provider.sign(&of(json!({})));
    provider.says().key = OLD;
    let (signed, _) = good.rsplit_once('.').unwrap();
    let other = provider.sign(&of(json!({ "sid": "other" })));
    let (_, payload) = signed.split_once('.').unwrap();
    // Unsigned: {"alg":"none"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    for invalid in [&*forged, &unknown, signed, &unsigned, "", "a.b.c"] {
        assert_eq!(log_out(&app, invalid).await, 400, "{invalid}");
    }
    assert_eq!(log_out(&app, &other).await, 200);
    assert!(principal(&app, &cookie).await.is_some());

    assert_eq!(log_out(&app, &good).await, 200);
    assert_eq!(principal(&app, &cookie).await, None);
    assert_eq!(log_out(&app, &good).await, 200);

    // Of a person, in whatever session.
    let cookie = session(&provider, &app).await;
    let of_nobody = provider.sign(&of(json!({ "sid": null, "sub": "s2" })));
    assert_eq!(log_out(&app, &of_nobody).await, 200);
    assert!(principal(&app, &cookie).await.is_some());
    let of_person = provider.sign(&of(json!({ "sid": null, "sub": "s1" })));
    assert_eq!(log_out(&app, &of_person).await, 200);
    assert_eq!(principal(&app, &cookie).await, None);

    let answer = app.post("/auth/backchannel-logout").body("x").send().await;
    assert_eq!(answer.unwrap().status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_token_ends_what_had_begun_and_sessions_without_a_name() {
    let (provider, app) = both().await;
    let now = app.service.now().as_millis() / 1000;
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    provider.says().claims["sid"] = json!(null);
    let unnamed = session(&provider, &app).await;
    provider.says().claims["sid"] = json!("there");
    let named = session(&provider, &app).await;

    let claims = json!({ "events": event, "sid": "other", "sub": "s2" });
    assert_eq!(log_out(&app, &provider.sign(&claims)).await, 200);
    assert!(principal(&app, &unnamed).await.is_some());
    let claims = json!({ "events": event, "sid": "other", "sub": "s1" });
    assert_eq!(log_out(&app, &provider.sign(&claims)).await, 200);
    assert_eq!(principal(&app, &unnamed).await, None);
    for claims in [
        json!({ "events": event, "sid": "there", "iat": now - 120 }),
        json!({ "events": event, "sub": "s1", "iat": now - 120 }),
    ] {
        assert_eq!(log_out(&app, &provider.sign(&claims)).await, 200);
        assert!(principal(&app, &named).await.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_here_goes_on_at_the_provider() {
    let (provider, app) = both().await;
    let sign_out = async |cookie: &str| {
        let form: [(&str, &str); 0] = [];
        let post = app.plain("sign_out", cookie).form(&form);
        post.send().await.unwrap()
    };
    let cookie = session(&provider, &app).await;
    let answer = sign_out(&cookie).await;
    assert_eq!(location(&answer), "/auth/end");
    assert_eq!(principal(&app, &cookie).await, None);
    let cookies = set_cookies(&answer);
    let errand = cookies
        .iter()
        .find(|cookie| cookie.starts_with("reelroom_sso="));
    let page = app.get("/auth/end").header("cookie", errand.unwrap());
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(set_cookies(&page), ["reelroom_sso="]);
    let refresh = page.headers()["refresh"].to_str().unwrap();
    let to = Url::parse(refresh.strip_prefix("0;url=").unwrap()).unwrap();
    assert_eq!(to.path(), format!("{PATH}/end"));
    let pairs: Vec<(String, String)> = to.query_pairs().into_owned().collect();
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "x",
        "id_token_hint",
        "client_id",
        "post_logout_redirect_uri",
    ];
    assert_eq!(names, expected);
    assert_eq!(pairs[1].1.split('.').count(), 3);
    assert_eq!(pairs[3].1, format!("{}/login", app.base));
    let text = page.text().await.unwrap();
    assert!(text.contains("You are signed out here."), "{text}");

    // Whoever signed in with a password has nothing to do there.
    let answer = sign_out(&app.cookie().await).await;
    assert_eq!(location(&answer), "/login");
    let answer = app.get("/auth/end").send().await.unwrap();
    assert_eq!(location(&answer), "/login");
}
