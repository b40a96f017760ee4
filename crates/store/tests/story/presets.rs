//! Presets: insert, rename, move, defaults, delete.

use reelroom_domain::{
    ids::{AppId, PresetId},
    order::{Draft, StartForm},
    preset::{Move, PresetName},
    recording::{AutoStop, RecordingState},
};
use reelroom_store::{
    Store, Write,
    presets::{self, Changed},
    rooms,
};

use crate::{at, id, recording, rig, room};

fn name(text: &str) -> PresetName {
    PresetName::parse(text).unwrap()
}

fn form(rule: &str) -> Draft {
    Draft::cut(StartForm {
        rule: rule.to_owned(),
        path: "a/b".to_owned(),
        user_data: r#"{"课": 1}"#.to_owned(),
        kind: "Meet".to_owned(),
        stop_after: "45".to_owned(),
        stop_at_end: true,
    })
}

const CHANGED: Changed<'static> = Changed {
    at: reelroom_domain::time::Timestamp::from_millis(1),
    by: "Ada",
};

/// Rolled back, as other parts count rooms and recordings.
pub async fn story(store: &Store, app: AppId) {
    let mut write = store.write().await.unwrap();
    let here = room("presets");
    rooms::ensure(&mut write, app, &here, at(1)).await.unwrap();
    let (board, lesson, other): (PresetId, PresetId, PresetId) = (id(1), id(2), id(3));

    for (preset, title, kept) in [
        (board, "Board", true),
        (lesson, "课程", true),
        (other, "Other", true),
        // Names are unique in any case.
        (id(4), "BOARD", false),
    ] {
        let done =
            presets::insert(&mut write, app, preset, &name(title), &form(title), CHANGED).await;
        assert_eq!(done.unwrap(), kept, "{title}");
    }
    // Another app has its own names.
    let (title, typed) = (name("Board"), form("x"));
    let elsewhere = presets::insert(&mut write, id(0xa0), id(5), &title, &typed, CHANGED);
    assert!(elsewhere.await.unwrap());
    assert_eq!(names(&mut write, app).await, ["Board", "课程", "Other"]);

    let listed = presets::list(&mut write, app, &here).await.unwrap();
    assert_eq!(listed[1].form, StartForm::from(form("课程")));
    assert!(!listed[1].for_room && !listed[1].for_all);

    let mut renamed = Vec::new();
    for (preset, title) in [
        (lesson, "board"),
        (lesson, "Lesson"),
        (lesson, "LESSON"),
        (id(9), "New"),
        // Of another app.
        (id(5), "New"),
    ] {
        renamed.push(
            presets::rename(&mut write, app, preset, &name(title), CHANGED)
                .await
                .unwrap(),
        );
    }
    assert_eq!(renamed, [false, true, true, false, false]);

    let done = presets::overwrite(&mut write, app, other, &form("new"), CHANGED).await;
    assert!(done.unwrap());
    let missing = presets::overwrite(&mut write, app, id(9), &form("new"), CHANGED).await;
    assert!(!missing.unwrap());

    for (preset, step, past, order) in [
        (other, Move::Up, lesson, ["Board", "Other", "LESSON"]),
        (other, Move::Up, board, ["Other", "Board", "LESSON"]),
        // A repeated move changes nothing.
        (other, Move::Up, board, ["Other", "Board", "LESSON"]),
        (board, Move::Down, lesson, ["Other", "LESSON", "Board"]),
        (board, Move::Up, other, ["Board", "Other", "LESSON"]),
    ] {
        assert!(
            presets::move_past(&mut write, app, preset, step, past)
                .await
                .unwrap()
        );
        assert_eq!(names(&mut write, app).await, order);
    }
    for (preset, past) in [(id(9), board), (board, id(9)), (board, id(5))] {
        assert!(
            !presets::move_past(&mut write, app, preset, Move::Up, past)
                .await
                .unwrap()
        );
    }

    for preset in [Some(board), Some(other), None, Some(lesson)] {
        presets::set_for_all(&mut write, app, preset).await.unwrap();
        let list = presets::list(&mut write, app, &here).await.unwrap();
        let found = list.iter().find(|p| p.for_all).map(|p| p.id);
        assert_eq!(found, preset);
    }
    let set = presets::set_for_room(&mut write, app, &here, Some(board)).await;
    set.unwrap();
    let list = presets::list(&mut write, app, &here).await.unwrap();
    assert_eq!(list.iter().filter(|p| p.for_room).count(), 1);
    let list = presets::list(&mut write, app, &room("quiet"))
        .await
        .unwrap();
    assert!(list.iter().all(|p| !p.for_room));

    // A deleted preset is no room's default.
    assert!(presets::delete(&mut write, app, board).await.unwrap());
    assert!(!presets::delete(&mut write, app, board).await.unwrap());
    assert!(!presets::exists(&mut write, app, board).await.unwrap());
    assert!(presets::exists(&mut write, app, lesson).await.unwrap());
    let list = presets::list(&mut write, app, &here).await.unwrap();
    assert!(list.iter().all(|p| !p.for_room));

    assert_eq!(
        presets::form_before(&mut write, app, &here).await.unwrap(),
        None
    );
    for kept in [Some(form("typed")), None] {
        presets::set_form_before(&mut write, app, &here, kept.as_ref())
            .await
            .unwrap();
        let read = presets::form_before(&mut write, app, &here).await;
        assert_eq!(read.unwrap(), kept);
    }
    the_last_used_form_is_read(&mut write, app).await;
}

async fn names(write: &mut Write, app: AppId) -> Vec<String> {
    let list = presets::list(write, app, &room("presets")).await.unwrap();
    list.into_iter()
        .map(|preset| preset.name.as_str().to_owned())
        .collect()
}

async fn the_last_used_form_is_read(write: &mut Write, app: AppId) {
    let here = room("presets");
    let last = presets::last_used(write, app, &here).await.unwrap();
    assert_eq!(last, None);
    for (number, second, rule, state) in [
        (0xe1, 500, "first", RecordingState::Ready),
        (0xe2, 600, "second", RecordingState::AwaitingFiles),
        (0xe3, 700, "refused", RecordingState::Failed),
    ] {
        let run = reelroom_domain::recording::Recording {
            state,
            rule: Some(rule.to_owned()),
            path: None,
            auto_stop: AutoStop {
                after_ms: Some(90 * 60_000),
                at_end: false,
            },
            ..recording(number, app, "presets", second)
        };
        rig::insert(write, &run).await;
    }
    let last = presets::last_used(write, app, &here).await.unwrap();
    let last = StartForm::from(last.unwrap());
    assert_eq!(
        (
            last.rule.as_str(),
            last.path.as_str(),
            last.stop_after.as_str()
        ),
        ("second", "", "90")
    );
    for (since, limit, found) in [
        (0, 10, vec![at(600), at(500)]),
        (501, 10, vec![at(600)]),
        (0, 1, vec![at(600)]),
    ] {
        let starts = presets::starts(write, app, &here, at(since), limit).await;
        assert_eq!(starts.unwrap(), found);
    }
}
