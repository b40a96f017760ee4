//! The usage of the storage.

use reelroom_domain::{
    ids::AppId,
    usage::{RoomUsage, Total},
};
use reelroom_store::{Store, usage};

use crate::{at, room};

/// The one copy that the story of files made is in the usage of its room.
pub async fn story(store: &Store, app: AppId) {
    let mut read = store.read().await.unwrap();
    for (since, recent) in [(at(221), 2001), (at(222), 0)] {
        let used = usage::of_rooms(&mut read, since).await.unwrap();
        let expected = RoomUsage {
            app,
            room: room("Board-Weekly"),
            title: String::new(),
            total: Total {
                files: 1,
                bytes: 2001,
            },
            recent,
            first_at: Some(at(221)),
        };
        assert_eq!(used, std::slice::from_ref(&expected));
        assert_eq!(usage::total(&mut read).await.unwrap(), expected.total);
    }
}
