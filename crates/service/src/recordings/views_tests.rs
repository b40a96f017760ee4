//! Saved views: who sees, changes and removes them, and what their tabs count. The calendar of a year. The values of a
//! facet.

use reelroom_domain::{
    access::{Grant, Rights},
    act::{ActFilter, detail},
    find::{Count, Facet, FacetKey, Find},
    ids::{AppId, GroupId, ViewId},
    recording::RecordingState,
    room::RoomId,
    saved_view::{ListView, Shared},
    time::Timestamp,
    user::Role,
};
use reelroom_store::{
    acts,
    testing::{Databases, execute},
};

use super::{
    library::LibraryQuery,
    views::{ViewError, ViewForm},
};
use crate::{
    Browser, Principal, ServiceError,
    testing::{self, TestService, insert_stopped, insert_stopped_in, on_both, refused, silent_app},
};

const DAY: i64 = 86_400_000;
/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600_000;

/// A service without jobs, with one app.
struct Case {
    service: TestService,
    app: AppId,
}

impl Case {
    async fn on(databases: &Databases) -> Self {
        let service = TestService::open(|_| databases.another(), NEW_YEAR).await;
        let app = silent_app(&service).await;
        Self { service, app }
    }

    /// An account that reaches everything, without rights.
    async fn account(&self, name: &str, role: Role) -> Principal {
        let mut by = testing::account(&self.service, name, role).await;
        by.access.rights = Rights::default();
        by
    }

    /// Inserts a recording of that many milliseconds after the new year.
    async fn record(&self, millis: i64) {
        self.service.set_time(NEW_YEAR + millis);
        insert_stopped(&self.service, self.app, RecordingState::Ready).await;
    }

    async fn save(&self, by: &Principal, name: &str, shared: Shared) -> Result<(), ViewError> {
        let list = ListView::of([("room", "hall"), ("view", "grid")]);
        let browser = Browser::default();
        let form = form(name, shared);
        // Each is later than the one before.
        self.service.pass(1000);
        let saved = self.service.save_view(by, &browser, None, list, &form);
        saved.await.map(drop)
    }

    async fn change(
        &self,
        by: &Principal,
        id: ViewId,
        name: &str,
        shared: Shared,
    ) -> Result<(), ViewError> {
        let (browser, form) = (Browser::default(), form(name, shared));
        self.service.change_view(by, &browser, id, &form).await
    }

    async fn remove(&self, by: &Principal, id: ViewId) -> Result<(), ServiceError> {
        let browser = Browser::default();
        self.service.remove_view(by, &browser, id).await
    }

    /// The views that an account sees, with their owners.
    async fn names(&self, by: &Principal) -> Vec<String> {
        let views = self.service.views(by, None).await.unwrap();
        let rows = views.rows.into_iter();
        rows.map(|row| format!("{} of {}", row.view.name.as_str(), row.owner))
            .collect()
    }

    /// The view of that name and owner.
    async fn id(&self, by: &Principal, name: &str, owner: &str) -> ViewId {
        let views = self.service.views(by, None).await.unwrap();
        let is_it = |name_of: &str, owner_of: &str| (name_of, owner_of) == (name, owner);
        let mut rows = views.rows.into_iter();
        let found = rows.find(|row| is_it(row.view.name.as_str(), &row.owner));
        found.unwrap().view.id
    }

    /// The changes of settings in the history, oldest first.
    async fn changes(&self) -> Vec<String> {
        let mut read = self.service.0.store.read().await.unwrap();
        let lines = acts::page(&mut read, &ActFilter::default(), None, 50).await;
        let lines = lines.unwrap().into_iter().rev();
        let of_views = lines.filter_map(|line| {
            let act = line.act;
            let change = act.detail.get(detail::CHANGE)?;
            let with = act.detail.get(detail::SHARED_WITH);
            let with = with.map(|with| format!(" with {with}")).unwrap_or_default();
            let is_view = change.starts_with("view_");
            is_view.then(|| format!("{change} {}{with}", act.subject))
        });
        of_views.collect()
    }
}

fn form(name: &str, shared: Shared) -> ViewForm {
    ViewForm {
        name: name.to_owned(),
        shared,
        is_tab: true,
    }
}

on_both! {
    views_are_shared, views_are_seen_by_those_they_are_shared_with, views_are_seen_by_those_they_are_shared_with_on_postgres;
    hidden_views, a_view_that_names_a_hidden_room_is_hidden, a_view_that_names_a_hidden_room_is_hidden_on_postgres;
    a_year_is_counted, the_days_of_a_year_are_counted_at_once, the_days_of_a_year_are_counted_at_once_on_postgres;
    starters_are_chosen, an_account_chooses_among_those_who_started_what_it_sees, an_account_chooses_among_those_who_started_what_it_sees_on_postgres;
    tags_are_chosen, hidden_tags_take_no_place_among_those_that_an_account_chooses, hidden_tags_take_no_place_among_those_that_an_account_chooses_on_postgres;
}

async fn views_are_shared(databases: &Databases) {
    let case = Case::on(databases).await;
    let ada = case.account("ada", Role::Admin).await;
    let oz = case.account("oz", Role::Operator).await;
    let vi = case.account("vi", Role::Viewer).await;
    let browser = Browser::default();
    let teachers = case.service.add_group(&ada, &browser, "Teachers", "").await;
    let teachers: GroupId = teachers.unwrap();
    for name in ["oz", "vi"] {
        let added = case.service.add_member(&ada, &browser, teachers, name);
        added.await.unwrap();
    }

    // Everybody saves views of their own; who may not record shares none.
    case.save(&vi, "Mine", Shared::Me).await.unwrap();
    case.save(&oz, "mine", Shared::Me).await.unwrap();
    refused!(case.save(&vi, " MINE ", Shared::Me) => ViewError::Taken);
    refused!(case.save(&vi, " ", Shared::Me) => ViewError::Name);
    for shared in [Shared::All, Shared::Group(teachers)] {
        let saved = case.save(&vi, "Theirs", shared);
        refused!(saved => ViewError::Service(ServiceError::Forbidden));
    }
    let group = Shared::Group(teachers);
    case.save(&oz, "Lessons", group).await.unwrap();
    refused!(case.save(&ada, "Lessons", group) => ViewError::Group);
    case.save(&ada, "Everything", Shared::All).await.unwrap();

    assert_eq!(
        case.names(&vi).await,
        ["Mine of vi", "Lessons of oz", "Everything of ada"]
    );
    // An administrator also sees what is shared with groups of others.
    assert_eq!(
        case.names(&ada).await,
        ["Everything of ada", "Lessons of oz"]
    );

    // Only its owner changes a view; an administrator removes any.
    let lessons = case.id(&vi, "Lessons", "oz").await;
    let mine = case.id(&vi, "Mine", "vi").await;
    for other in [&vi, &ada] {
        let changed = case.change(other, lessons, "Other", Shared::Me);
        refused!(changed => ViewError::Service(ServiceError::Forbidden));
    }
    refused!(case.remove(&vi, lessons) => ServiceError::Forbidden);
    refused!(case.remove(&oz, mine) => ServiceError::NotFound);
    refused!(case.change(&oz, lessons, "Mine", group) => ViewError::Taken);
    case.change(&oz, lessons, "All lessons", group)
        .await
        .unwrap();
    case.remove(&ada, mine).await.unwrap();
    let everything = case.id(&ada, "Everything", "ada").await;
    let alone = case.change(&ada, everything, "Everything", Shared::Me);
    alone.await.unwrap();
    assert_eq!(case.names(&vi).await, ["All lessons of oz"]);

    // A view of a group that is gone is its owner's alone.
    let deleted = case.service.delete_group(&ada, &browser, teachers).await;
    deleted.unwrap();
    assert!(case.names(&vi).await.is_empty());
    assert_eq!(case.names(&oz).await, ["mine of oz", "All lessons of oz"]);
    assert_eq!(
        case.changes().await,
        [
            "view_shared Lessons with Teachers",
            "view_shared Everything with everyone",
            "view_shared All lessons with Teachers",
            "view_unshared Everything",
        ]
    );
}

async fn hidden_views(databases: &Databases) {
    let case = Case::on(databases).await;
    let ada = case.account("ada", Role::Admin).await;
    let mut vi = case.account("vi", Role::Viewer).await;
    let browser = Browser::default();
    let group = case.service.add_group(&ada, &browser, "Teachers", "").await;
    let group = group.unwrap();
    let added = case.service.add_member(&ada, &browser, group, "ada").await;
    added.unwrap();
    // Both are of the room `hall`.
    case.save(&ada, "Hall", Shared::All).await.unwrap();
    case.save(&ada, "Lessons", Shared::Group(group))
        .await
        .unwrap();
    case.save(&vi, "Mine", Shared::Me).await.unwrap();
    for (key, name) in [("prefix", "ha"), ("prefix", "la")] {
        let (list, form) = (ListView::of([(key, name)]), form(name, Shared::All));
        let saved = case.service.save_view(&ada, &browser, None, list, &form);
        saved.await.unwrap();
    }
    let hall = case.id(&ada, "Hall", "ada").await;
    let lessons = case.id(&ada, "Lessons", "ada").await;
    let prefix = |prefix: &str| Grant::Prefix {
        app: case.app,
        prefix: RoomId::new(prefix).unwrap(),
    };
    for (grant, expected) in [
        (
            prefix("hal"),
            vec!["Mine of vi", "Hall of ada", "ha of ada"],
        ),
        (prefix("lab"), vec!["Mine of vi", "la of ada"]),
    ] {
        vi.access.grants = vec![grant];
        assert_eq!(case.names(&vi).await, expected);
        let query = LibraryQuery::default();
        let tabs = case
            .service
            .tabs(&vi, &query, Count::default(), |_| (None, None));
        let tabs = tabs.await.unwrap().tabs;
        let of_views = tabs.iter().filter(|tab| tab.is_grid.is_some());
        assert_eq!(of_views.count(), expected.len());
    }
    // A view out of reach or of a group of others does not exist for the account.
    for id in [hall, lessons] {
        let changed = case.change(&vi, id, "Other", Shared::Me);
        refused!(changed => ViewError::Service(ServiceError::NotFound));
        refused!(case.remove(&vi, id) => ServiceError::NotFound);
    }
    vi.access.grants = vec![Grant::Everything];
    let changed = case.change(&vi, hall, "Other", Shared::Me);
    refused!(changed => ViewError::Service(ServiceError::Forbidden));
    refused!(case.remove(&vi, lessons) => ServiceError::NotFound);
}

#[tokio::test]
async fn every_tab_is_counted() {
    let databases = Databases::on_sqlite();
    let case = Case::on(&databases).await;
    let ada = case.account("ada", Role::Admin).await;
    for second in 0..2 {
        case.record(second * 1000).await;
    }
    case.service.index_before_reading().await.unwrap();
    for name in ["a", "b", "c"] {
        case.save(&ada, name, Shared::Me).await.unwrap();
    }
    let total = Count { n: 7, more: false };
    let query = LibraryQuery::default();
    let tabs = case.service.tabs(&ada, &query, total, |_| (None, None));
    let tabs = tabs.await.unwrap();
    let counts: Vec<_> = tabs.tabs.iter().map(|tab| tab.count).collect();
    // The number of the present tab is known.
    let expected = [7, 2, 2, 0, 0, 2, 2, 2].map(|n| Count { n, more: false });
    assert_eq!(counts, expected);
    assert_eq!(tabs.current(&query.find), Some(0));
    let grids: Vec<_> = tabs.tabs.iter().filter_map(|tab| tab.is_grid).collect();
    assert_eq!(grids, [true, true, true]);
    assert!(tabs.has_saved);
}

async fn a_year_is_counted(databases: &Databases) {
    let case = Case::on(databases).await;
    let ada = case.account("ada", Role::Admin).await;
    for (day, recordings) in [(0, 1), (58, 3), (365, 2), (366, 4)] {
        for number in 0..recordings {
            // The first second and the last one are of the day.
            let second = if number == 0 { 0 } else { 86_400 - number };
            case.record(day * DAY + second * 1000).await;
        }
    }
    let midnights = (0..367).map(|day| Timestamp::from_millis(NEW_YEAR + day * DAY));
    let midnights: Vec<Timestamp> = midnights.collect();
    let calendar = async |facets: Vec<Facet>| {
        let find = Find {
            facets,
            ..Find::of([("last", "1")])
        };
        let query = LibraryQuery {
            find,
            ..LibraryQuery::default()
        };
        let days = case.service.calendar(&ada, &query, &midnights).await;
        let days = days.unwrap();
        assert_eq!(days.len(), 366);
        let days = days.into_iter().enumerate();
        days.filter(|(_, recordings)| *recordings > 0)
            .collect::<Vec<_>>()
    };
    let all = [(0, 1), (58, 3), (365, 2)];
    assert_eq!(calendar(Vec::new()).await, all);
    let room = |id| Facet::Room(RoomId::new(id).unwrap());
    assert_eq!(calendar(vec![room("hall")]).await, all);
    assert_eq!(calendar(vec![room("lobby")]).await, []);
}

async fn tags_are_chosen(databases: &Databases) {
    let case = Case::on(databases).await;
    let ada = case.account("ada", Role::Admin).await;
    // More tags than are listed, each in a room of its own.
    for room in 0..40 {
        let (room, state) = (format!("room-{room:02}"), RecordingState::Ready);
        insert_stopped_in(&case.service, case.app, &room, state).await;
    }
    let tags =
        "INSERT INTO tags (recording_id, tag_key, tag) SELECT id, room, room FROM recordings";
    execute(&case.service.0.store, tags).await;
    let tags = async |by: &Principal, typed: &str| {
        let (query, key) = (LibraryQuery::default(), FacetKey::Tag);
        let values = case.service.facet_values(by, &query, key, typed).await;
        let values = values.unwrap().into_iter();
        values
            .map(|facet| (facet.value, facet.count.n))
            .collect::<Vec<_>>()
    };
    assert_eq!(tags(&ada, "room").await.len(), 30);
    let mut vi = case.account("vi", Role::Viewer).await;
    vi.access.grants = vec![Grant::Room {
        app: case.app,
        room: RoomId::new("room-39").unwrap(),
    }];
    for typed in ["room", "ROOM-3", ""] {
        assert_eq!(tags(&vi, typed).await, [("room-39".to_owned(), 1)]);
    }
    assert_eq!(tags(&vi, "room-38").await, []);
}

async fn starters_are_chosen(databases: &Databases) {
    let case = Case::on(databases).await;
    let ada = case.account("ada", Role::Admin).await;
    // Somebody starts a recording in each of 40 rooms, and in the last one another.
    for room in (0..40).chain([39]) {
        let (room, state) = (format!("room-{room:02}"), RecordingState::Ready);
        insert_stopped_in(&case.service, case.app, &room, state).await;
    }
    let store = &case.service.0.store;
    execute(store, "UPDATE recordings SET requested_by = room").await;
    let starters = async |by: &Principal| {
        let (query, key) = (LibraryQuery::default(), FacetKey::By);
        let values = case.service.facet_values(by, &query, key, "").await;
        let values = values.unwrap().into_iter();
        values
            .map(|facet| (facet.value, facet.count.n))
            .collect::<Vec<_>>()
    };
    let all = starters(&ada).await;
    assert_eq!(all.len(), 30);
    let last = ("room-39".to_owned(), 2);
    assert_eq!(all[..2], [last.clone(), ("room-00".to_owned(), 1)]);

    let mut vi = case.account("vi", Role::Viewer).await;
    vi.access.grants = vec![Grant::Room {
        app: case.app,
        room: RoomId::new("room-39").unwrap(),
    }];
    assert_eq!(starters(&vi).await, [last]);
}
