//! A clock, a configuration, an app and a recording for the tests of the use cases.

use std::{
    net::Ipv4Addr,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use reelroom_domain::{
    access::{Access, Grant, Rights},
    callback::CallbackKind,
    ids::{AppId, UserId},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::{Clock, Timestamp},
    user::{Role, SignInRules},
};
use reelroom_store::{DatabaseUrl, Store, calls::NewCall, recordings, rooms, settings};
use tempfile::TempDir;

use crate::{
    Browser, IssuerUrl, OidcConfig, Principal, SandboxApp, Secret, Service, ServiceConfig,
    SharedRng, SignedIn,
};

/// A clock that a test sets, in milliseconds.
#[derive(Default)]
pub(crate) struct TestClock(pub(crate) AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// The database of a test on SQLite.
pub(crate) fn sqlite(folder: &TempDir) -> DatabaseUrl {
    DatabaseUrl::Sqlite(folder.path().join("test.db"))
}

/// A database on SQLite, and the folder that has it.
pub(crate) async fn store() -> (Store, TempDir) {
    let folder = TempDir::new().unwrap();
    let store = Store::connect(&sqlite(&folder)).await.unwrap();
    store.migrate().await.unwrap();
    (store, folder)
}

/// Makes tests on both database systems of functions that take [`Databases`](reelroom_store::testing::Databases).
macro_rules! on_both {
    ($($name:ident, $sqlite:ident, $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            $name(&reelroom_store::testing::Databases::on_sqlite()).await;
        }

        #[tokio::test]
        async fn $postgres() {
            $name(&reelroom_store::testing::Databases::on_postgres()).await;
        }
    )+};
}
pub(crate) use on_both;

/// Asserts that actions, which are futures, are refused with an error of this pattern.
macro_rules! refused {
    ($action:expr => $error:pat if $guard:expr) => {{
        let error = $action.await.err();
        assert!(matches!(&error, Some($error) if $guard), "{error:?}");
    }};
    ($($action:expr),+ => $error:pat) => {{$(
        let error = $action.await.err();
        let action = stringify!($action);
        assert!(matches!(error, Some($error)), "{action}: {error:?}");
    )+}};
}
pub(crate) use refused;

/// A configuration with all data but the database in `folder`.
pub(crate) fn config(
    database: DatabaseUrl,
    folder: &TempDir,
    clock: Arc<dyn Clock>,
) -> ServiceConfig {
    ServiceConfig {
        callback_secrets: vec![Secret::new("s3cret")],
        clock,
        rng: SharedRng::from_seed(1),
        ..ServiceConfig::new(database, folder.path())
    }
}

/// A service without jobs at this time in milliseconds, its clock, and the folder with its data.
pub(crate) async fn without_jobs(
    url: impl FnOnce(&TempDir) -> DatabaseUrl,
    now: i64,
) -> (Service, Arc<TestClock>, TempDir) {
    let TestService {
        service,
        clock,
        folder,
    } = TestService::open(url, now).await;
    (service, clock, folder)
}

/// A service without jobs, with its clock and the folder of its data.
pub(crate) struct TestService {
    service: Service,
    clock: Arc<TestClock>,
    pub folder: TempDir,
}

impl Deref for TestService {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

impl TestService {
    /// A service at this time in milliseconds.
    pub async fn open(url: impl FnOnce(&TempDir) -> DatabaseUrl, now: i64) -> Self {
        Self::with(url, now, |_| ()).await
    }

    /// As [`TestService::open`], with another configuration.
    pub async fn with(
        url: impl FnOnce(&TempDir) -> DatabaseUrl,
        now: i64,
        change: impl FnOnce(&mut ServiceConfig),
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(now)));
        let mut config = config(url(&folder), &folder, clock.clone());
        change(&mut config);
        Self {
            service: Service::connect(config).await.unwrap(),
            clock,
            folder,
        }
    }

    /// Opens the service again, over another database and the same files.
    pub async fn reopen(&mut self, database: DatabaseUrl) {
        let config = config(database, &self.folder, self.clock.clone());
        self.service = Service::connect(config).await.unwrap();
    }

    /// Sets the clock, in milliseconds.
    pub fn set_time(&self, millis: i64) {
        self.clock.0.store(millis, Ordering::Relaxed);
    }

    /// Moves the clock, in milliseconds.
    pub fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    /// The browser at this address in which an account has signed in, without its session.
    pub fn known_browser(&self, last: u8, signed_in: &SignedIn) -> Browser {
        let [_, device] = self.sign_in_cookies(signed_in);
        let cookie = device.split(';').next().unwrap();
        self.browser(at(last).address, "", cookie)
    }

    /// Stores the rules of sign-in, whatever they are.
    pub async fn store_rules(&self, rules: &SignInRules) {
        let mut tx = self.0.store.write().await.unwrap();
        let set = settings::set_value(&mut tx, "sign_in_rules", rules);
        set.await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// An administrator with all rights who reaches everything, without a row in the database.
pub(crate) fn admin(service: &Service) -> Principal {
    principal(service.0.rng.id(service.now()), "ada", Role::Admin)
}

/// Adds an account. The principal has all rights and reaches everything, whatever the row says.
pub(crate) async fn account(service: &Service, name: &str, role: Role) -> Principal {
    let user = service.add_user(name, "correct horse battery", role).await;
    principal(user.unwrap(), name, role)
}

fn principal(user: UserId, name: &str, role: Role) -> Principal {
    Principal {
        user,
        name: name.to_owned(),
        access: Access {
            role,
            rights: Rights::all(),
            grants: vec![Grant::Everything],
        },
        needs_second_factor: false,
    }
}

/// A browser at an address.
pub(crate) fn at(last: u8) -> Browser {
    Browser {
        address: Some(Ipv4Addr::new(192, 0, 2, last).into()),
        ..Browser::default()
    }
}

/// A provider of single sign-on that nobody contacts.
pub(crate) fn oidc() -> OidcConfig {
    OidcConfig {
        issuer: IssuerUrl::new("https://id.example/realms/x".to_owned()).unwrap(),
        client_id: "reelroom".to_owned(),
        client_secret: None,
        name: None,
        groups_claim: "groups".to_owned(),
        roles: vec![
            ("admins".to_owned(), Role::Admin),
            ("ops".to_owned(), Role::Operator),
        ],
    }
}

/// An app whose platform is at this address.
pub(crate) fn platform(api_base: &str) -> SandboxApp {
    SandboxApp {
        app_id: "test".to_owned(),
        api_base: api_base.parse().unwrap(),
        vod_token: Secret::new("vod"),
    }
}

/// Registers an app whose platform does not answer.
pub(crate) async fn silent_app(service: &Service) -> AppId {
    let app = service.register_sandbox(platform("http://127.0.0.1:9"));
    app.await.unwrap()
}

/// A call with this body.
pub(crate) fn new_call(kind: CallbackKind, received_at: Timestamp, body: &[u8]) -> NewCall {
    NewCall {
        kind,
        app: None,
        received_at,
        remote: String::new(),
        content_type: None,
        content_encoding: None,
        looked_up: false,
        body: body.to_vec(),
    }
}

/// Inserts a recording of the room `hall` that was started and stopped now.
pub(crate) async fn insert_stopped(
    service: &Service,
    app: AppId,
    state: RecordingState,
) -> Recording {
    insert_stopped_in(service, app, "hall", state).await
}

/// Inserts a recording of a room that was started and stopped now.
pub(crate) async fn insert_stopped_in(
    service: &Service,
    app: AppId,
    room: &str,
    state: RecordingState,
) -> Recording {
    let now = service.now();
    let recording = Recording {
        state,
        started_at: Some(now),
        stopped_at: Some(now),
        ..Recording::requested(service.0.rng.id(now), app, RoomId::new(room).unwrap(), now)
    };
    let mut tx = service.0.store.write().await.unwrap();
    rooms::ensure(&mut tx, app, &recording.room, now)
        .await
        .unwrap();
    recordings::insert(&mut tx, &recording).await.unwrap();
    tx.commit().await.unwrap();
    recording
}
