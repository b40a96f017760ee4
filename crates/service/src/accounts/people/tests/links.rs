//! One-time links.

use reelroom_domain::user::Role;

use super::{Case, PASSWORD, at, new};
use crate::{
    Browser, LinkError, PeopleError, PeopleQuery, SignInError, UserError,
    testing::{oidc, refused},
};

const HOUR: i64 = 60 * 60_000;

#[tokio::test]
async fn a_link_works_once() {
    let case = Case::open().await;
    let (bob, link) = case.add("bob", Role::Viewer).await;
    let service = &case.service;
    refused!(service.sign_in(at(3), "bob", "") => SignInError::Wrong);
    assert_eq!(service.link(at(2), link.as_str()).await.unwrap(), "bob");
    refused!(service.use_link(at(2), link.as_str(), "short") => LinkError::BadPassword(_));

    let (one, other) = tokio::join!(case.use_link(&link), case.use_link(&link));
    let (done, refused) = if one.is_ok() {
        (one, other)
    } else {
        (other, one)
    };
    let signed_in = done.unwrap().unwrap();
    assert!(matches!(refused, Err(LinkError::Used(_))));
    assert!(case.lasts(&signed_in).await);
    service.sign_in(at(3), "bob", PASSWORD).await.unwrap();
    refused!(service.link(at(2), link.as_str()) => LinkError::Used(_));

    // Another one ends the sessions, and that of the browser.
    let link = service.make_link(&case.ada, at(1), bob).await.unwrap();
    let (_, carol) = case.add_signed_in("carol", Role::Viewer).await;
    let browser = Browser {
        session: Some(carol.session.clone()),
        ..at(2).clone()
    };
    let next = service
        .use_link(&browser, link.as_str(), "harbour-lamp-92")
        .await;
    let next = next.unwrap().unwrap();
    assert!(case.lasts(&next).await);
    assert!(!case.lasts(&signed_in).await && !case.lasts(&carol).await);
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one_and_lapses() {
    let case = Case::open().await;
    let (bob, old) = case.add("bob", Role::Viewer).await;
    let service = &case.service;
    let link = service.make_link(&case.ada, at(1), bob).await.unwrap();
    refused!(case.use_link(&old) => LinkError::Unknown);
    let browser = Browser {
        link: Some(link.clone()),
        ..at(1).clone()
    };
    let shown = service.person(&case.ada, &browser, bob).await.unwrap();
    let shown = shown.link.unwrap();
    assert!(shown.address.ends_with(link.as_str()) && !shown.has_site);
    assert!(!format!("{shown:?}").contains(link.as_str()));
    // It is shown for its account only.
    let other = service.person(&case.ada, &browser, case.ada.user).await;
    assert_eq!(other.unwrap().link, None);

    service.set_time(48 * HOUR - 1);
    service.link(at(2), link.as_str()).await.unwrap();
    service.set_time(48 * HOUR);
    refused!(case.use_link(&link) => LinkError::Lapsed(_));
}

#[tokio::test]
async fn wrong_links_are_throttled_and_right_ones_are_not() {
    let case = Case::open().await;
    let (_, link) = case.add("bob", Role::Viewer).await;
    let service = &case.service;
    let wrong = "x".repeat(link.as_str().len());
    for text in [wrong.as_str(), "", "short", "é"].iter().cycle().take(8) {
        refused!(service.link(at(2), text) => LinkError::Unknown);
        service.link(at(3), link.as_str()).await.unwrap();
    }
    refused!(service.link(at(2), link.as_str()) => LinkError::TooManyTries);
    service.link(at(3), link.as_str()).await.unwrap();
}

#[tokio::test]
async fn without_passwords_a_link_is_of_no_use_but_for_the_break_glass_account() {
    let case = Case::with(|config| config.oidc = Some(oidc())).await;
    let (_, link) = case.add("Bob", Role::Admin).await;
    case.turn_passwords_off("ada").await;
    refused!(case.use_link(&link) => LinkError::PasswordsOff);
    case.turn_passwords_off("bob").await;
    case.use_link(&link).await.unwrap().unwrap();
}

#[tokio::test]
async fn without_passwords_no_link_is_made_but_for_the_break_glass_account() {
    let case = Case::with(|config| config.oidc = Some(oidc())).await;
    let (bob, _) = case.add("Bob", Role::Admin).await;
    case.turn_passwords_off("ada").await;
    let service = &case.service;
    let before = case.acts().await;
    refused!(service.make_link(&case.ada, at(1), bob) => PeopleError::PasswordsOff);
    let added = service.add_person(&case.ada, at(1), new("carol", Role::Viewer));
    refused!(added => PeopleError::PasswordsOff);
    // Nor by the command line.
    refused!(service.add_user("carol", PASSWORD, Role::Viewer) => UserError::PasswordsOff);
    refused!(service.set_password("bob", PASSWORD) => UserError::PasswordsOff);
    assert_eq!(case.acts().await, before);
    let view = case.people(&PeopleQuery::default()).await;
    let shown = (view.enabled, view.may_change, view.may_add());
    assert_eq!(shown, (2, true, false));

    service.set_password("ADA", PASSWORD).await.unwrap();
    case.turn_passwords_off("bob").await;
    let link = service.make_link(&case.ada, at(1), bob).await.unwrap();
    case.use_link(&link).await.unwrap().unwrap();
}
