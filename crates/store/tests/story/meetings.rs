//! Meetings and participants: the rows follow the decision, whatever the order of calls. The rules
//! are tested in `reelroom_domain::meeting`.

use reelroom_domain::{
    file::FileKind,
    ids::{AppId, MeetingId},
    meeting::{Stay, What, What::*, participants},
    recording::{Recording, RecordingState},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    understanding::Events,
};
use reelroom_store::{Conn, Store, expected, meetings, recordings};

use crate::{
    at, id, person, recording,
    rig::{
        announcement, call, file_with_token, insert, load, send_file, send_status, status,
        understand,
    },
    room,
};

pub async fn story(store: &Store, app: AppId) {
    repeated_and_late_calls_change_nothing(store, app).await;
    participants_come_and_go(store, app).await;
    a_lost_end_is_inferred(store, app).await;
    calls_may_come_in_any_order(store, app).await;
    a_meeting_that_goes_on_loads_few_events(store, app).await;
    two_meetings_are_merged(store, app).await;
    expected_tracks_follow_late_calls(store, app).await;
}

type Known = (MeetingId, Timestamp, Option<Timestamp>);

async fn all(write: &mut Conn, app: AppId, room: &RoomId) -> Vec<Known> {
    let meetings = meetings::since(write, app, room, at(0)).await.unwrap();
    meetings
        .iter()
        .map(|meeting| (meeting.id, meeting.began_at, meeting.ended_at))
        .collect()
}

/// Begin and end of each meeting.
async fn times(write: &mut Conn, app: AppId, name: &str) -> Vec<(i64, Option<i64>)> {
    let second = |time: Timestamp| time.since(at(0)) / 1000;
    let all = all(write, app, &room(name)).await;
    all.into_iter()
        .map(|(_, began, ended)| (second(began), ended.map(second)))
        .collect()
}

async fn repeated_and_late_calls_change_nothing(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let write_to = &mut write;
    let board = "Board-Weekly";

    // Begin, repeated; a join; an end, repeated; then late calls about the ended meeting.
    for (event, known) in [
        ((Begin, "", 10), (10, None)),
        ((Begin, "", 10), (10, None)),
        ((Begin, "", 12), (10, None)),
        ((Online, "ada", 11), (10, None)),
        ((Online, "ada", 11), (10, None)),
        ((End, "", 50), (10, Some(50))),
        ((End, "", 50), (10, Some(50))),
        ((Begin, "", 10), (10, Some(50))),
        ((Online, "ada", 11), (10, Some(50))),
    ] {
        send_status(write_to, app, board, &[event]).await;
        assert_eq!(times(write_to, app, board).await, [known], "{event:?}");
    }
    let open = meetings::open_of_room(write_to, app, &room(board)).await;
    assert_eq!(open.unwrap(), None);

    // Without a begin, a join begins a meeting. An old end does not end it.
    send_status(write_to, app, board, &[(Online, "ada", 60)]).await;
    send_status(write_to, app, board, &[(End, "", 50)]).await;
    let open = meetings::open_of_room(write_to, app, &room(board)).await;
    assert_eq!(open.unwrap().unwrap().began_at, at(60));
    write.commit().await.unwrap();
}

async fn participants_come_and_go(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let (name, board) = ("Board-Weekly", room("Board-Weekly"));
    let (ada, bob) = (person("ada"), person("鲍勃"));
    let open = meetings::open_of_room(&mut write, app, &board).await;
    let open = open.unwrap().unwrap();

    // Bob comes, shares, goes, comes back and goes, with repeated calls.
    for event in [(Online, "鲍勃", 70), (ScreenOn, "鲍勃", 75)] {
        for _ in 0..2 {
            send_status(&mut write, app, name, &[event]).await;
        }
    }
    let stays = meetings::stays(&mut write, open.id).await.unwrap();
    assert!(stays[1].shares_screen);
    for (what, second) in [
        (Offline, 80),
        (Offline, 80),
        (Online, 70),
        (Online, 90),
        (Offline, 80),
        (Offline, 95),
    ] {
        send_status(&mut write, app, name, &[(what, "鲍勃", second)]).await;
    }

    let stay = |(who, joined, left): (&ParticipantId, i64, Option<i64>)| Stay {
        who: who.clone(),
        joined_at: at(joined),
        left_at: left.map(at),
        shares_screen: false,
    };
    let stays = meetings::stays(&mut write, open.id).await.unwrap();
    let expected = [(&ada, 60, None), (&bob, 70, Some(80)), (&bob, 90, Some(95))];
    assert_eq!(stays, expected.map(stay));
    let expected = [(&ada, 60, None), (&bob, 70, Some(95))];
    assert_eq!(participants(&stays), expected.map(stay));

    for ((from, to), seen) in [
        ((0, 9), vec![]),
        ((0, 59), vec![&ada]),
        ((60, 69), vec![&ada]),
        ((75, 76), vec![&ada, &bob]),
        ((81, 89), vec![&ada]),
        ((0, 999), vec![&ada, &bob]),
    ] {
        let found = meetings::seen_between(&mut write, app, &board, at(from), at(to)).await;
        assert_eq!(
            found.unwrap().iter().collect::<Vec<_>>(),
            seen,
            "{from} {to}"
        );
    }
    write.commit().await.unwrap();
}

/// The participants of a meeting, each once.
async fn people_of(conn: &mut Conn, meeting: MeetingId) -> Vec<Stay> {
    participants(&meetings::stays(conn, meeting).await.unwrap())
}

/// Rolled back, as other parts count rooms.
async fn a_lost_end_is_inferred(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let write = &mut write;

    // The room was empty: the meeting ended when the last participant left.
    send_status(
        write,
        app,
        "lost",
        &[
            (Begin, "", 100),
            (Online, "ada", 101),
            (Offline, "ada", 200),
        ],
    )
    .await;
    send_status(write, app, "lost", &[(Begin, "", 500)]).await;
    assert_eq!(
        times(write, app, "lost").await,
        [(100, Some(200)), (500, None)]
    );
    let second = all(write, app, &room("lost")).await[1].0;

    // The room was not empty: the meeting lasted until the next one began.
    send_status(write, app, "lost", &[(Online, "ada", 501)]).await;
    send_status(write, app, "lost", &[(Begin, "", 900)]).await;
    assert_eq!(
        times(write, app, "lost").await[1..],
        [(500, Some(900)), (900, None)]
    );
    let people = people_of(write, second).await;
    assert_eq!(people[0].left_at, Some(at(900)));

    // The end was only late; and a meeting without other events ended as it began.
    send_status(write, app, "lost", &[(End, "", 700)]).await;
    send_status(write, app, "lost", &[(Begin, "", 1000)]).await;
    assert_eq!(
        times(write, app, "lost").await,
        [
            (100, Some(200)),
            (500, Some(700)),
            (900, Some(900)),
            (1000, None)
        ]
    );
    assert_eq!(all(write, app, &room("lost")).await[1].0, second);
    let people = people_of(write, second).await;
    assert_eq!(people[0].left_at, Some(at(700)));
}

/// Rolled back, as other parts count rooms.
async fn calls_may_come_in_any_order(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let write = &mut write;
    let (name, wrong) = ("wrong", room("wrong"));

    // The end before its begin, the leave before its join.
    send_status(write, app, name, &[(End, "", 200)]).await;
    assert_eq!(all(write, app, &wrong).await, []);
    send_status(write, app, name, &[(Offline, "ada", 150)]).await;
    send_status(write, app, name, &[(Online, "ada", 110)]).await;
    let first = all(write, app, &wrong).await[0].0;
    assert_eq!(times(write, app, name).await, [(110, Some(200))]);
    send_status(write, app, name, &[(Begin, "", 100)]).await;
    assert_eq!(
        all(write, app, &wrong).await,
        [(first, at(100), Some(at(200)))]
    );
    let people = people_of(write, first).await;
    let ada_was = (people[0].joined_at, people[0].left_at);
    assert_eq!(ada_was, (at(110), Some(at(150))));

    // Two meetings that were first taken for one: a participant of the second leaves the first.
    send_status(write, app, name, &[(Online, "ada", 301)]).await;
    let second = all(write, app, &wrong).await[1].0;
    for event in [
        (Online, "bob", 501),
        (End, "", 400),
        (Begin, "", 500),
        (Begin, "", 300),
    ] {
        send_status(write, app, name, &[event]).await;
    }
    let known = all(write, app, &wrong).await;
    let third = known[2].0;
    assert_eq!(
        known[1..],
        [(second, at(300), Some(at(400))), (third, at(500), None)]
    );
    for (meeting, who, left) in [(second, "ada", Some(at(400))), (third, "bob", None)] {
        let people = people_of(write, meeting).await;
        assert_eq!(people.len(), 1);
        assert_eq!((&people[0].who, people[0].left_at), (&person(who), left));
    }
}

/// Where a meeting goes on, only the people whom a call names are loaded, and the rows are as if
/// all events were. Rolled back, as other parts count rooms.
async fn a_meeting_that_goes_on_loads_few_events(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let events = [
        (Begin, "", 100),
        (Online, "ada", 101),
        (Online, "bob", 102),
        (ScreenOn, "bob", 102),
        (Offline, "ada", 102),
        // A leave without a join.
        (Offline, "cyd", 103),
        (ScreenOn, "ada", 104),
        (Online, "ada", 105),
        // A repeated join.
        (Online, "bob", 106),
        (ScreenOff, "bob", 107),
        (ScreenOn, "bob", 108),
        (Offline, "bob", 109),
        (Online, "bob", 110),
        (Offline, "ada", 110),
        (End, "", 200),
    ];
    let mut loaded_few = 0;
    for (number, event) in events.iter().enumerate() {
        let next = [call(300, status(app, "step", &[*event]))];
        let world = load(&mut write, &next).await;
        loaded_few += usize::from(matches!(
            world.rooms[&(app, room("step"))].events,
            Events::Later(_)
        ));
        understand(&mut write, &next).await;
        let whole = format!("whole-{number}");
        let mut known: Vec<_> = events[..=number].to_vec();
        known.reverse();
        send_status(&mut write, app, &whole, &known).await;
        assert_eq!(
            rows(&mut write, app, "step").await,
            rows(&mut write, app, &whole).await,
            "{event:?}"
        );
    }
    // All but the Begin and the End, and events in a second that already had one.
    assert_eq!(loaded_few, events.len() - 2 - 3);

    // Several calls at once, in a meeting of two.
    let status_call = |name: &str, which: &[usize]| {
        let some: Vec<_> = which.iter().map(|place| events[*place]).collect();
        call(300, status(app, name, &some))
    };
    for (name, calls) in [
        ("parts", vec![vec![0, 1], vec![2], vec![5, 7], vec![8, 9]]),
        ("one", vec![vec![0, 1, 2, 5, 7, 8, 9]]),
    ] {
        let (first, rest) = calls.split_first().unwrap();
        understand(&mut write, &[status_call(name, first)]).await;
        let rest: Vec<_> = rest.iter().map(|which| status_call(name, which)).collect();
        if !rest.is_empty() {
            understand(&mut write, &rest).await;
        }
    }
    assert_eq!(
        rows(&mut write, app, "parts").await,
        rows(&mut write, app, "one").await
    );
}

/// The rows of a room's meetings and participants.
async fn rows(write: &mut Conn, app: AppId, name: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for (id, began, ended) in all(write, app, &room(name)).await {
        rows.push(format!("{began:?} {ended:?}"));
        let stays: Vec<(String, i64, Option<i64>, i64)> = sqlx::query_as(
            "SELECT participant, joined_at, left_at, shares_screen FROM participants
             WHERE meeting_id = $1 ORDER BY participant, joined_at",
        )
        .bind(id.to_string())
        .fetch_all(&mut *write)
        .await
        .unwrap();
        rows.extend(stays.iter().map(|stay| format!("{stay:?}")));
    }
    let events: (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM room_status WHERE app_id = $1 AND room = $2")
            .bind(app.to_string())
            .bind(name.to_owned())
            .fetch_one(write)
            .await
            .unwrap();
    rows.push(format!("{} events", events.0));
    rows
}

/// A recording of the removed meeting follows the other one. Rolled back, as other parts count
/// rooms.
async fn two_meetings_are_merged(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    send_status(&mut write, app, "merged", &[(Online, "ada", 100)]).await;
    let one = all(&mut write, app, &room("merged")).await[0].0;
    send_status(&mut write, app, "merged", &[(Begin, "", 130)]).await;
    let runs = recording(0x180, app, "merged", 131);
    insert(&mut write, &runs).await;
    send_status(&mut write, app, "merged", &[(Online, "bob", 132)]).await;
    let known = times(&mut write, app, "merged").await;
    assert_eq!(known, [(100, Some(130)), (130, None)]);
    send_status(&mut write, app, "merged", &[(Begin, "", 115)]).await;
    assert_eq!(
        all(&mut write, app, &room("merged")).await,
        [(one, at(115), None)]
    );
    let over = async |write: &mut Conn| {
        let over = recordings::meeting_is_over(write, runs.id).await;
        over.unwrap()
    };
    assert!(!over(&mut write).await);
    send_status(&mut write, app, "merged", &[(End, "", 200)]).await;
    assert!(over(&mut write).await);
}

/// A late call changes whose tracks a waiting recording expects, and the last of them completes it. Rolled
/// back, as other parts count rooms.
async fn expected_tracks_follow_late_calls(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let ended = Recording {
        state: RecordingState::AwaitingFiles,
        started_at: Some(at(110)),
        stopped_at: Some(at(150)),
        ..recording(0x181, app, "late-calls", 110)
    };
    insert(&mut write, &ended).await;
    for (events, expected) in [
        (&[(Begin, "", 100), (Online, "bob", 101)][..], &["bob"][..]),
        (&[(Online, "ada", 105)], &["ada", "bob"]),
        (&[(Offline, "bob", 106)], &["ada"]),
        (&[(Online, "cyd", 160)], &["ada"]),
    ] {
        let events: &[(What, &str, i64)] = events;
        send_status(&mut write, app, "late-calls", events).await;
        let known = expected::of_recording(&mut write, id(0x181)).await.unwrap();
        let expected: Vec<_> = expected.iter().copied().map(person).collect();
        assert_eq!(known, expected, "{events:?}");
        let row = recordings::get(&mut write, id(0x181)).await.unwrap();
        assert_eq!(row.unwrap().tracks_expected as usize, known.len());
    }
    // Days later, when no time window contains the recording.
    let late = status(app, "late-calls", &[(Online, "dan", 104)]);
    understand(&mut write, &[call(300_000, late)]).await;
    let known = expected::of_recording(&mut write, id(0x181)).await.unwrap();
    assert_eq!(known, ["ada", "dan"].map(person));
    for (kind, who, state) in [
        (FileKind::Track, Some("ada"), RecordingState::AwaitingFiles),
        (FileKind::Composite, None, RecordingState::AwaitingFiles),
        (FileKind::Track, Some("dan"), RecordingState::Ready),
    ] {
        let announced = announcement(kind, who, who.unwrap_or("all"));
        let file = file_with_token(app, "late-calls", id(0x181), &announced);
        send_file(&mut write, 300_001, file).await;
        let row = recordings::get(&mut write, id(0x181)).await.unwrap();
        assert_eq!(row.unwrap().state, state, "{who:?}");
    }
}
