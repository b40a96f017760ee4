//! The index of the library: its queue, its terms, its order.

use reelroom_domain::{
    about::Tag,
    find::{Archive, Count, Facet, Length, Sort},
    ids::RecordingId,
    recording::RecordingState,
    room::RoomId,
    search::SearchText,
    time::Timestamp,
};
use reelroom_store::{
    Conn, Scope, Store,
    library::{self, Filter, Part},
    recordings::{self, Fields},
    stale,
    testing::execute,
};

use crate::{room_id, rig::Rig};

async fn ids(conn: &mut Conn, filter: Filter<'_>, sort: Sort) -> Vec<RecordingId> {
    let page = library::page(conn, filter, sort, Part::First, 100).await;
    page.unwrap().into_iter().map(|hit| hit.id).collect()
}
