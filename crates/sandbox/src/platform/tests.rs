use reelroom_anyrtc::status::What::{
    MeetingBegan, MeetingEnded, Offline, Online, ScreenOff, ScreenOn,
};

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_795_000_000_000 + millis).unwrap()
}

#[test]
fn some_rooms_are_live_at_the_start() {
    let platform = Platform::new(7, at(0));
    let live: Vec<_> = platform
        .rooms
        .values()
        .filter_map(|room| Some((room, room.live_since?)))
        .collect();
    assert_eq!((platform.rooms.len(), live.len()), (12, 6));
    for (room, since) in live {
        assert!(since < at(-300_000));
        assert!(
            room.people
                .iter()
                .all(|one| one.since < at(0) && one.since >= since)
        );
    }
    assert!(platform.present().len() >= 18);
}

#[test]
fn the_same_seed_makes_the_same_platform() {
    let one = Platform::new(3, at(0)).present();
    assert_eq!(one, Platform::new(3, at(0)).present());
    assert_ne!(one, Platform::new(4, at(0)).present());
}

#[test]
fn a_room_records_once_at_a_time() {
    let mut platform = Platform::new(1, at(0));
    let start =
        |platform: &mut Platform, room: &str, now| platform.start(room, Request::default(), now);
    assert_eq!(start(&mut platform, "", at(0)), Err(Refusal::NoRoom));
    assert_eq!(
        platform.stop("board-weekly", at(0)).err(),
        Some(Refusal::NotRecording)
    );
    assert_eq!(start(&mut platform, "board-weekly", at(0)), Ok(()));
    assert_eq!(
        start(&mut platform, "board-weekly", at(1)),
        Err(Refusal::AlreadyRecording)
    );
    let finished = platform.stop("board-weekly", at(2_500)).unwrap();
    assert_eq!(finished.recording.length, 2_500);
    assert_eq!(finished.random.len(), 4);
    assert!(finished.recording.people.len() >= 2);
    assert_eq!(start(&mut platform, "board-weekly", at(3_000)), Ok(()));
}

#[test]
fn an_empty_room_gets_a_guest_for_the_length_of_the_recording() {
    let mut platform = Platform::new(1, at(0));
    platform
        .start("any room", Request::default(), at(0))
        .unwrap();
    let finished = platform.stop("any room", at(1_000)).unwrap();
    assert_eq!(finished.recording.people[0].user, GUEST);
    let sent: Vec<What> = platform.take_events().iter().map(|one| one.what).collect();
    assert_eq!(sent, [MeetingBegan, Online, Offline, MeetingEnded]);
    assert!(!platform.rooms.contains_key("any room"));
}

#[test]
fn a_meeting_that_ends_under_a_recording_does_not_end_the_recording() {
    let mut platform = Platform::new(1, at(0));
    platform
        .start("class-7B", Request::default(), at(0))
        .unwrap();
    platform.end("class-7B", at(1_000)).unwrap();
    assert_eq!(platform.end("class-7B", at(1_000)), Err(Refusal::NotThere));
    let recording = platform.stop("class-7B", at(3_000)).unwrap().recording;
    assert_eq!(recording.length, 3_000);
    assert!(recording.people.iter().all(|one| one.span() == (0..1_000)));
}

#[test]
fn leaving_ends_a_screen_share() {
    let mut platform = Platform::new(1, at(0));
    platform.join("lab-west", "ann", at(0)).unwrap();
    platform.join("lab-west", "ann", at(1)).unwrap();
    platform.toggle_screen("lab-west", "ann", at(2)).unwrap();
    assert_eq!(
        platform
            .present()
            .iter()
            .filter(|one| one.what == ScreenOn)
            .count(),
        1
    );
    platform.leave("lab-west", "ann", at(3)).unwrap();
    let sent: Vec<What> = platform.take_events().iter().map(|one| one.what).collect();
    let expected = [
        MeetingBegan,
        Online,
        ScreenOn,
        ScreenOff,
        Offline,
        MeetingEnded,
    ];
    assert_eq!(sent, expected);
    assert_eq!(
        platform.leave("lab-west", "ann", at(4)),
        Err(Refusal::NotThere)
    );
}
