//! Concurrent sign-in attempts, and a password that changes while one is queued.

use std::sync::Arc;

use reelroom_domain::{
    access::{Grant, Thing, Verb},
    password::BadPassword,
    room::RoomId,
    user::Role,
};
use reelroom_store::{testing::execute, tries};
use tempfile::TempDir;
use tokio::{sync::Barrier, task::JoinSet};

use crate::{
    Browser, Service, ServiceConfig, SessionToken, SetUpError, SetUpProblem, SharedRng,
    SignInError, SignedIn, SystemClock, UserError,
    testing::{at, config, refused, sqlite},
};

const NAME: &str = "ada";
const PASSWORD: &str = "correct horse";

/// A service without jobs, with one account or none.
struct Case {
    service: Service,
    folder: TempDir,
}

impl Case {
    async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let service = another(&folder, 1).await;
        Self { service, folder }
    }

    async fn open() -> Self {
        let case = Self::empty().await;
        let added = case.service.add_user(NAME, PASSWORD, Role::Admin).await;
        added.unwrap();
        case
    }

    async fn try_from(&self, browser: &Browser, password: &str) -> Result<SignedIn, SignInError> {
        self.service.sign_in(browser, NAME, password).await
    }

    /// Uses up the allowance of `browser`.
    async fn exhaust(&self, browser: &Browser) {
        for _ in 0..8 {
            refused!(self.try_from(browser, "wrong horse") => SignInError::Wrong);
        }
        refused!(self.try_from(browser, PASSWORD) => SignInError::TooManyTries);
    }
}

/// Another service over the data in `folder`, as in another process.
async fn another(folder: &TempDir, seed: u64) -> Service {
    let config = ServiceConfig {
        rng: SharedRng::from_seed(seed),
        ..config(sqlite(folder), folder, Arc::new(SystemClock))
    };
    Service::connect(config).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_tries_stay_within_the_allowance() {
    const TRIES: usize = 450;
    let case = Case::open().await;
    let barrier = Arc::new(Barrier::new(TRIES));
    let mut tries = JoinSet::new();
    for number in 0..TRIES {
        let (service, barrier) = (case.service.clone(), barrier.clone());
        tries.spawn(async move {
            barrier.wait().await;
            let password = if number == TRIES - 1 {
                PASSWORD
            } else {
                "wrong horse"
            };
            service.sign_in(&at(1), NAME, password).await
        });
    }
    let (mut right, mut wrong, mut refused) = (0, 0, 0);
    for outcome in tries.join_all().await {
        match outcome {
            Ok(_) => right += 1,
            Err(SignInError::Wrong) => wrong += 1,
            Err(SignInError::TooManyTries | SignInError::Busy) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    // The right one is not counted.
    assert!(
        wrong <= 8 && right <= 1 && right + wrong > 0,
        "{right} {wrong}"
    );
    assert_eq!(right + wrong + refused, TRIES);
    // Attempts that a full queue rejected are not counted.
    for _ in wrong..8 {
        refused!(case.try_from(&at(1), "wrong horse") => SignInError::Wrong);
    }
}

#[tokio::test]
async fn a_try_without_an_answer_stays_counted() {
    let (case, browser) = (Case::open().await, at(1));
    let places = case.service.0.hashing.occupy().await;
    for round in 0..8 {
        let given_up = tokio::select! {
            biased;
            outcome = case.try_from(&browser, "wrong horse") => Some(outcome),
            () = counted(&case.service, round + 1) => None,
        };
        assert!(given_up.is_none(), "{round}");
        assert_eq!(case.service.0.hashing.queued(), 0);
    }
    drop(places);
    refused!(case.try_from(&at(1), PASSWORD) => SignInError::TooManyTries);
}

/// Waits until this number of attempts is counted.
async fn counted(service: &Service, tries: i64) {
    loop {
        let mut read = service.0.store.read().await.unwrap();
        let all = tries::all(&mut read).await.unwrap();
        if all
            .iter()
            .any(|(target, tried)| target.contains(NAME) && *tried == tries)
        {
            return;
        }
    }
}

/// Waits until a sign-in is queued.
async fn queued(service: &Service) {
    while service.0.hashing.queued() == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_queued_old_password_is_rejected() {
    let case = Case::open().await;
    let elsewhere = another(&case.folder, 2).await;
    let places = case.service.0.hashing.occupy().await;
    let service = case.service.clone();
    let waits = tokio::spawn(async move { service.sign_in(&at(1), NAME, PASSWORD).await });
    queued(&case.service).await;
    elsewhere.set_password(NAME, "another horse").await.unwrap();
    drop(places);
    let refused = waits.await.unwrap();
    assert!(matches!(refused, Err(SignInError::Wrong)), "{refused:?}");
    case.try_from(&at(1), "another horse").await.unwrap();
}

#[tokio::test]
async fn wrong_tries_elsewhere_do_not_shut_the_owner_out() {
    let case = Case::open().await;
    case.exhaust(&at(1)).await;
    case.try_from(&at(2), PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_known_device_is_not_shut_out_by_others_at_its_address() {
    let case = Case::open().await;
    let first = case.try_from(&at(1), PASSWORD).await.unwrap();
    let [_, device] = case.service.sign_in_cookies(&first);
    let cookie = device.split(';').next().unwrap();
    let owner = case.service.browser(at(1).address, "", cookie);
    case.exhaust(&at(1)).await;
    case.try_from(&owner, PASSWORD).await.unwrap();
    // A known device has an allowance, too.
    case.exhaust(&owner).await;

    // The cookie is worth nothing for other accounts, or with a wrong signature.
    let added = case.service.add_user("bob", PASSWORD, Role::Viewer).await;
    added.unwrap();
    for _ in 0..8 {
        refused!(case.service.sign_in(&at(1), "bob", "wrong horse") => SignInError::Wrong);
    }
    refused!(case.service.sign_in(&owner, "bob", PASSWORD) => SignInError::TooManyTries);
    let (name, value) = cookie.split_once('=').unwrap();
    let (device, mac) = value.rsplit_once('.').unwrap();
    for forged in [
        format!("{name}={device}"),
        format!("{name}={device}x.{mac}"),
        format!("{name}={device}.{}", "0".repeat(64)),
        format!("{name}=.."),
    ] {
        let stranger = case.service.browser(at(1).address, "", &forged);
        assert_eq!(stranger.device, None, "{forged}");
    }
}

#[tokio::test]
async fn an_auditor_made_by_the_command_reads_all_and_watches_nothing() {
    let case = Case::empty().await;
    for (name, role, grants) in [
        ("ann", Role::Auditor, vec![]),
        ("olga", Role::Operator, vec![Grant::Everything]),
    ] {
        case.service.add_user(name, PASSWORD, role).await.unwrap();
        let signed_in = case.service.sign_in(&at(1), name, PASSWORD).await;
        let session = signed_in.unwrap().session;
        let principal = case.service.principal(&session).await.unwrap().unwrap();
        assert_eq!(principal.access.grants, grants, "{name}");
        let app = case.service.0.rng.id(case.service.now());
        let room = RoomId::new("hall").unwrap();
        let hall = Thing::Room(app, &room);
        assert!(principal.may(Verb::See, hall), "{name}");
        for verb in [Verb::Watch, Verb::Download] {
            assert_eq!(principal.may(verb, hall), role != Role::Auditor, "{name}");
        }
    }
}

#[tokio::test]
async fn one_address_cannot_try_every_name() {
    let case = Case::open().await;
    for number in 0..40 {
        let name = format!("nobody {number}");
        refused!(case.service.sign_in(&at(1), &name, "wrong horse") => SignInError::Wrong);
    }
    refused!(case.service.sign_in(&at(1), "nobody", PASSWORD) => SignInError::TooManyTries);
    case.try_from(&at(2), PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let case = Case::open().await;
    let _places = case.service.0.hashing.occupy().await;
    let mut waiting = JoinSet::new();
    for number in 0..18 {
        let service = case.service.clone();
        waiting.spawn(async move { service.sign_in(&at(number), NAME, PASSWORD).await });
    }
    while case.service.0.hashing.queued() < 18 {
        tokio::task::yield_now().await;
    }
    refused!(case.try_from(&at(99), PASSWORD) => SignInError::Busy);
}

#[tokio::test]
async fn impossible_accounts_are_rejected_at_once() {
    let case = Case::open().await;
    // Every hash would be queued for ever.
    let _places = case.service.0.hashing.occupy().await;
    let (long_name, long_password) = ("n".repeat(1_900_000), "p".repeat(1025));
    for (name, password) in [
        (&*long_name, PASSWORD),
        (&"n".repeat(65), PASSWORD),
        ("\0set-up", PASSWORD),
        ("", PASSWORD),
        (NAME, &long_password),
    ] {
        refused!(case.service.sign_in(&at(1), name, password) => SignInError::Wrong);
    }
    let mut read = case.service.0.store.read().await.unwrap();
    assert_eq!(tries::all(&mut read).await.unwrap(), []);
    drop(read);
    let added = case.service.add_user("bob", &long_password, Role::Viewer);
    let set = case.service.set_password(NAME, &long_password);
    refused!(added, set => UserError::BadPassword(BadPassword::Long));
}

#[tokio::test]
async fn signing_in_ends_the_former_session_of_the_browser_only() {
    let case = Case::open().await;
    let [former, other] = [
        case.try_from(&at(1), PASSWORD).await.unwrap(),
        case.try_from(&at(1), PASSWORD).await.unwrap(),
    ];
    let mut ends = case.service.session_ends();
    let browser = Browser {
        session: Some(former.session.clone()),
        ..at(1)
    };
    refused!(case.try_from(&browser, "wrong horse") => SignInError::Wrong);
    assert!(case.service.lasts(&former.session).await.unwrap());
    let next = case.try_from(&browser, PASSWORD).await.unwrap();
    assert!(!case.service.lasts(&former.session).await.unwrap());
    assert!(case.service.lasts(&other.session).await.unwrap());
    assert!(case.service.lasts(&next.session).await.unwrap());
    assert!(ends.try_recv().unwrap().is_of(&former.session));
    assert!(ends.is_empty());
}

#[tokio::test]
async fn an_invented_token_ends_no_session() {
    let case = Case::open().await;
    let one = case.try_from(&at(1), PASSWORD).await.unwrap().session;
    let other = case.try_from(&at(1), PASSWORD).await.unwrap().session;
    let mut ends = case.service.session_ends();
    let invented = format!("reelroom_session={}", "0".repeat(64));
    let invented = case.service.browser(None, "", &invented);
    assert!(invented.session.is_some());
    case.service.sign_out(&invented).await.unwrap();
    assert!(ends.is_empty());
    let browser = Browser {
        session: Some(one.clone()),
        ..at(1)
    };
    case.service.sign_out(&browser).await.unwrap();
    let ended = ends.try_recv().unwrap();
    assert!(ended.is_of(&one) && !ended.is_of(&other));
    // The session has ended.
    case.service.sign_out(&browser).await.unwrap();
    assert!(ends.is_empty());
    let changed = case.service.set_password(NAME, "another horse").await;
    changed.unwrap();
    assert!(ends.try_recv().unwrap().is_of(&other));
}

fn problems(set_up: Result<SignedIn, SetUpError>) -> Vec<SetUpProblem> {
    match set_up {
        Err(SetUpError::Invalid(problems)) => problems,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("the administrator was made"),
    }
}

#[tokio::test]
async fn set_up_tells_all_problems_at_once_and_hashes_nothing_for_a_wrong_code() {
    let case = Case::empty().await;
    let code = case.service.set_up_code().await.unwrap().unwrap();
    // Nothing can be hashed meanwhile.
    let occupied = case.service.0.hashing.occupy().await;
    let short = SetUpProblem::BadPassword(BadPassword::Short(12));
    for (code, name, password, expected) in [
        (
            "wrong",
            "",
            "short",
            &[SetUpProblem::WrongCode, SetUpProblem::BadName, short][..],
        ),
        ("wrong", NAME, PASSWORD, &[SetUpProblem::WrongCode]),
        ("wrong", NAME, "short", &[SetUpProblem::WrongCode, short]),
        (&code, " ", "short", &[SetUpProblem::BadName, short]),
        (&code, NAME, "short", &[short]),
        (&code, "", PASSWORD, &[SetUpProblem::BadName]),
    ] {
        let refused = case.service.set_up(&at(1), code, name, password).await;
        assert_eq!(problems(refused), expected, "{code} {name}");
    }
    drop(occupied);
    let made = case.service.set_up(&at(1), &code, NAME, PASSWORD).await;
    assert!(case.service.lasts(&made.unwrap().session).await.unwrap());
}

#[tokio::test]
async fn wrong_codes_close_the_set_up_to_their_address_only() {
    let case = Case::empty().await;
    let code = case.service.set_up_code().await.unwrap().unwrap();
    for _ in 0..50 {
        refused!(case.service.sign_in(&at(1), "\0set-up", PASSWORD) => SignInError::Wrong);
    }
    for _ in 0..8 {
        let wrong = case.service.set_up(&at(1), "wrong", NAME, PASSWORD).await;
        assert_eq!(problems(wrong), [SetUpProblem::WrongCode]);
    }
    refused!(case.service.set_up(&at(1), &code, NAME, PASSWORD) => SetUpError::TooManyTries);
    for (name, password) in [("", PASSWORD), (NAME, "short"), (NAME, &*"p".repeat(1025))] {
        let refused = case.service.set_up(&at(2), &code, name, password).await;
        assert_eq!(problems(refused).len(), 1, "{name}");
    }
    let made = case.service.set_up(&at(2), &code, NAME, PASSWORD).await;
    assert!(case.service.lasts(&made.unwrap().session).await.unwrap());
}

#[tokio::test]
async fn a_failed_set_up_leaves_its_code_usable() {
    let case = Case::empty().await;
    let code = case.service.set_up_code().await.unwrap().unwrap();
    let store = &case.service.0.store;
    execute(
        store,
        "CREATE TABLE broken (id TEXT REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER breaks_the_commit AFTER INSERT ON users
         BEGIN INSERT INTO broken VALUES ('nobody'); END",
    )
    .await;
    refused!(case.service.set_up(&at(1), &code, NAME, PASSWORD) => SetUpError::Service(_));
    execute(store, "DROP TRIGGER breaks_the_commit").await;
    let made = case.service.set_up(&at(1), &code, NAME, PASSWORD).await;
    assert!(case.service.lasts(&made.unwrap().session).await.unwrap());
}

#[tokio::test]
async fn the_first_well_formed_cookie_counts() {
    let case = Case::empty().await;
    let (one, two) = ("ab".repeat(32), "cd".repeat(32));
    for (cookies, session) in [
        (
            format!("theme=dark; reelroom_session={one}; tz=Asia/Shanghai"),
            Some(&one),
        ),
        (
            format!("reelroom_session=zz; reelroom_session={one}"),
            Some(&one),
        ),
        (
            format!("reelroom_session; reelroom_session={one};reelroom_session={two}"),
            Some(&one),
        ),
        (
            format!(
                "reelroom_session={};reelroom_session={two}",
                one.to_uppercase()
            ),
            Some(&two),
        ),
        (format!("__Host-reelroom_session={one}"), None),
        ("reelroom_session=".to_owned(), None),
        ("theme=dark".to_owned(), None),
        (String::new(), None),
    ] {
        let browser = case.service.browser(None, "", &cookies);
        let found = browser.session.as_ref().map(SessionToken::as_str);
        assert_eq!(found, session.map(String::as_str), "{cookies}");
    }
}
