//! The last administrator, sessions that end, and grants of people and groups.

mod links;
mod refused;

use reelroom_domain::{
    access::{Grant, Right, Rights},
    change::Change,
    ids::{AppId, UserId},
    people::{PeopleView, PersonView},
    room::RoomId,
    search::SearchText,
    user::{Role, SignInRules},
};
use reelroom_store::{
    grants::Holder,
    rooms, settings,
    testing::{Databases, execute},
};

use crate::{
    Browser, LinkError, LinkToken, NewPerson, PeopleError, PeopleQuery, PersonChange, Principal,
    ServiceConfig, ServiceError, SignedIn,
    testing::{self, TestService, refused, silent_app, sqlite},
};

const PASSWORD: &str = "lantern-quay-481";

/// A service without jobs, with one administrator who has signed in.
struct Case {
    service: TestService,
    ada: Principal,
}

/// A browser at an address; leaked, so that each call can borrow it.
fn at(last: u8) -> &'static Browser {
    Box::leak(Box::new(testing::at(last)))
}

fn new(name: &str, role: Role) -> NewPerson {
    NewPerson {
        name: name.to_owned(),
        person: String::new(),
        role,
        rights: Rights::from_iter([Right::Download]),
        grant: None,
        group: None,
    }
}

fn change(role: Role, rights: &str) -> PersonChange {
    PersonChange {
        person: String::new(),
        role,
        rights: rights.parse().unwrap(),
    }
}

impl Case {
    async fn open() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut ServiceConfig)) -> Self {
        let service = TestService::with(sqlite, 0, change).await;
        let added = service.add_user("ada", PASSWORD, Role::Admin).await;
        added.unwrap();
        let signed_in = service.sign_in(at(1), "ada", PASSWORD).await.unwrap();
        let ada = service.principal(&signed_in.session).await;
        Self {
            ada: ada.unwrap().unwrap(),
            service,
        }
    }

    async fn add(&self, name: &str, role: Role) -> (UserId, LinkToken) {
        let added = self.service.add_person(&self.ada, at(1), new(name, role));
        added.await.unwrap()
    }

    async fn use_link(&self, link: &LinkToken) -> Result<Option<SignedIn>, LinkError> {
        let used = self.service.use_link(at(2), link.as_str(), PASSWORD);
        used.await
    }

    /// Adds an account that sets its password and signs in.
    async fn add_signed_in(&self, name: &str, role: Role) -> (Principal, SignedIn) {
        let (_, link) = self.add(name, role).await;
        let signed_in = self.use_link(&link).await.unwrap().unwrap();
        let principal = self.service.principal(&signed_in.session).await;
        (principal.unwrap().unwrap(), signed_in)
    }

    async fn lasts(&self, signed_in: &SignedIn) -> bool {
        self.service.lasts(&signed_in.session).await.unwrap()
    }

    async fn people(&self, query: &PeopleQuery) -> PeopleView {
        self.service.people(&self.ada, query).await.unwrap()
    }

    async fn person(&self, id: UserId) -> PersonView {
        let view = self.service.person(&self.ada, at(1), id).await;
        view.unwrap()
    }

    async fn demote(&self, by: &Principal, id: UserId) -> Result<(), PeopleError> {
        let viewer = change(Role::Viewer, "");
        self.service.change_person(by, at(1), id, viewer).await
    }

    /// Turns passwords off but for this account.
    async fn turn_passwords_off(&self, break_glass: &str) {
        let rules = SignInRules {
            passwords_off: true,
            break_glass: break_glass.to_owned(),
            ..SignInRules::default()
        };
        self.service.store_rules(&rules).await;
    }

    async fn app_with_rooms(&self, names: &[&str]) -> AppId {
        let app = silent_app(&self.service).await;
        let mut tx = self.service.0.store.write().await.unwrap();
        for name in names {
            let room = RoomId::new(*name).unwrap();
            let now = self.service.now();
            rooms::ensure(&mut tx, app, &room, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        app
    }

    /// The kinds and subjects of the acts, in their order; SQLite only.
    async fn acts(&self) -> String {
        let store = &self.service.0.store;
        execute(
            store,
            "INSERT OR REPLACE INTO settings (key, value)
             SELECT 'acts', group_concat(one, ', ') FROM (
                 SELECT name || ' ' || kind || ' ' || subject AS one FROM acts ORDER BY id)",
        )
        .await;
        let mut read = store.read().await.unwrap();
        settings::get(&mut read, "acts").await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn the_last_administrator_keeps_the_role_and_stays_enabled() {
    let case = Case::open().await;
    let ada = case.ada.user;
    assert!(case.person(ada).await.is_last_admin);
    refused!(case.demote(&case.ada, ada) => PeopleError::LastAdmin);
    let disable = || case.service.disable_person(&case.ada, at(1), ada, true);
    refused!(disable() => PeopleError::LastAdmin);

    // One who has never signed in cannot act, and can be taken away.
    let (bob, link) = case.add("bob", Role::Admin).await;
    assert!(case.person(ada).await.is_last_admin);
    refused!(disable() => PeopleError::LastAdmin);
    case.demote(&case.ada, bob).await.unwrap();
    let admin = change(Role::Admin, "");
    let back = case.service.change_person(&case.ada, at(1), bob, admin);
    back.await.unwrap();

    // Its sessions and links are not touched by that.
    case.use_link(&link).await.unwrap().unwrap();
    assert!(!case.person(ada).await.is_last_admin);
    disable().await.unwrap();
    assert!(case.person(bob).await.is_last_admin);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_do_not_demote_each_other_at_once_on_sqlite() {
    two_demote_each_other(&Databases::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_do_not_demote_each_other_at_once_on_postgres() {
    two_demote_each_other(&Databases::on_postgres()).await;
}

async fn two_demote_each_other(databases: &Databases) {
    for _ in 0..5 {
        let case = Case::with(|config| config.database = databases.another()).await;
        let (bob, _) = case.add_signed_in("bob", Role::Admin).await;
        let (one, other) = tokio::join!(
            case.demote(&case.ada, bob.user),
            case.demote(&bob, case.ada.user)
        );
        let (done, refused) = if one.is_ok() {
            (one, other)
        } else {
            (other, one)
        };
        done.unwrap();
        assert!(matches!(refused, Err(PeopleError::LastAdmin)));
    }
}

#[tokio::test]
async fn another_role_or_right_ends_the_sessions_and_another_name_does_not() {
    let case = Case::open().await;
    let (bob, first) = case.add_signed_in("bob", Role::Viewer).await;
    let renamed = PersonChange {
        person: " Bob Stone ".to_owned(),
        ..change(Role::Viewer, "download")
    };
    let changed = case
        .service
        .change_person(&case.ada, at(1), bob.user, renamed.clone());
    changed.await.unwrap();
    assert!(case.lasts(&first).await);
    let view = case.person(bob.user).await;
    assert_eq!(view.row.called(), "Bob Stone");
    assert_eq!(view.sessions.len(), 1);

    let mut ends = case.service.session_ends();
    let rights = PersonChange {
        rights: "download,share".parse().unwrap(),
        ..renamed.clone()
    };
    for next in [rights.clone(), change(Role::Operator, "download,share")] {
        let signed_in = case.service.sign_in(at(3), "bob", PASSWORD).await;
        let signed_in = signed_in.unwrap();
        let changed = case.service.change_person(&case.ada, at(1), bob.user, next);
        changed.await.unwrap();
        assert!(!case.lasts(&signed_in).await);
    }
    assert!(ends.try_recv().is_ok());
    for person in ["x".repeat(81), "A\u{200b}da".to_owned()] {
        let nobody = PersonChange {
            person,
            ..rights.clone()
        };
        refused!(case.service.change_person(&case.ada, at(1), bob.user, nobody) => PeopleError::Person);
    }
}

#[tokio::test]
async fn a_disabled_person_has_neither_session_nor_link() {
    let case = Case::open().await;
    let (bob, signed_in) = case.add_signed_in("bob", Role::Viewer).await;
    let service = &case.service;
    let link = service.make_link(&case.ada, at(1), bob.user).await;
    let link = link.unwrap();
    let disable = |disabled| service.disable_person(&case.ada, at(1), bob.user, disabled);
    disable(true).await.unwrap();
    assert!(!case.lasts(&signed_in).await);
    refused!(case.use_link(&link) => LinkError::Unknown);
    refused!(service.make_link(&case.ada, at(1), bob.user) => PeopleError::Disabled);
    let refused = service.sign_in(at(3), "bob", PASSWORD).await;
    assert!(refused.is_err());
    assert_eq!(case.people(&PeopleQuery::default()).await.found, 1);
    let with_disabled = PeopleQuery {
        with_disabled: true,
        ..PeopleQuery::default()
    };
    assert_eq!(case.people(&with_disabled).await.found, 2);

    disable(false).await.unwrap();
    service.sign_in(at(3), "bob", PASSWORD).await.unwrap();
    let acts = case.acts().await;
    for act in ["ada disabled bob", "ada enabled bob"] {
        assert!(acts.contains(act), "{acts}");
    }
}

#[tokio::test]
async fn one_or_all_sessions_of_a_person_end() {
    let case = Case::open().await;
    let (bob, first) = case.add_signed_in("bob", Role::Viewer).await;
    let other = case.service.sign_in(at(3), "bob", PASSWORD).await;
    let other = other.unwrap();
    let view = case.person(bob.user).await;
    assert_eq!(view.sessions.len(), 2);
    let service = &case.service;
    let end = |session| service.end_sessions_of_person(&case.ada, at(1), bob.user, session);
    // That of another account is not found.
    let ada = case.person(case.ada.user).await.sessions[0].id.clone();
    refused!(end(Some(ada.as_str())) => PeopleError::Service(ServiceError::NotFound));
    end(Some(view.sessions[0].id.as_str())).await.unwrap();
    let lasting = [case.lasts(&first).await, case.lasts(&other).await];
    assert_eq!(lasting.iter().filter(|lasts| **lasts).count(), 1);
    end(None).await.unwrap();
    assert!(!case.lasts(&first).await && !case.lasts(&other).await);
}

#[tokio::test]
async fn grants_and_groups_say_which_rooms_a_person_reaches() {
    let case = Case::open().await;
    let app = case.app_with_rooms(&["lab-a", "lab-b", "class-7A"]).await;
    let (service, ada) = (&case.service, &case.ada);
    let (bob, signed_in) = case.add_signed_in("bob", Role::Viewer).await;
    let room = |name: &str| RoomId::new(name).unwrap();
    let prefix = Grant::Prefix {
        app,
        prefix: room("lab-"),
    };
    let one = Grant::Room {
        app,
        room: room("class-7A"),
    };
    let mut changes = service.changes();
    let holder = Holder::User(bob.user);
    let added = service.add_grant(ada, at(1), holder, &prefix).await;
    added.unwrap();
    // Pages load again, and sessions stay.
    let access = Change::Access { user: bob.user };
    assert_eq!(changes.try_recv().unwrap(), Some(access.clone()));
    assert!(case.lasts(&signed_in).await);
    let view = case.person(bob.user).await;
    assert_eq!((view.rooms, view.all_rooms), (2, 3));
    let fits = view.row.grants[0].fits.as_ref().unwrap();
    assert_eq!(fits.first, [room("lab-a"), room("lab-b")]);

    let group = service.add_group(ada, at(1), "Teachers", "").await;
    let group = group.unwrap();
    refused!(service.add_group(ada, at(1), "teachers", "") => PeopleError::GroupTaken);
    let of_group = Holder::Group(group);
    service.add_grant(ada, at(1), of_group, &one).await.unwrap();
    service.add_member(ada, at(1), group, "BOB").await.unwrap();
    refused!(service.add_member(ada, at(1), group, "nobody") => PeopleError::NoSuchName);
    let view = case.person(bob.user).await;
    assert_eq!(view.rooms, 3);
    assert_eq!(
        view.row.grants[1].through.as_ref().unwrap().as_str(),
        "Teachers"
    );
    let all = case.people(&PeopleQuery::default()).await;
    assert_eq!((all.groups[0].members.len(), all.groups[0].rooms), (1, 1));

    let removed = service.remove_grant(ada, at(1), holder, &prefix).await;
    removed.unwrap();
    service
        .rename_group(ada, at(1), group, "Staff")
        .await
        .unwrap();
    while changes.try_recv().is_ok() {}
    service.delete_group(ada, at(1), group).await.unwrap();
    assert_eq!(changes.try_recv().unwrap(), Some(access));
    assert_eq!(case.person(bob.user).await.rooms, 0);
    let elsewhere = Grant::App {
        app: "0".repeat(32).parse().unwrap(),
    };
    let unknown = service.add_grant(ada, at(1), holder, &elsewhere);
    refused!(unknown => PeopleError::Service(ServiceError::NotFound));
    let acts = case.acts().await;
    for act in [
        "ada account_added bob, ada link_made bob, bob password_set ",
        "ada grant_added bob, ada group_changed Teachers, ada grant_added Teachers",
        "ada grant_removed bob, ada group_changed Staff, ada group_changed Staff",
    ] {
        assert!(acts.contains(act), "{act}: {acts}");
    }
}

#[tokio::test]
async fn a_page_has_two_hundred_people_and_the_next_one_the_others() {
    let case = Case::open().await;
    execute(
        &case.service.0.store,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 250)
         INSERT INTO users (id, name, name_key, password_hash, role, created_at)
         SELECT printf('%032x', n), printf('u%04d', n), printf('u%04d', n), '', 'viewer', 0
         FROM n",
    )
    .await;
    let all = case.people(&PeopleQuery::default()).await;
    assert_eq!((all.enabled, all.found, all.rows.len()), (251, 251, 200));
    let after = |after| PeopleQuery {
        after,
        ..PeopleQuery::default()
    };
    let rest = case.people(&after(all.next)).await;
    assert_eq!((rest.found, rest.rows.len(), rest.next), (251, 51, None));
    let names = all.rows.iter().chain(&rest.rows).map(|row| &*row.name);
    let names: Vec<&str> = names.collect();
    assert_eq!((names.len(), names[0], names[250]), (251, "ada", "u0250"));
    assert!(names.is_sorted(), "{names:?}");

    // The next page begins at the same place, although the filter leaves the account before it out now.
    let last = all.next.unwrap();
    let disabled = case.service.disable_person(&case.ada, at(1), last, true);
    disabled.await.unwrap();
    let same = case.people(&after(Some(last))).await;
    assert_eq!((same.found, same.rows), (250, rest.rows));
    let unknown = after(Some("0".repeat(32).parse().unwrap()));
    assert_eq!(case.people(&unknown).await.rows.len(), 200);
    // A search also finds accounts of the second page.
    let last = PeopleQuery {
        search: SearchText::parse("u0250"),
        ..PeopleQuery::default()
    };
    let found = case.people(&last).await;
    assert_eq!((found.found, found.rows.len()), (1, 1));
    assert_eq!(found.rows[0].name, "u0250");
}

#[tokio::test]
async fn single_sign_on_chooses_the_members_of_its_groups() {
    let case = Case::open().await;
    let (service, ada) = (&case.service, &case.ada);
    let (bob, _) = case.add("bob", Role::Viewer).await;
    let group = service.add_group(ada, at(1), "Teachers", " staff/teachers ");
    let group = group.await.unwrap();
    refused!(service.add_member(ada, at(1), group, "bob") => PeopleError::FromClaim);
    refused!(service.remove_member(ada, at(1), group, bob) => PeopleError::FromClaim);
    refused!(service.add_group(ada, at(1), "Staff", "staff/teachers") => PeopleError::GroupTaken);
    refused!(service.add_group(ada, at(1), "Staff", &"x".repeat(201)) => PeopleError::Claim);
    for name in [" ", "Tea\u{200b}chers", "Board\u{2066}"] {
        refused!(service.add_group(ada, at(1), name, "") => PeopleError::GroupName);
    }
}

#[tokio::test]
async fn people_are_found_by_name_role_right_group_and_room() {
    let case = Case::open().await;
    let app = case.app_with_rooms(&[]).await;
    let (service, ada) = (&case.service, &case.ada);
    let group = service.add_group(ada, at(1), "Board", "").await.unwrap();
    let prefix = RoomId::new("客服").unwrap();
    let wu = NewPerson {
        person: "Wu Fang 吴芳".to_owned(),
        rights: "download,share".parse().unwrap(),
        grant: Some(Grant::Prefix { app, prefix }),
        group: Some(group),
        ..new("u1024", Role::Operator)
    };
    service.add_person(ada, at(1), wu.clone()).await.unwrap();
    refused!(service.add_person(ada, at(1), wu) => PeopleError::NameTaken);
    // The last three would look like another account's.
    for name in [" ", "a\nb", "ad\u{200b}a", "ad\u{200d}a", "\u{202e}ada"] {
        let added = service.add_person(ada, at(1), new(name, Role::Viewer));
        refused!(added => PeopleError::Name);
    }

    let none = PeopleQuery::default;
    let search = |text: &str| PeopleQuery {
        search: SearchText::parse(text),
        ..none()
    };
    let only = |role, right, group| PeopleQuery {
        role,
        right,
        group,
        ..none()
    };
    for (query, found) in [
        (none(), &["ada", "u1024"][..]),
        (search("FANG"), &["u1024"]),
        (search("102"), &["u1024"]),
        (search("客服"), &["u1024"]),
        (search("nobody"), &[]),
        (only(Some(Role::Admin), None, None), &["ada"]),
        (only(None, Some(Right::Delete), None), &["ada"]),
        (only(None, None, Some(group)), &["u1024"]),
    ] {
        let rows = case.people(&query).await.rows;
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, found, "{query:?}");
    }
    let all = case.people(&none()).await;
    assert_eq!((all.enabled, all.seen_today), (2, 1));
    assert!(all.rows[1].link_until.is_some());
}

#[tokio::test]
async fn disabled_people_are_counted_apart_and_a_search_tells_of_them() {
    let case = Case::open().await;
    let (bob, _) = case.add_signed_in("bob", Role::Viewer).await;
    let counts = |view: &PeopleView| (view.enabled, view.disabled, view.seen_today);
    let all = case.people(&PeopleQuery::default()).await;
    assert_eq!(counts(&all), (2, 0, 2));
    let disabled = case
        .service
        .disable_person(&case.ada, at(1), bob.user, true);
    disabled.await.unwrap();
    for (text, with_disabled, found, left_out) in [
        ("", false, 1, 1),
        ("", true, 2, 0),
        ("bob", false, 0, 1),
        ("bob", true, 1, 0),
        ("nobody", false, 0, 0),
    ] {
        let query = PeopleQuery {
            search: SearchText::parse(text),
            with_disabled,
            ..PeopleQuery::default()
        };
        let view = case.people(&query).await;
        assert_eq!(counts(&view), (1, 1, 1), "{query:?}");
        let answer = (view.found, view.left_out);
        assert_eq!(answer, (found, left_out), "{query:?}");
    }
}
