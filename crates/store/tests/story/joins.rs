//! Recordings that turn out to be one, and their files.

use reelroom_domain::{
    about::{About, RecordingTitle, Tags},
    certificate::DeletedWhy,
    file::{Announcement, FileKind},
    ids::{AppId, FileId, RecordingId},
    keep::Keep,
    meeting::What,
    understanding::Meaning,
};
use reelroom_store::{
    Conn, Store, about, files, history, holds, purges,
    recordings::{self, keep},
    retention,
};

use crate::{
    at,
    rig::{self, call, file, file_with_token, understand},
};

pub async fn story(store: &Store, app: AppId) {
    recordings_are_joined(store, app).await;
    a_copy_survives_a_join(store, app).await;
    a_lost_copy_survives_a_join(store, app).await;
    both_holds_survive_a_join(store, app).await;
    the_longer_time_in_the_trash_survives_a_join(store, app).await;
}

/// When recordings are joined, each file is compared with those of its name, whether or not a call of the
/// batch loads them. Rolled back, as other parts count rooms.
async fn recordings_are_joined(store: &Store, app: AppId) {
    for (name, also_announced) in [("joined", false), ("joined-with-files", true)] {
        let mut write = store.write().await.unwrap();
        let part = |from: i64, to: i64, size: u64| {
            let announced = Announcement {
                size: Some(size),
                started_at: Some(at(from)),
                ended_at: Some(at(to)),
                url: format!("https://files.example/{from}/{size}"),
                ..rig::announcement(FileKind::Composite, None, "mix.mp4")
            };
            Meaning::File(Box::new(file(app, name, &announced)))
        };
        let (first, one) = rig::send_file(&mut write, 5000, part(2000, 2100, 10)).await;
        let (second, other) = rig::send_file(&mut write, 5001, part(2400, 2500, 10)).await;
        assert_ne!(one, other);
        // The same file in both.
        let track = rig::announcement(FileKind::Track, Some("ada"), "ada.mp4");
        let of = |id| file_with_token(app, name, id, &track);
        let (track_of_one, _) = rig::send_file(&mut write, 5002, of(one)).await;
        let (track_of_other, _) = rig::send_file(&mut write, 5002, of(other)).await;
        assert_ne!(track_of_one, track_of_other);
        let lines = async |conn: &mut Conn, of| {
            let lines = history::of_recording(conn, of).await.unwrap();
            lines.len()
        };
        let both = lines(&mut write, one).await + lines(&mut write, other).await;
        // Another version of the second file.
        let (newer, of) = rig::send_file(&mut write, 5003, part(2400, 2500, 20)).await;
        assert_eq!(of, other);

        let events = [(What::Begin, "", 1990), (What::End, "", 2900)];
        let mut calls = vec![call(5004, rig::status(app, name, &events))];
        if also_announced {
            calls.push(call(5005, part(2400, 2500, 30)));
            calls.push(call(5006, part(1995, 1999, 10)));
        }
        let said = About {
            title: RecordingTitle::parse("Said of the other").unwrap(),
            tags: Tags::parse("lesson").unwrap(),
            ..About::default()
        };
        let changes = About::default().changes(&said);
        let set = about::set(&mut write, other, &said, &changes, at(5003), "Ada").await;
        set.unwrap();
        let decided = understand(&mut write, &calls).await;
        assert_eq!(recordings::get(&mut write, other).await.unwrap(), None);
        let kept = about::get(&mut write, one).await.unwrap();
        assert_eq!(kept.unwrap().about, said);
        assert_eq!(lines(&mut write, one).await, both);
        let mut expected = vec![(first, first, 1), (second, second, 1), (newer, second, 2)];
        let further = decided.understood[1..].iter();
        for (understood, (take, version)) in further.zip([(Some(second), 3), (None, 1)]) {
            assert_eq!(understood.recording, Some(one));
            let id = understood.file.unwrap();
            expected.push((id, take.unwrap_or(id), version));
        }
        expected.push((track_of_one, track_of_one, 1));
        assert_eq!(versions(&mut write, one).await, expected, "{name}");
        // Calls of the removed file name the remaining one.
        let calls: (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM inbox WHERE file_id = $1 AND recording_id = $2")
                .bind(track_of_one.to_string())
                .bind(one.to_string())
                .fetch_one(&mut *write)
                .await
                .unwrap();
        assert_eq!(calls.0, 2);
    }
}

/// Nothing that is archived or being fetched is deleted when recordings are joined. Rolled back.
async fn a_copy_survives_a_join(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let name = "joined-with-copies";
    let [one, other] = two_to_join(&mut write, app, name).await;
    let names = ["kept-here.mp4", "kept-there.mp4", "kept-twice.mp4"];
    let mut ids = Vec::new();
    for name_of in names {
        let frame = rig::announcement(FileKind::Frame, None, name_of);
        for of in [one, other] {
            let meaning = file_with_token(app, name, of, &frame);
            ids.push(rig::send_file(&mut write, 5002, meaning).await.0);
        }
    }
    let [here, _, _, there, twice_here, other_twice] = ids[..] else {
        panic!("{ids:?}");
    };
    for (id, state) in [
        (here, "archived"),
        (there, "fetching"),
        (twice_here, "archived"),
        (other_twice, "archived"),
    ] {
        let update = "UPDATE files SET state = $2 WHERE id = $1";
        rig::run(&mut write, update, &[&id.to_string(), state]).await;
    }
    // A rule deletes the frames of the second one, with a certificate in the end.
    let leave = retention::leave(&mut write, other, FileKind::Frame, "Old", at(1), at(2));
    leave.await.unwrap();
    // The first one was on hold, and the second one is.
    for (of, reason, second) in [(one, "Over", 1), (other, "Complaint", 3)] {
        let held = holds::add(&mut write, of, None, reason, at(second), "ada").await;
        assert!(held.unwrap());
    }
    let released = holds::release(&mut write, one, None, at(2), "ada").await;
    assert!(released.unwrap());
    join(&mut write, app, name, [one, other]).await;
    let held = holds::of_recording(&mut write, one).await.unwrap();
    let held: Vec<_> = held
        .iter()
        .map(|known| (known.reason.as_str(), known.at))
        .collect();
    assert_eq!(held, [("Complaint", at(3))]);
    let leaves = retention::leaves(&mut write, one, FileKind::Frame).await;
    assert_eq!(leaves.unwrap(), Some(("Old".to_owned(), at(1))));
    let known = versions(&mut write, one).await;
    // Behind the composites of both.
    let expected = [
        (here, here, 1),
        (there, there, 1),
        (twice_here, twice_here, 1),
        (other_twice, twice_here, 2),
    ];
    assert_eq!(known[2..], expected);
}

/// The files of a recording, with their takes and versions.
async fn versions(conn: &mut Conn, of: RecordingId) -> Vec<(FileId, FileId, u32)> {
    let files = files::of_recording(conn, of).await.unwrap();
    let version = |file: &files::File| (file.id, file.take, file.version);
    files.iter().map(version).collect()
}

/// Two recordings that were found by files of one meeting, which is not known yet; the first one remains of them.
async fn two_to_join(conn: &mut Conn, app: AppId, name: &str) -> [RecordingId; 2] {
    let part = |from: i64, to: i64| {
        let announced = Announcement {
            started_at: Some(at(from)),
            ended_at: Some(at(to)),
            ..rig::announcement(FileKind::Composite, None, &format!("{from}.mp4"))
        };
        Meaning::File(Box::new(file(app, name, &announced)))
    };
    let (_, one) = rig::send_file(conn, 5000, part(2000, 2100)).await;
    let (_, other) = rig::send_file(conn, 5001, part(2400, 2500)).await;
    assert_ne!(one, other);
    [one, other]
}

/// Joins two recordings, which are of one meeting, at second 2900.
async fn join(conn: &mut Conn, app: AppId, name: &str, [one, other]: [RecordingId; 2]) {
    let events = [(What::Begin, "", 1990), (What::End, "", 2900)];
    rig::send_status(conn, app, name, &events).await;
    assert!(recordings::get(conn, one).await.unwrap().is_some());
    assert_eq!(recordings::get(conn, other).await.unwrap(), None);
}

/// Why each of two recordings was on hold is known of the one that remains, which is on hold anew. Rolled back.
async fn both_holds_survive_a_join(store: &Store, app: AppId) {
    for (reasons, names, expected) in [
        (
            ["Complaint", "Letter"],
            ["ada", "bob"],
            ("Complaint; Letter", "ada, bob"),
        ),
        (["Audit", "Audit"], ["ada", "ada"], ("Audit", "ada")),
    ] {
        let mut write = store.write().await.unwrap();
        let name = "joined-on-hold";
        let both = two_to_join(&mut write, app, name).await;
        for (place, id) in both.into_iter().enumerate() {
            let (reason, by) = (reasons[place], names[place]);
            let held = holds::add(&mut write, id, None, reason, at(3), by).await;
            assert!(held.unwrap());
        }
        join(&mut write, app, name, both).await;
        let held = holds::of_recording(&mut write, both[0]).await.unwrap();
        let held: Vec<_> = held
            .iter()
            .map(|known| ((known.reason.as_str(), known.by.as_str()), known.at))
            .collect();
        assert_eq!(held, [(expected, at(2900))]);
    }
}

/// Of two recordings in the trash, the one that stays there for longer says since when, by whom and why. Rolled back.
async fn the_longer_time_in_the_trash_survives_a_join(store: &Store, app: AppId) {
    let why = |reason: &str| DeletedWhy {
        reason: Some(reason.to_owned()),
        ..DeletedWhy::default()
    };
    // Whether somebody asked for the deletion of each.
    for asked in [[true, true], [true, false], [false, true]] {
        for (until, longer) in [([10, 100], 1), ([100, 10], 0)] {
            let mut write = store.write().await.unwrap();
            let name = "joined-in-the-trash";
            let both = two_to_join(&mut write, app, name).await;
            let in_trash = [0, 1].map(|place: usize| Keep::Trashed {
                at: at(until[place] - 5),
                by: Some(["ada", "bob"][place].to_owned()),
                until: at(until[place]),
            });
            let reasons = ["Wrong room", "Doubled"];
            for (place, id) in both.into_iter().enumerate() {
                let locked = keep::lock(&mut write, id).await.unwrap().unwrap();
                let set = keep::set(&mut write, &locked, &in_trash[place]).await;
                set.unwrap();
                if asked[place] {
                    let ask = purges::ask(&mut write, id, &why(reasons[place])).await;
                    ask.unwrap();
                }
            }
            join(&mut write, app, name, both).await;
            let kept = keep::of(&mut write, both[0]).await.unwrap();
            assert_eq!(kept.as_ref(), Some(&in_trash[longer]));
            let known = purges::asked(&mut write, both[0]).await.unwrap();
            assert_eq!(known, asked[longer].then(|| why(reasons[longer])));
        }
    }
}

/// The key of a copy that the storage did not have is known of the recording that remains, on whichever side it was: the
/// copy may be there again. Nor does a person who takes an assignment back delete it. Rolled back.
async fn a_lost_copy_survives_a_join(store: &Store, app: AppId) {
    for side in [0, 1] {
        let mut write = store.write().await.unwrap();
        let name = "joined-with-a-lost-copy";
        let both = two_to_join(&mut write, app, name).await;
        let frame = rig::announcement(FileKind::Frame, None, "lost.jpg");
        let mut ids = Vec::new();
        for of in both {
            let meaning = file_with_token(app, name, of, &frame);
            ids.push(rig::send_file(&mut write, 5002, meaning).await.0);
        }
        let update = "UPDATE files SET state = 'remote', storage_key = 'lost/a', stored_size = 5, sha256 = 'ab',
                 content_type = 'image/jpeg'
             WHERE id = $1";
        rig::run(&mut write, update, &[&ids[side].to_string()]).await;
        join(&mut write, app, name, both).await;
        let mut known = files::of_recording(&mut write, both[0]).await.unwrap();
        known.retain(|file| file.announced.kind == FileKind::Frame);
        let known: Vec<_> = known
            .iter()
            .map(|file| (file.id, file.stored.as_ref().map(|copy| copy.key.as_str())))
            .collect();
        assert_eq!(known, [(ids[side], Some("lost/a"))]);
        let deleted = files::delete_uncopied(&mut write, ids[side]).await;
        assert!(!deleted.unwrap());
    }
}
