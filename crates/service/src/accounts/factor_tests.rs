//! An account's own sign-in: the second factor, recovery codes, and a new password.

use data_encoding::BASE32_NOPAD;
use reelroom_domain::{
    act::{ActFilter, ActKind, detail},
    user::{Role, SignInRules},
};
use reelroom_store::testing::execute;
use totp_lite::{Sha1, totp_custom};

use crate::{
    Browser, LinkError, MyAccountError, NewCodes, NewFactor, Principal, SessionToken, SignInError,
    SignedIn, UserError,
    testing::{TestService, at, refused, sqlite},
};

const NAME: &str = "ada";
const PASSWORD: &str = "correct horse battery";

/// A service without jobs, with one administrator.
struct Case {
    service: TestService,
}

impl Case {
    async fn open() -> Self {
        let service = TestService::open(sqlite, 1_795_572_000_000).await;
        let added = service.add_user(NAME, PASSWORD, Role::Admin).await;
        added.unwrap();
        Self { service }
    }

    fn pass(&self, seconds: i64) {
        self.service.pass(seconds * 1000);
    }

    /// The code that an app with this key shows.
    fn code(&self, key: &str) -> String {
        let key = BASE32_NOPAD.decode(key.as_bytes()).unwrap();
        let seconds = self.service.now().as_millis() / 1000;
        totp_custom::<Sha1>(30, 6, &key, seconds.try_into().unwrap())
    }

    async fn try_from(&self, browser: &Browser) -> Result<SignedIn, SignInError> {
        self.service.sign_in(browser, NAME, PASSWORD).await
    }

    /// The token of a right password.
    async fn token(&self) -> String {
        match self.try_from(&at(1)).await {
            Err(SignInError::CodeNeeded(token)) => token,
            other => panic!("{other:?}"),
        }
    }

    async fn step(&self, browser: &Browser, code: &str) -> Result<SignedIn, SignInError> {
        let token = self.token().await;
        self.service.sign_in_with_code(browser, &token, code).await
    }

    async fn principal(&self, session: &SessionToken) -> Principal {
        self.service.principal(session).await.unwrap().unwrap()
    }

    /// Signs in by the password alone.
    async fn enter(&self) -> (Principal, Browser) {
        let session = self.try_from(&at(1)).await.unwrap().session;
        let principal = self.principal(&session).await;
        let browser = Browser {
            session: Some(session),
            ..at(1)
        };
        (principal, browser)
    }

    async fn confirm(
        &self,
        (by, browser): &(Principal, Browser),
        new: &NewFactor,
    ) -> Result<SignedIn, MyAccountError> {
        let code = self.code(&new.key);
        let service = &self.service;
        let confirmed = service.confirm_factor(by, browser, &new.sealed, &code);
        confirmed.await.map(|confirmed| confirmed.session)
    }

    async fn new_factor(&self, (by, browser): &(Principal, Browser)) -> NewFactor {
        let new = self.service.new_factor(by, browser, PASSWORD).await;
        new.unwrap()
    }

    async fn new_codes(&self, (by, browser): &(Principal, Browser)) -> NewCodes {
        let new = self.service.new_codes(by, browser, PASSWORD).await;
        new.unwrap()
    }

    /// Switches the second factor on, and returns the key.
    async fn enrol(&self, me: &mut (Principal, Browser)) -> String {
        let new = self.new_factor(me).await;
        let renewed = self.confirm(me, &new).await.unwrap();
        me.1.session = Some(renewed.session);
        self.pass(30);
        new.key
    }

    async fn codes_left(&self, (by, browser): &(Principal, Browser)) -> usize {
        let account = self.service.my_account(by, browser).await.unwrap();
        account.factor.unwrap().codes_left()
    }
}

#[tokio::test]
async fn a_code_is_asked_for_once_the_factor_is_confirmed_and_counts_once() {
    let case = Case::open().await;
    let me = case.enter().await;
    let new = case.new_factor(&me).await;
    let service = &case.service;
    let confirmed = service.confirm_factor(&me.0, &me.1, &new.sealed, "000 00");
    refused!(confirmed => MyAccountError::WrongCode);
    case.try_from(&at(1)).await.unwrap();

    let renewed = case.confirm(&me, &new).await.unwrap().session;
    // The former session id, which may have been stolen, is no longer valid.
    let former = me.1.session.as_ref().unwrap();
    assert!(!service.lasts(former).await.unwrap());
    assert!(service.lasts(&renewed).await.unwrap());
    let account = service.my_account(&me.0, &me.1).await.unwrap();
    let factor = account.factor.unwrap();
    assert_eq!((factor.since, factor.codes), (service.now(), 0));
    // The code that confirmed it is used.
    refused!(case.step(&at(1), &case.code(&new.key)) => SignInError::WrongCode);
    case.pass(30);
    let code = case.code(&new.key);
    let signed_in = case.step(&at(1), &code).await.unwrap();
    refused!(case.step(&at(1), &code) => SignInError::WrongCode);
    assert!(service.lasts(&signed_in.session).await.unwrap());
    refused!(service.sign_in(&at(1), NAME, "wrong horse") => SignInError::Wrong);
}

#[tokio::test]
async fn another_phone_counts_from_its_first_code_on() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    let old = case.enrol(&mut me).await;
    let [new, late] = [case.new_factor(&me).await, case.new_factor(&me).await];
    case.step(&at(1), &case.code(&old)).await.unwrap();
    case.confirm(&me, &new).await.unwrap();
    case.pass(30);
    refused!(case.step(&at(1), &case.code(&old)) => SignInError::WrongCode);
    case.step(&at(1), &case.code(&new.key)).await.unwrap();
    // A form of before is not valid any more, nor is an old one.
    for form in [&late, &new] {
        refused!(case.confirm(&me, form) => MyAccountError::Lapsed);
    }
    let slow = case.new_factor(&me).await;
    case.pass(15 * 60);
    refused!(case.confirm(&me, &slow) => MyAccountError::Lapsed);
}

#[tokio::test]
async fn a_stolen_session_changes_no_second_factor() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    let key = case.enrol(&mut me).await;
    let service = &case.service;
    let (by, browser) = &me;
    for wrong in ["", "wrong horse", &case.code(&key)] {
        refused!(
            service.new_factor(by, browser, wrong), service.new_codes(by, browser, wrong)
                => MyAccountError::WrongPassword
        );
    }

    // Without a password, as by single sign-on, a code is asked for, and without either nothing.
    execute(&service.0.store, "UPDATE users SET password_hash = ''").await;
    refused!(service.new_codes(by, browser, PASSWORD) => MyAccountError::WrongCode);
    let code = case.code(&key);
    service.new_codes(by, browser, &code).await.unwrap();
    refused!(service.new_factor(by, browser, &code) => MyAccountError::WrongCode);
    case.pass(30);
    let code = case.code(&key);
    service.remove_factor(by, browser, &code).await.unwrap();
    service.new_factor(by, browser, "").await.unwrap();
}

#[tokio::test]
async fn a_token_is_of_one_password_and_five_minutes() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    let key = case.enrol(&mut me).await;
    let service = &case.service;
    let token = case.token().await;
    case.pass(5 * 60);
    let changed = case.token().await;
    service
        .set_password(NAME, "another long one")
        .await
        .unwrap();
    let code = case.code(&key);
    for token in [token.as_str(), &changed, &changed[1..], "", "é"] {
        refused!(service.sign_in_with_code(&at(1), token, &code) => SignInError::Lapsed);
    }
    service.set_password(NAME, PASSWORD).await.unwrap();
    case.step(&at(1), &code).await.unwrap();
}

#[tokio::test]
async fn the_history_tells_a_wrong_code_from_a_wrong_password() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    case.enrol(&mut me).await;
    refused!(case.service.sign_in(&at(1), NAME, "wrong horse") => SignInError::Wrong);
    for _ in 0..2 {
        refused!(case.step(&at(1), "000 00") => SignInError::WrongCode);
    }
    case.service.store_gathered().await.unwrap();
    let all = ActFilter::default();
    let history = case.service.access_history(&me.0, all, None).await;
    let history = history.unwrap();
    let acts = history.acts.iter();
    let counted: Vec<_> = acts
        .filter(|act| act.kind == ActKind::WrongSignIn)
        .map(|act| [detail::TRIES, detail::CODES].map(|name| act.counter(name)))
        .collect();
    assert_eq!(counted, [[Some(1), Some(2)]]);
}

#[tokio::test]
async fn wrong_codes_from_anywhere_are_counted_together_but_not_for_a_known_browser() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    let key = case.enrol(&mut me).await;
    let signed_in = case.step(&at(1), &case.code(&key)).await.unwrap();
    case.pass(30);
    for last in 1..=8 {
        refused!(case.step(&at(last), "000 00") => SignInError::WrongCode);
    }
    for (seconds, last) in [(0, 9), (3560, 1)] {
        case.pass(seconds);
        refused!(case.step(&at(last), &case.code(&key)) => SignInError::CodesClosed);
    }
    let owner = case.service.known_browser(1, &signed_in);
    case.step(&owner, &case.code(&key)).await.unwrap();
    case.pass(30);
    case.step(&at(1), &case.code(&key)).await.unwrap();

    // A known browser has the same allowance.
    for _ in 0..8 {
        refused!(case.step(&owner, "000 00") => SignInError::WrongCode);
    }
    case.pass(3560);
    refused!(case.step(&owner, &case.code(&key)) => SignInError::CodesClosed);
    case.pass(10);
    case.step(&owner, &case.code(&key)).await.unwrap();
}

#[tokio::test]
async fn recovery_codes_work_once_and_new_ones_from_when_they_are_kept() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    let none = case.service.new_codes(&me.0, &me.1, PASSWORD).await;
    assert!(none.is_err());
    case.enrol(&mut me).await;
    let service = &case.service;
    let first = case.new_codes(&me).await;
    refused!(case.step(&at(1), &first.codes[0]) => SignInError::WrongCode);
    service
        .keep_codes(&me.0, &me.1, &first.sealed)
        .await
        .unwrap();
    assert_eq!(case.codes_left(&me).await, 10);

    let typed = first.codes[0].to_uppercase().replace('-', " ");
    case.step(&at(7), &typed).await.unwrap();
    refused!(case.step(&at(7), &first.codes[0]) => SignInError::WrongCode);
    let account = service.my_account(&me.0, &me.1).await.unwrap();
    let factor = account.factor.unwrap();
    let from = factor.used[0].from.as_deref();
    assert_eq!((factor.codes_left(), from), (9, Some("192.0.2.7")));

    let second = case.new_codes(&me).await;
    case.step(&at(1), &first.codes[1]).await.unwrap();
    service
        .keep_codes(&me.0, &me.1, &second.sealed)
        .await
        .unwrap();
    assert_eq!(case.codes_left(&me).await, 10);
    refused!(case.step(&at(1), &first.codes[2]) => SignInError::WrongCode);
    case.step(&at(1), &second.codes[0]).await.unwrap();
    // A form keeps its codes once: used ones do not come back.
    for form in [&first, &second] {
        refused!(service.keep_codes(&me.0, &me.1, &form.sealed) => MyAccountError::Lapsed);
    }
}

#[tokio::test]
async fn an_administrator_needs_the_factor_where_the_rules_say_so() {
    let case = Case::open().await;
    let (me, service) = (case.enter().await, &case.service);
    let rules = SignInRules {
        admins_need_second_factor: true,
        ..SignInRules::default()
    };
    service.store_rules(&rules).await;
    let needs = async |(_, browser): &(Principal, Browser)| {
        let session = browser.session.as_ref().unwrap();
        case.principal(session).await.needs_second_factor
    };
    assert!(needs(&me).await);
    let (other, mut me) = (me, case.enter().await);
    assert!(me.0.needs_second_factor);
    case.enrol(&mut me).await;
    assert!(!needs(&me).await);
    // A session of before has begun without it.
    let other = other.1.session.unwrap();
    assert!(!service.lasts(&other).await.unwrap());
    refused!(service.remove_factor(&me.0, &me.1, PASSWORD) => MyAccountError::Demanded);

    service.store_rules(&SignInRules::default()).await;
    refused!(service.remove_factor(&me.0, &me.1, "wrong horse") => MyAccountError::WrongPassword);
    service.remove_factor(&me.0, &me.1, PASSWORD).await.unwrap();
    case.try_from(&at(1)).await.unwrap();
    let added = service.add_user("bob", PASSWORD, Role::Operator).await;
    added.unwrap();
    service.store_rules(&rules).await;
    let bob = service.sign_in(&at(1), "bob", PASSWORD).await.unwrap();
    assert!(!case.principal(&bob.session).await.needs_second_factor);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_renews_this_one() {
    let case = Case::open().await;
    let (other, me) = (case.enter().await, case.enter().await);
    let service = &case.service;
    let change =
        async |present: &str, new: &str| service.change_password(&me.0, &me.1, present, new).await;
    let new = "another long one";
    refused!(change("wrong horse", new) => MyAccountError::WrongPassword);
    refused!(change(PASSWORD, "short") => MyAccountError::BadPassword(_));
    let renewed = change(PASSWORD, new).await.unwrap();
    for (_, browser) in [&other, &me] {
        let session = browser.session.as_ref().unwrap();
        assert!(!service.lasts(session).await.unwrap());
    }
    assert!(service.lasts(&renewed.session).await.unwrap());
    service.sign_in(&at(1), NAME, new).await.unwrap();
    // Wrong ones count as wrong sign-ins do; this is the eighth.
    for _ in 0..7 {
        refused!(change(PASSWORD, new) => MyAccountError::WrongPassword);
    }
    refused!(service.sign_in(&at(1), NAME, new) => SignInError::TooManyTries);
}

#[tokio::test]
async fn a_new_password_closes_the_one_time_link() {
    let case = Case::open().await;
    let (ada, _) = case.enter().await;
    let service = &case.service;
    let added = service.add_user("bob", PASSWORD, Role::Operator).await;
    let bob = added.unwrap();
    let link = async || service.make_link(&ada, &at(1), bob).await.unwrap();
    let (first, new) = (link().await, "another long one");
    assert_eq!(service.link(&at(9), first.as_str()).await.unwrap(), "bob");

    let session = service.sign_in(&at(1), "bob", PASSWORD).await.unwrap();
    let by = case.principal(&session.session).await;
    let changed = service.change_password(&by, &at(1), PASSWORD, new).await;
    changed.unwrap();
    refused!(service.use_link(&at(9), first.as_str(), PASSWORD) => LinkError::Unknown);

    let second = link().await;
    service.set_password("bob", PASSWORD).await.unwrap();
    refused!(service.use_link(&at(9), second.as_str(), new) => LinkError::Unknown);
    service.sign_in(&at(1), "bob", PASSWORD).await.unwrap();

    // A used link still says that it was used: somebody else may have used it.
    let third = link().await;
    let used = service.use_link(&at(9), third.as_str(), new).await;
    used.unwrap();
    service.set_password("bob", PASSWORD).await.unwrap();
    refused!(service.link(&at(9), third.as_str()) => LinkError::Used(_));
}

#[tokio::test]
async fn own_sessions_are_ended_one_by_one_or_all_others() {
    let case = Case::open().await;
    let (one, two, me) = (case.enter().await, case.enter().await, case.enter().await);
    let service = &case.service;
    let account = service.my_account(&me.0, &me.1).await.unwrap();
    let ids: Vec<&str> = account.sessions.iter().map(|one| &*one.id).collect();
    assert!(account.sessions[0].is_this && ids.len() == 3);
    let added = service.add_user("bob", PASSWORD, Role::Operator).await;
    added.unwrap();
    let bob = service.sign_in(&at(1), "bob", PASSWORD).await.unwrap();
    let bob = case.principal(&bob.session).await;
    for (by, id) in [(&bob, ids[1]), (&me.0, "00"), (&me.0, "x")] {
        assert!(service.end_my_session(by, &me.1, id).await.is_err());
    }
    service.end_my_session(&me.0, &me.1, ids[1]).await.unwrap();
    let lasts = async |(_, browser): &(Principal, Browser)| {
        let session = browser.session.as_ref().unwrap();
        service.lasts(session).await.unwrap()
    };
    assert_ne!(lasts(&one).await, lasts(&two).await);
    service.end_my_other_sessions(&me.0, &me.1).await.unwrap();
    assert!(!lasts(&one).await && !lasts(&two).await && lasts(&me).await);
}

#[tokio::test]
async fn the_command_line_resets_the_factor_of_a_sole_administrator() {
    let case = Case::open().await;
    let mut me = case.enter().await;
    case.enrol(&mut me).await;
    let service = &case.service;
    refused!(service.reset_second_factor_of("eve") => UserError::NoSuchUser);
    service.reset_second_factor_of("ADA").await.unwrap();
    let former = service.principal(me.1.session.as_ref().unwrap()).await;
    assert_eq!(former.unwrap(), None);

    // The password is enough now.
    let (by, browser) = case.enter().await;
    let account = service.my_account(&by, &browser).await.unwrap();
    assert!(account.factor.is_none());
    refused!(service.reset_second_factor_of(NAME) => UserError::NoSecondFactor);
    let all = ActFilter::default();
    let history = service.access_history(&by, all, None).await;
    let acts = history.unwrap().acts.into_iter();
    let resets: Vec<_> = acts
        .filter(|act| act.kind == ActKind::SecondFactorOff)
        .map(|act| (act.name, act.subject))
        .collect();
    assert_eq!(resets, [(String::new(), NAME.to_owned())]);
}
