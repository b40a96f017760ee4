//! The recordings beside one in a list.

use reelroom_domain::{
    access::Verb,
    find::{Find, Sort},
    ids::RecordingId,
    view::{Neighbour, Neighbours, PageAt},
};
use reelroom_store::{
    Conn, StoreError,
    library::{self, Filter},
};

use super::{
    find::recording_for,
    finding::{Between, Finding},
};
use crate::{Principal, Service, ServiceError, apps::scope::Visible};

impl Service {
    /// The recordings before and after one in a list of its app, whether it is in the list or not; `None` while the
    /// index does not have it.
    pub async fn neighbours(
        &self,
        by: &Principal,
        id: RecordingId,
        find: &Find,
        between: Between,
    ) -> Result<Option<Neighbours>, ServiceError> {
        self.index_before_reading().await?;
        let mut read = self.0.store.read().await?;
        let app = recording_for(&mut read, by, Verb::See, id).await?.app;
        let Some(place) = library::place_of(&mut read, id).await? else {
            return Ok(None);
        };
        let visible = Visible::load(&mut read, by, app).await?;
        let finding = Finding::load(&mut read, by, &visible, find, between).await?;
        let (filter, sort) = (finding.filter(), find.sort);
        Ok(Some(Neighbours {
            before: nearest(&mut read, filter, sort, PageAt::Before(place)).await?,
            after: nearest(&mut read, filter, sort, PageAt::After(place)).await?,
        }))
    }
}

/// The nearest recording after or before a place.
async fn nearest(
    read: &mut Conn,
    filter: Filter<'_>,
    sort: Sort,
    at: PageAt,
) -> Result<Option<Neighbour>, StoreError> {
    let hits = library::page(read, filter, sort, Some(at), 1).await?;
    Ok(hits.first().map(|hit| Neighbour {
        id: hit.id,
        began_at: hit.began_at,
    }))
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        access::{Access, Grant, Rights},
        find::Facet,
        ids::AppId,
        recording::RecordingState,
        room::RoomId,
        time::Timestamp,
        user::Role,
    };
    use reelroom_store::testing::Databases;

    use super::*;
    use crate::testing::{TestService, admin, insert_stopped_in, on_both, refused, silent_app};

    /// A recording starts in each second, in these rooms.
    const ROOMS: [&str; 5] = ["hall", "lab", "hush", "hall", "lab"];

    fn room(name: &str) -> RoomId {
        RoomId::new(name).unwrap()
    }

    fn viewer(service: &Service, grants: Vec<Grant>) -> Principal {
        Principal {
            access: Access {
                role: Role::Viewer,
                rights: Rights::default(),
                grants,
            },
            ..admin(service)
        }
    }

    async fn filled(service: &TestService) -> (AppId, Vec<RecordingId>) {
        let app = silent_app(service).await;
        let mut ids = Vec::new();
        for (second, room) in (0..).zip(ROOMS) {
            service.set_time(second * 1000);
            let state = RecordingState::Ready;
            ids.push(insert_stopped_in(service, app, room, state).await.id);
        }
        (app, ids)
    }

    /// The numbers of the recordings before and after one in a list.
    async fn beside(
        service: &Service,
        by: &Principal,
        ids: &[RecordingId],
        at: usize,
        find: &Find,
        between: Between,
    ) -> (Option<usize>, Option<usize>) {
        let found = service.neighbours(by, ids[at], find, between).await;
        let found = found.unwrap().unwrap();
        let number = |one: Neighbour| {
            let number = ids.iter().position(|id| *id == one.id).unwrap();
            assert_eq!(
                one.began_at.as_millis(),
                i64::try_from(number).unwrap() * 1000
            );
            number
        };
        (found.before.map(number), found.after.map(number))
    }

    async fn both_ways_to_the_ends_past_hidden_rooms(databases: &Databases) {
        let service = TestService::open(|_| databases.another(), 0).await;
        let (app, ids) = filled(&service).await;
        let everyone = viewer(&service, vec![Grant::Everything]);
        let of_rooms = ["hall", "lab"].map(|name| Grant::Room {
            app,
            room: room(name),
        });
        let of_rooms = viewer(&service, of_rooms.to_vec());
        let all = Find::default();
        let oldest = Find {
            sort: Sort::Oldest,
            ..Find::default()
        };
        let in_room = |name| all.toggled(&Facet::Room(room(name)));
        let (hall, lab) = (in_room("hall"), in_room("lab"));
        let until = Some(Timestamp::from_millis(3000));
        for (by, at, find, until, expected) in [
            (&everyone, 4, &all, None, (None, Some(3))),
            (&everyone, 2, &all, None, (Some(3), Some(1))),
            (&everyone, 0, &all, None, (Some(1), None)),
            (&everyone, 2, &oldest, None, (Some(1), Some(3))),
            (&everyone, 2, &all, until, (None, Some(1))),
            (&everyone, 3, &hall, None, (None, Some(0))),
            (&everyone, 0, &hall, None, (Some(3), None)),
            // It is not in the list.
            (&everyone, 2, &lab, None, (Some(4), Some(1))),
            (&of_rooms, 3, &all, None, (Some(4), Some(1))),
            (&of_rooms, 1, &all, None, (Some(3), Some(0))),
        ] {
            let found = beside(&service, by, &ids, at, find, (None, until)).await;
            assert_eq!(found, expected, "{at}: {find:?}");
        }
        let hidden = service.neighbours(&of_rooms, ids[2], &all, (None, None));
        refused!(hidden => ServiceError::NotFound);
    }

    on_both! {
        both_ways_to_the_ends_past_hidden_rooms, both_ways_to_the_ends_past_hidden_rooms_on_sqlite, both_ways_to_the_ends_past_hidden_rooms_on_postgres;
    }
}
