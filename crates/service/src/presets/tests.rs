//! Concurrent changes of presets.

use futures::future::join_all;
use reelroom_domain::{
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    preset::{DefaultFor, PresetName, PresetView, Presets},
    room::RoomId,
};
use reelroom_store::{presets, testing::Databases};

use super::{change::PresetError, save::SaveAs};
use crate::{
    Principal,
    testing::{TestService, admin, on_both, silent_app},
};

/// The number of concurrent changes, each on a connection of its own.
const AT_ONCE: usize = 6;

/// A service without jobs, with one app.
struct Case {
    service: TestService,
    admin: Principal,
    app: AppId,
    room: RoomId,
}

impl Case {
    async fn on(databases: &Databases) -> Self {
        let service = TestService::open(|_| databases.another(), 0).await;
        let app = silent_app(&service).await;
        let admin = admin(&service);
        Self {
            service,
            admin,
            app,
            room: RoomId::new("hall").unwrap(),
        }
    }

    async fn save(&self, name: String) -> Result<PresetId, PresetError> {
        let (form, save_as) = (StartForm::default(), SaveAs::New(name));
        let app = Some(self.app);
        let saved = self
            .service
            .save_preset(&self.admin, app, &self.room, form, save_as);
        saved.await
    }

    /// Adds `number` presets, one after the other.
    async fn fill(&self, number: usize) -> Vec<PresetId> {
        let mut tx = self.service.0.store.write().await.unwrap();
        let (changed, draft) = (
            self.service.changed(&self.admin),
            Draft::cut(StartForm::default()),
        );
        let mut ids = Vec::new();
        for number in 0..number {
            let id = self.service.0.rng.id(changed.at);
            let name = PresetName::parse(&format!("preset {number}")).unwrap();
            let inserted = presets::insert(&mut tx, self.app, id, &name, &draft, changed).await;
            assert!(inserted.unwrap());
            ids.push(id);
        }
        tx.commit().await.unwrap();
        ids
    }

    async fn list(&self) -> Vec<PresetView> {
        let mut read = self.service.0.store.read().await.unwrap();
        let list = presets::list(&mut read, self.app, &self.room).await;
        list.unwrap()
    }
}

on_both! {
    for_all_rooms, one_preset_is_that_of_all_rooms_on_sqlite, one_preset_is_that_of_all_rooms_on_postgres;
    one_name, a_name_is_given_once_on_sqlite, a_name_is_given_once_on_postgres;
    the_last, the_last_place_is_taken_once_on_sqlite, the_last_place_is_taken_once_on_postgres;
}

async fn for_all_rooms(databases: &Databases) {
    let case = Case::on(databases).await;
    let set = case.fill(AT_ONCE).await.into_iter().map(|id| {
        let (app, which) = (Some(case.app), DefaultFor::All);
        let Case { admin, room, .. } = &case;
        case.service
            .default_preset(admin, app, room, which, Some(id))
    });
    for set in join_all(set).await {
        set.unwrap();
    }
    let list = case.list().await;
    assert_eq!(list.iter().filter(|preset| preset.for_all).count(), 1);
}

async fn one_name(databases: &Databases) {
    let case = Case::on(databases).await;
    let renamed = case.fill(AT_ONCE).await.into_iter().map(|id| {
        let Case { admin, room, .. } = &case;
        let app = Some(case.app);
        case.service.rename_preset(admin, app, room, id, "Board")
    });
    let renamed = join_all(renamed).await;
    assert_eq!(renamed.iter().filter(|one| one.is_ok()).count(), 1);
    for denied in renamed.into_iter().filter_map(Result::err) {
        assert!(matches!(denied, PresetError::Taken), "{denied:?}");
    }
}

async fn the_last(databases: &Databases) {
    let case = Case::on(databases).await;
    case.fill(Presets::MOST - 1).await;
    let saved = (0..AT_ONCE).map(|number| case.save(format!("last {number}")));
    let saved = join_all(saved).await;
    assert_eq!(saved.iter().filter(|one| one.is_ok()).count(), 1);
    for denied in saved.into_iter().filter_map(Result::err) {
        assert!(matches!(denied, PresetError::Full), "{denied:?}");
    }
    assert_eq!(case.list().await.len(), Presets::MOST);
}
