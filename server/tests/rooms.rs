//! What people say of rooms, and how the list shows it.

mod common;

use common::TestApp;
use reelroom_domain::view::{RoomFilter, RoomLabel};

async fn label(app: &TestApp, form: &[(&str, &str)]) -> u16 {
    let cookie = app.cookie().await;
    app.call("label_room", &cookie, form).await.0.as_u16()
}

async fn listed(app: &TestApp, filter: RoomFilter, search: &str) -> Vec<(String, RoomLabel)> {
    let list = app.service.room_list(None, filter, search).await.unwrap();
    let rows = list.rooms.into_iter();
    rows.map(|row| (row.room.to_string(), row.label)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_named_starred_and_hidden() {
    let app = TestApp::start().await;
    let named = [
        ("room", "r/1"),
        ("title", "  小会议室 "),
        ("starred", "yes"),
    ];
    assert_eq!(label(&app, &named).await, 200);
    let all = listed(&app, RoomFilter::All, "会议").await;
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].0.as_str(), all[0].1.title.as_str()),
        ("r/1", "小会议室")
    );
    assert!(all[0].1.starred && !all[0].1.hidden);

    assert_eq!(
        label(&app, &[("room", "r/1"), ("hidden", "yes")]).await,
        200
    );
    assert!(listed(&app, RoomFilter::All, "r/1").await.is_empty());
    assert_eq!(listed(&app, RoomFilter::Hidden, "").await[0].1.title, "");

    let long = "x".repeat(RoomLabel::LONGEST + 1);
    for title in [long.as_str(), "two\nlines"] {
        assert_eq!(
            label(&app, &[("room", "r/1"), ("title", title)]).await,
            422,
            "{title}"
        );
    }
    assert_eq!(
        listed(&app, RoomFilter::Hidden, "").await.len(),
        1,
        "nothing was changed"
    );
}
