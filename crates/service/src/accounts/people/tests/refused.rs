//! What other accounts than administrators may not do.

use reelroom_domain::{access::Grant, user::Role};
use reelroom_store::grants::Holder;

use super::{Case, at, new};
use crate::{
    PeopleError, PeopleQuery, ServiceError,
    testing::{oidc, refused},
};

#[tokio::test]
async fn nobody_makes_a_link_or_resets_the_second_factor_for_the_own_account() {
    let case = Case::open().await;
    let (service, ada) = (&case.service, &case.ada);
    refused!(service.make_link(ada, at(1), ada.user) => PeopleError::Own);
    refused!(service.reset_second_factor(ada, at(1), ada.user) => PeopleError::Own);
}

#[tokio::test]
async fn with_passwords_off_the_break_glass_account_stays_an_administrator() {
    let case = Case::with(|config| config.oidc = Some(oidc())).await;
    let (bob, _) = case.add_signed_in("bob", Role::Admin).await;
    case.turn_passwords_off("ADA").await;
    let (service, ada) = (&case.service, case.ada.user);
    refused!(case.demote(&bob, ada) => PeopleError::BreakGlass);
    refused!(service.disable_person(&bob, at(1), ada, true) => PeopleError::BreakGlass);
    assert!(case.person(ada).await.must_stay());
    assert!(!case.person(bob.user).await.must_stay());
    case.turn_passwords_off("bob").await;
    case.demote(&bob, ada).await.unwrap();
}

#[tokio::test]
async fn only_administrators_change_people_and_auditors_read_them() {
    let case = Case::open().await;
    let (auditor, _) = case.add_signed_in("ann", Role::Auditor).await;
    let (operator, _) = case.add_signed_in("olga", Role::Operator).await;
    let (service, browser) = (&case.service, at(1));
    let seen = service.people(&auditor, &PeopleQuery::default()).await;
    assert!(!seen.unwrap().may_change);
    let person = service.person(&auditor, browser, case.ada.user).await;
    person.unwrap();
    refused!(service.people(&operator, &PeopleQuery::default()) => ServiceError::Forbidden);
    refused!(service.person(&operator, browser, case.ada.user) => ServiceError::Forbidden);

    let group = service.add_group(&case.ada, browser, "Board", "").await;
    let (group, id) = (group.unwrap(), auditor.user);
    let holder = Holder::User(id);
    for by in [&auditor, &operator] {
        refused!(
            service.add_person(by, browser, new("eve", Role::Admin)),
            case.demote(by, id),
            service.disable_person(by, browser, id, true),
            service.end_sessions_of_person(by, browser, id, None),
            service.make_link(by, browser, id),
            service.reset_second_factor(by, browser, id),
            service.add_grant(by, browser, holder, &Grant::Everything),
            service.remove_grant(by, browser, holder, &Grant::Everything),
            service.add_group(by, browser, "Mine", ""),
            service.rename_group(by, browser, group, "Mine"),
            service.delete_group(by, browser, group),
            service.add_member(by, browser, group, "olga"),
            service.remove_member(by, browser, group, id)
                => PeopleError::Service(ServiceError::Forbidden)
        );
    }
}
