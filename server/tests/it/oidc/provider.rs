//! A provider of single sign-on on loopback, whose people agree to everything, and whose tokens are as a test
//! wants them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use reelroom_domain::{time::Clock, user::Role};
use reelroom_service::{IssuerUrl, OidcConfig, Secret, SystemClock};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// The path of the issuer.
pub const PATH: &str = "/realms/office";
const CLIENT: &str = "reelroom";
const CLIENT_SECRET: &str = "between us";

/// A key with its id.
pub type Key = (&'static str, &'static str);

pub const OLD: Key = (
    "old",
    "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIPfK0d/f26Oxdoh1xFSpNS8WyXLVu+QaA54mBvxQtoNU
-----END PRIVATE KEY-----
",
);

pub const NEW: Key = (
    "new",
    "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEICYwxWC76qHT2AJ5ItvZ+R3q/94c0PWGjn3YyXmbLcWK
-----END PRIVATE KEY-----
",
);

/// The answers of the provider.
pub struct Says {
    /// The key that it signs with.
    pub key: Key,
    /// The keys that it publishes.
    pub published: Vec<Key>,
    /// How far its clock is ahead, in seconds.
    pub ahead: i64,
    /// The metadata, over the right ones.
    pub metadata: Value,
    /// The claims of the ID token, over the right ones; null takes one away.
    pub claims: Value,
    /// The claims of user info.
    pub user_info: Value,
    /// How often its keys were fetched.
    pub fetched: usize,
    /// The nonce and the challenge of each code.
    codes: HashMap<String, (String, String)>,
}

/// The provider.
pub struct Provider {
    pub issuer: String,
    says: Arc<Mutex<Says>>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Site {
    issuer: String,
    says: Arc<Mutex<Says>>,
}

impl Provider {
    /// Starts a provider of one person, `s1`.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}{PATH}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new(Says {
            key: OLD,
            published: vec![OLD],
            ahead: 0,
            metadata: json!({}),
            claims: json!({ "sub": "s1", "sid": "there", "preferred_username": "ada", "groups": [] }),
            user_info: json!({ "sub": "s1" }),
            fetched: 0,
            codes: HashMap::new(),
        }));
        let site = Site {
            issuer: issuer.clone(),
            says: says.clone(),
        };
        let realm = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(user_info))
            .with_state(site);
        let router = Router::new().nest(PATH, realm);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            issuer,
            says,
            server,
        }
    }

    /// The configuration of a server that uses it.
    pub fn config(&self) -> OidcConfig {
        OidcConfig {
            issuer: IssuerUrl::new(self.issuer.clone()).unwrap(),
            client_id: CLIENT.to_owned(),
            client_secret: Some(Secret::new(CLIENT_SECRET)),
            name: Some("Office".to_owned()),
            groups_claim: "groups".to_owned(),
            roles: vec![
                ("admins".to_owned(), Role::Admin),
                ("ops".to_owned(), Role::Operator),
            ],
        }
    }

    pub fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }

    /// Agrees to a request for authorization. Returns the code.
    pub fn agree(&self, request: &Url) -> String {
        let query: HashMap<_, _> = request.query_pairs().into_owned().collect();
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scope"], "openid profile groups");
        let mut says = self.says();
        let code = format!("code-{}", says.codes.len());
        let granted = (query["nonce"].clone(), query["code_challenge"].clone());
        says.codes.insert(code.clone(), granted);
        code
    }

    /// A token with these claims, over those of any token for the client.
    pub fn sign(&self, claims: &Value) -> String {
        let says = self.says();
        sign(&says, &self.issuer, claims)
    }

    pub async fn stop(self) {
        self.server.abort();
        // An aborted task has dropped its listener once it has ended.
        let _ = self.server.await;
    }
}

async fn metadata(State(site): State<Site>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", site.issuer);
    let mut all = json!({
        "issuer": site.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/me"),
        "jwks_uri": at("/keys"),
        "end_session_endpoint": at("/end?x=1"),
        "scopes_supported": ["openid", "profile", "groups"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    });
    let Value::Object(members) = &mut all else {
        unreachable!()
    };
    merge(members, &site.says.lock().unwrap().metadata);
    Json(all)
}

fn private(key: Key) -> CoreEdDsaPrivateSigningKey {
    let (id, pem) = key;
    let id = JsonWebKeyId::new(id.to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(id)).unwrap()
}

async fn keys(State(site): State<Site>) -> Json<Value> {
    let mut says = site.says.lock().unwrap();
    says.fetched += 1;
    let keys: Vec<_> = says
        .published
        .iter()
        .map(|key| private(*key).as_verification_key())
        .collect();
    Json(json!({ "keys": keys }))
}

fn sign(says: &Says, issuer: &str, claims: &Value) -> String {
    let now = SystemClock.now().as_millis() / 1000 + says.ahead;
    let mut all = json!({ "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300 });
    let Value::Object(all_claims) = &mut all else {
        unreachable!()
    };
    merge(all_claims, claims);
    let header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": says.key.0 });
    let [header, payload] =
        [header, all].map(|part| BASE64URL_NOPAD.encode(part.to_string().as_bytes()));
    let signed = format!("{header}.{payload}");
    let key = private(says.key);
    let signature = key
        .sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes())
        .unwrap();
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}

/// Puts `claims` over others; null takes one away.
fn merge(all: &mut Map<String, Value>, claims: &Value) {
    for (name, value) in claims.as_object().unwrap() {
        if value.is_null() {
            all.remove(name);
        } else {
            all.insert(name.clone(), value.clone());
        }
    }
}

/// Exchanges a code once, for the client that knows the verifier.
async fn token(
    State(site): State<Site>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let basic = BASE64.encode(format!("{CLIENT}:between+us").as_bytes());
    assert_eq!(headers["authorization"], format!("Basic {basic}"));
    let mut says = site.says.lock().unwrap();
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(form["code_verifier"].as_bytes()));
    let granted = says.codes.remove(&form["code"]);
    let Some((nonce, _)) = granted.filter(|(_, expected)| *expected == challenge) else {
        let error = json!({ "error": "invalid_grant" });
        return (StatusCode::BAD_REQUEST, Json(error));
    };
    let mut claims = Map::from_iter([("nonce".to_owned(), Value::from(nonce))]);
    claims.extend(says.claims.as_object().unwrap().clone());
    let id_token = sign(&says, &site.issuer, &Value::Object(claims));
    let tokens = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
    (StatusCode::OK, Json(tokens))
}

async fn user_info(State(site): State<Site>, headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["authorization"], "Bearer a");
    Json(site.says.lock().unwrap().user_info.clone())
}
