//! Copies: when they are checked, and what becomes of a lost one.

use reelroom_domain::{cause::Cause, file::FileState, ids::FileId};
use reelroom_store::{
    Conn, Store,
    files::{self, Stored},
};

use crate::at;

async fn due(conn: &mut Conn, second: i64) -> Option<FileId> {
    let due = files::next_to_check(conn, at(second)).await.unwrap();
    due.map(|file| file.id)
}

/// With the one copy that the story has. Rolled back.
pub async fn story(store: &Store) {
    let mut write = store.write().await.unwrap();
    assert_eq!(files::count_archived(&mut write).await.unwrap(), 1);
    let file = files::checked_after(&mut write, 0).await.unwrap().unwrap();
    assert_eq!(files::checked_after(&mut write, 1).await.unwrap(), None);
    // Until it is set, the time is long past.
    assert_eq!(due(&mut write, 0).await, Some(file.id));
    files::set_check_at(&mut write, file.id, at(400))
        .await
        .unwrap();
    assert_eq!(due(&mut write, 399).await, None);
    assert_eq!(due(&mut write, 400).await, Some(file.id));

    let copy = file.stored.unwrap();
    let other = Stored {
        sha256: "cd".repeat(32),
        ..copy.clone()
    };
    let why = Cause::CopyMissing;
    for (copy, is_lost) in [(&other, false), (&copy, true), (&copy, false)] {
        let lost = files::set_lost(&mut write, file.id, copy, FileState::Remote, &why).await;
        assert_eq!(lost.unwrap(), is_lost);
    }
    let lost = files::get(&mut write, file.id).await.unwrap().unwrap();
    assert_eq!((lost.state, lost.tries), (FileState::Remote, 0));
    assert_eq!((lost.trouble, lost.stored), (Some(why), Some(copy)));
    assert_eq!(due(&mut write, 400).await, None);
}
