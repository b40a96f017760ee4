//! Rooms: adding, labels, and pages of the list.

use std::time::Duration;

use crate::common::{
    TestApp, TestClock, actions,
    actions::{current, location, send_status, start, stop, wait_for_state, wait_until_understood},
    anyone,
};
use reelroom_app::paths;
use reelroom_domain::{
    change::Change,
    place::RoomPlace,
    recording::RecordingState,
    room::{RoomId, RoomTitle},
    room_list::RoomsQuery,
    search::SearchText,
    time::Clock as _,
    view::{HistoryEvent, RoomFilter, RoomLabel},
};
use reelroom_service::SystemClock;

use scraper::{Html, Selector};

async fn label(app: &TestApp, form: &[(&str, &str)]) -> u16 {
    let cookie = app.cookie().await;
    app.call("label_room", &cookie, form).await.0.as_u16()
}

async fn listed(app: &TestApp, filter: RoomFilter, search: &str) -> Vec<(String, RoomLabel)> {
    let query = RoomsQuery {
        filter,
        search: SearchText::parse(search),
        ..RoomsQuery::default()
    };
    let list = app.service.room_list(anyone(), None, &query).await.unwrap();
    let rows = list.rooms.into_iter();
    rows.map(|row| (row.room.to_string(), row.label)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_added_by_its_id() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let mut changes = app.service.changes();
    let (status, body) = app.call("add_room", &cookie, &[("room", "r/1")]).await;
    assert_eq!((status.as_u16(), body.as_str()), (200, "\"r/1\""));
    let room = RoomId::new("r/1").unwrap();
    assert!(
        std::iter::from_fn(|| changes.try_recv().ok())
            .any(|change| matches!(change, Some(Change::Room { room: of, .. }) if of == room)),
        "open lists receive the change"
    );
    let names = async |search: &str| {
        let all = listed(&app, RoomFilter::All, search).await;
        all.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(names("r/1").await, ["r/1"]);
    // Adding it again changes nothing.
    app.done("add_room", &cookie, &[("room", "r/1")]).await;
    assert_eq!(
        app.call("add_room", &cookie, &[("room", "a\nb")]).await.0,
        422
    );
    assert_eq!(names("r/1").await, ["r/1"]);

    // A plain form leads to the room, or back with the typed text.
    let plain = async |room: &str| {
        let request = app.plain("add_room", &cookie).form(&[("room", room)]);
        location(&request.send().await.unwrap()).to_owned()
    };
    assert_eq!(plain("next door").await, "/rooms/next%20door");
    assert_eq!(names("next door").await, ["next door"]);
    let back = plain("a\nb").await;
    assert!(back.starts_with("/?room=a"), "{back}");
    let (_, html) = actions::page_of(&app, &back, &cookie).await;
    assert!(html.contains("A room id has 1 to 128 bytes"), "{back}");
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
    assert_eq!(
        listed(&app, RoomFilter::Hidden, "").await[0]
            .1
            .title
            .as_str(),
        ""
    );

    let long = "x".repeat(RoomTitle::LONGEST + 1);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_found_by_pinyin() {
    let app = TestApp::without_callbacks().await;
    for (room, title) in [
        ("r/1", "产品评审"),
        ("r/2", "重庆分公司"),
        ("r/3", "产品 review"),
        ("客服培训", ""),
        ("plain", "cpu"),
    ] {
        let named = [("room", room), ("title", title)];
        assert_eq!(label(&app, &named).await, 200);
    }
    for (search, found) in [
        ("CPPS", ["r/1"].as_slice()),
        ("chanping", &["r/1", "r/3"]),
        ("cp", &["plain", "r/1", "r/3"]),
        ("chongqing", &["r/2"]),
        ("zqfgs", &["r/2"]),
        ("kefu", &["客服培训"]),
        ("cpsp", &[]),
    ] {
        let query = RoomsQuery {
            search: SearchText::parse(search),
            ..RoomsQuery::default()
        };
        let list = app.service.room_list(anyone(), None, &query).await;
        let list = list.unwrap();
        let names: Vec<_> = list.rooms.iter().map(|row| row.room.as_str()).collect();
        assert_eq!(names, found, "{search}");
        assert_eq!(list.counts[0] as usize, found.len(), "{search}");
    }
    let jump = actions::page(&app, "/jump?q=cpps").await;
    assert_eq!(jump.matches("role=\"option\"").count(), 1, "{jump}");
    assert!(jump.contains("产品评审"), "{jump}");
    let record = actions::page(&app, "/jump?q=record%20cpps").await;
    assert!(record.contains("Record 产品评审"), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other() {
    let app = TestApp::start().await;
    for number in 0..60 {
        let room = format!("hall.{number:02}");
        let title = if number == 7 { "Seventh" } else { "" };
        assert_eq!(label(&app, &[("room", &room), ("title", title)]).await, 200);
    }
    let list = async |rows, after: Option<RoomPlace>| {
        let asked = RoomsQuery {
            search: SearchText::parse("hall."),
            rows,
            after,
            ..RoomsQuery::default()
        };
        let list = app.service.room_list(anyone(), None, &asked).await;
        list.unwrap()
    };
    let first = list(0, None).await;
    assert_eq!((first.rooms.len(), first.counts[0]), (50, 60));
    let second = list(0, first.older).await;
    let names: Vec<_> = second.rooms.iter().map(|row| row.room.as_str()).collect();
    assert_eq!(names[0], "hall.50");
    assert_eq!((names.len(), second.older), (10, None));
    assert_eq!(list(55, None).await.rooms.len(), 55);

    // The page itself, the way to a longer one, and an address that begins further down.
    let page = async |address: &str| actions::page(&app, address).await;
    let found = page("/jump?q=seVEN").await;
    assert_eq!(found.matches("role=\"option\"").count(), 1, "{found}");
    let first = page("/?q=hall.").await;
    assert!(
        first.contains("/?q=hall.&amp;rows=100#row-hall.49"),
        "{first}"
    );
    assert!(!first.contains(">hall.50<"));
    let whole = page("/?q=hall.&rows=100").await;
    assert!(whole.contains(">hall.00<") && whole.contains(">hall.59<"));
    let rest = page("/?q=hall.&after=15.9223372036854775807.hall.49").await;
    assert!(rest.contains(">hall.50<") && !rest.contains(">hall.49<"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_room_has_its_page_whatever_its_id() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    let get = async |address: &str| actions::page_of(&app, address, &cookie).await;
    for id in [
        ".", "..", "%2e", "100%25-a", "r%41", "/x==", "a//b", "/", "a/../b", "?id=x", " a ", "客服",
    ] {
        let added = app.call("add_room", &cookie, &[("room", id)]).await;
        assert_eq!(added.0, 200, "{id}");
        let room = RoomId::new(id).unwrap();
        let (status, page) = get(&paths::room("", &room)).await;
        assert_eq!(status, 200, "{id}");
        let open = Selector::parse("a[aria-current] .name").unwrap();
        let page = Html::parse_document(&page);
        let title = page
            .select(&open)
            .next()
            .and_then(|name| name.attr("title"));
        assert_eq!(title, Some(id));
    }
    // A text that cannot be an id has a page that says so, beside the list.
    let long = format!("/rooms/{}", "x".repeat(RoomId::MAX_BYTES + 1));
    for address in ["/rooms/", "/rooms/a%0Ab", "/rooms/%20", "/rooms/%ff", &long] {
        let (status, page) = get(address).await;
        assert_eq!(status, 404, "{address}");
        assert!(page.contains("This cannot be a room id"), "{address}");
        assert!(page.contains("class=\"row-box\""), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_stays_as_it_was_beside_a_room_that_was_acted_on() {
    let app = TestApp::start().await;
    let cookie = app.cookie().await;
    for (page, back) in [
        (
            "/?show=attention&q=a%20b",
            "/rooms/r?show=attention&q=a%20b",
        ),
        ("/rooms/other?rows=100&failed=x&why=y", "/rooms/r?rows=100"),
        ("/rooms/r?show=live&id=x", "/rooms/r?show=live"),
        ("/recordings?q=a", "/rooms/r"),
    ] {
        let request = app.plain_from(page, "label_room", &cookie);
        let answer = request.form(&[("room", "r")]).send().await.unwrap();
        assert_eq!(location(&answer), back, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_became_ready_stays_in_its_room_for_ten_minutes() {
    let app = TestApp::start().await;
    let id = start(&app, "lab-west").await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    stop(&app, id).await;
    let ready = wait_for_state(&app, "lab-west", RecordingState::Ready).await;
    assert_eq!(ready.row.id, id);
    let later = app.open_again(TestClock::ahead(11 * 60_000)).await;
    assert_eq!(current(&later, "lab-west").await, None);
    // The next meeting is about something else.
    let next = SystemClock.now().plus_millis(1000);
    send_status(&app, "lab-west", "", "Begin", next).await;
    wait_until_understood(&app, "lab-south").await;
    assert_eq!(current(&app.service, "lab-west").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_room_is_removed_and_its_recordings_move() {
    let app = TestApp::without_callbacks().await;
    for name in ["hall", "hal"] {
        assert_eq!(
            actions::post(&app, "add_room", &[("room", name)]).await,
            200
        );
    }
    for (name, title) in [("hal", "Mistyped"), ("hall", "The hall")] {
        let titled = [("room", name), ("title", title), ("starred", "yes")];
        assert_eq!(label(&app, &titled).await, 200);
    }
    let id = actions::start(&app, "hal").await;
    let remove = async |into| {
        let form = [("room", "hal"), ("into", into)];
        actions::post(&app, "remove_room", &form).await
    };
    assert_eq!(remove("hall").await, 409, "it is being recorded");
    actions::stop(&app, id).await;
    assert_eq!(remove("").await, 409, "its recording would be lost");
    assert_eq!(remove("nowhere").await, 422);
    assert_eq!(remove("hal").await, 422);
    assert_eq!(remove("hall").await, 200);
    let hall = actions::view(&app.service, "hall").await;
    assert_eq!(hall.recorded_times, 1);
    assert_eq!(
        hall.label.title.as_str(),
        "The hall",
        "its own options stay"
    );
    assert!(!actions::view(&app.service, "hal").await.is_known);
    // The recording tells where it came from.
    let moved = app.recording(id).await;
    assert_eq!(moved.row.room.as_str(), "hall");
    let line = moved.history.last().unwrap();
    let from = line.moved_from.as_ref().map(RoomId::as_str);
    assert_eq!((line.event, from), (HistoryEvent::Moved, Some("hal")));
    assert_eq!(line.actor.as_deref(), Some("admin"));
    let page = actions::page(&app, &format!("/recordings/{id}")).await;
    assert!(page.contains("Moved here from the room hal by admin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_alone_finds_the_rooms_that_allow_it() {
    let app = TestApp::start().await;
    // Listed first.
    let starred = [("room", "lab-south"), ("starred", "yes")];
    assert_eq!(label(&app, &starred).await, 200);
    let id = start(&app, "lab-west").await;
    let jump = async |search: &str| actions::page(&app, &format!("/jump?q={search}")).await;
    for search in ["stop", "Stop%20west", "%E5%81%9C%E6%AD%A2"] {
        let found = jump(search).await;
        assert!(found.contains("Stop lab-west"), "{search}: {found}");
        assert!(!found.contains("Stop lab-south"), "{search}: {found}");
        assert!(!found.contains("data-unchosen"), "{search}: {found}");
    }
    let record = jump("record").await;
    assert!(record.contains("Record lab-south"), "{record}");
    assert!(!record.contains("Record lab-west"), "{record}");

    // Enter stops none of several.
    let other = start(&app, "lab-south").await;
    assert!(jump("stop").await.contains("data-unchosen"));
    let viewer = app.viewer_cookie().await;
    let (_, found) = actions::page_of(&app, "/jump?q=stop", &viewer).await;
    assert!(!found.contains("Stop lab-west"), "{found}");
    stop(&app, id).await;
    stop(&app, other).await;
    let found = jump("lab-west").await;
    assert!(found.contains("last recorded Today"), "{found}");
}
