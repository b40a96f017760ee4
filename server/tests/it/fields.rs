//! Limits of fields: a value at the limit is stored, a longer one is a field error and changes
//! nothing. Values stored before there were limits are cut when read.

use crate::common::{TestApp, actions, anyone, app_form, as_role, with};
use reelroom_domain::{
    app::AppForm,
    file::{ADDRESS_BYTES, NAME_BYTES},
    inbox::InboxTab,
    order::{Draft, FormField, KIND_BYTES, StartForm, USER_DATA_BYTES},
    preset::{PresetName, Presets},
    room::{ParticipantId, RoomId, RoomTitle},
    search::SearchText,
    user::Role,
    view::RoomView,
};
use reelroom_service::InboxQuery;
use reelroom_store::{files, presets, rooms, testing::execute};

/// Upper bound of a room's page without data, which has about 60 KB.
const SMALL_PAGE: usize = 200_000;

async fn room(app: &TestApp, name: &str) -> RoomView {
    let room = RoomId::new(name).unwrap();
    app.service
        .room(as_role(Role::Admin), None, &room)
        .await
        .unwrap()
}

/// Whether the response is this error of this field.
fn is_wrong(body: &str, field: &str, code: &str) -> bool {
    body.contains(&format!(r#"{{"field":"{field}","code":"{code}"}}"#))
}

fn text_of(form: &StartForm, field: FormField) -> &str {
    match field {
        FormField::Rule => &form.rule,
        FormField::Path => &form.path,
        FormField::UserData => &form.user_data,
        FormField::Kind => &form.kind,
        FormField::StopAfter => &form.stop_after,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_the_start_form_is_stored_up_to_its_limit() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for function in ["start_recording", "save_preset", "fill_in"] {
        for &field in FormField::ALL {
            let case = format!("{function} {}", field.as_str());
            let fits = "x".repeat(field.max_bytes());
            let over = "y".repeat(field.max_bytes() + 1);
            let post = async |text: &str| {
                let name = if text == fits { case.as_str() } else { "over" };
                let mut form = vec![("room", case.as_str()), ("with", "last")];
                form.push(("preset_name", name));
                if field != FormField::Rule {
                    form.push(("rule", "half{"));
                }
                form.push((field.as_str(), text));
                app.call(function, &cookie, &form).await
            };
            let (_, body) = post(&fits).await;
            assert!(
                !is_wrong(&body, field.as_str(), "too_long"),
                "{case}: {body}"
            );
            let kept = room(&app, &case).await;
            assert_eq!(text_of(&kept.form, field), fits, "{case}");

            let (status, body) = post(&over).await;
            assert_eq!(status, 422, "{case}: {body}");
            assert!(
                is_wrong(&body, field.as_str(), "too_long"),
                "{case}: {body}"
            );
            let after = room(&app, &case).await;
            assert_eq!(
                (after.form, after.presets),
                (kept.form, kept.presets),
                "{case}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_are_stored_up_to_their_limit() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let saved = [("room", "r"), ("preset_name", "p"), ("rule", "x")];
    let (_, id) = app.call("save_preset", &cookie, &saved).await;
    let id = id.trim_matches('"');
    // Server function, its other fields, field, limit.
    let rename = vec![("room", "r"), ("preset", id)];
    let cases = [
        (
            "save_preset",
            saved[..1].to_vec(),
            "preset_name",
            PresetName::LONGEST,
        ),
        ("rename_preset", rename, "name", PresetName::LONGEST),
        (
            "label_room",
            saved[..1].to_vec(),
            "title",
            RoomTitle::LONGEST,
        ),
        ("add_room", Vec::new(), "room", RoomId::MAX_BYTES),
    ];
    for (function, others, field, most) in cases {
        let post = async |text: &str| {
            let mut form = others.clone();
            form.extend([("rule", "x"), (field, text)]);
            app.call(function, &cookie, &form).await
        };
        // Another letter for each function, as preset names are unique.
        let fits = &function[..1].repeat(most);
        let (status, body) = post(fits).await;
        assert_eq!(status, 200, "{function}: {body}");
        let (status, body) = post(&"y".repeat(most + 1)).await;
        assert_eq!(status, 422, "{function}: {body}");
        assert!(body.contains(r#""field":""#), "{function}: {body}");
        let kept = room(&app, "r").await;
        let names = kept.presets.list.iter().map(|preset| preset.name.as_str());
        let kept = format!(
            "{:?} {}",
            names.collect::<Vec<_>>(),
            kept.label.title.as_str()
        );
        assert!(!kept.contains('y'), "{function}: {kept}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_an_app_is_stored_up_to_its_limit() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let me = app.admin().await;
    let line = |begin: &str| begin.to_owned() + &"x".repeat(AppForm::LINE_BYTES - begin.len());
    let list = "x.example ".repeat(AppForm::LIST_BYTES / 10);
    let kinds = vec!["k".repeat(KIND_BYTES); AppForm::LIST_BYTES / (KIND_BYTES + 1)].join("\n");
    // Field, a value at the limit (`None` where no value of that length is valid), limit.
    let cases = [
        ("name", Some(line("")), AppForm::LINE_BYTES),
        ("app_id", Some(line("")), AppForm::LINE_BYTES),
        (
            "api_base",
            Some(line("http://a.example/")),
            AppForm::LINE_BYTES,
        ),
        (
            "vod_base",
            Some(line("http://a.example/")),
            AppForm::LINE_BYTES,
        ),
        ("method", None, AppForm::LINE_BYTES),
        ("encoding", None, AppForm::LINE_BYTES),
        ("reply_form", None, AppForm::LINE_BYTES),
        ("zone", None, AppForm::LINE_BYTES),
        ("allowed_hosts", Some(list), AppForm::LIST_BYTES),
        ("kinds", Some(kinds), AppForm::LIST_BYTES),
    ];
    let form = app_form("http://a.example", "id");
    let mut apps = 0;
    for (field, fits, most) in cases {
        let post = async |function: &str, id: &str, text: &str| {
            let form = with(form.clone(), &[("id", id), (field, text)]);
            app.call(function, &cookie, &form).await
        };
        let mut id = String::new();
        if let Some(fits) = fits {
            let (status, body) = post("save_app", "", &fits).await;
            assert_eq!(status, 200, "{field}: {body}");
            id = body.trim_matches('"').to_owned();
            apps += 1;
        }
        let over = "y".repeat(most + 1);
        for (function, id) in [("save_app", ""), ("save_app", &id), ("test_app", &id)] {
            if function == "test_app" && id.is_empty() {
                continue;
            }
            let (status, body) = post(function, id, &over).await;
            assert_eq!(status, 422, "{function} {field}: {body}");
            assert!(
                is_wrong(&body, field, "too_long"),
                "{function} {field}: {body}"
            );
        }
        let settings = app.service.settings(&me).await.unwrap();
        assert!(!format!("{settings:?}").contains("yyyy"), "{field}");
        assert_eq!(settings.apps.len(), apps, "{field}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_file_is_stored_up_to_its_limit() {
    let app = TestApp::without_callbacks().await;
    // Each call has a room of its own, unless the field is the room.
    let announce = async |number: usize, field: &str, text: &str| {
        let mut call = serde_json::json!({
            "type": "2",
            "userId": "u",
            "groupId": format!("room {number}"),
            "fileName": format!("{number}.mp4"),
            "downloadUrl": "http://a.example/x",
        });
        call[field] = text.into();
        app.send_callback("av", &call).await;
    };
    let address = |most: usize| format!("http://a.example/{:x<1$}", "", most - 17);
    let cases = [
        ("fileName", NAME_BYTES, "x".repeat(NAME_BYTES)),
        ("groupId", RoomId::MAX_BYTES, "x".repeat(RoomId::MAX_BYTES)),
        (
            "userId",
            ParticipantId::MAX_BYTES,
            "x".repeat(ParticipantId::MAX_BYTES),
        ),
        ("userData", USER_DATA_BYTES, "x".repeat(USER_DATA_BYTES)),
        ("downloadUrl", ADDRESS_BYTES, address(ADDRESS_BYTES)),
    ];
    for (number, (field, most, fits)) in cases.iter().enumerate() {
        assert_eq!(fits.len(), *most, "{field}");
        announce(2 * number, field, fits).await;
        announce(2 * number + 1, field, &format!("{fits}y")).await;
    }
    actions::wait_until_understood(&app, "marker").await;
    let store = app.store().await;
    let mut read = store.read().await.unwrap();
    for (number, (field, _, fits)) in cases.iter().enumerate() {
        let mut kept = Vec::new();
        for number in [2 * number, 2 * number + 1] {
            let name = match *field {
                "groupId" if number % 2 == 0 => fits.clone(),
                _ => format!("room {number}"),
            };
            let Some(row) = room(&app, &name).await.recent.pop() else {
                kept.push(None);
                continue;
            };
            let recording = app.recording(row.id).await;
            let mut files = files::of_recording(&mut read, row.id).await.unwrap();
            let file = files.pop().unwrap().announced;
            kept.push(match *field {
                "fileName" => Some(file.name),
                "groupId" => Some(row.room.to_string()),
                "userId" => file.participant.map(String::from),
                "userData" => recording.user_data,
                _ => Some(file.url).filter(|url| !url.is_empty()),
            });
        }
        assert_eq!(kept, [Some(fits.clone()), None], "{field}");
    }
    // The inbox does not index a name that is too long for a file.
    let call = serde_json::json!({ "fileName": "x".repeat(500_000) });
    app.send_callback("av", &call).await;
    actions::wait_until_understood(&app, "another marker").await;
    let query = InboxQuery {
        tab: InboxTab::Unrecognised,
        search: SearchText::parse("xxxxxxxx"),
        ..InboxQuery::default()
    };
    let found = app.service.inbox(&app.admin().await, query).await.unwrap();
    assert_eq!(found.calls, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_has_at_most_a_hundred_presets() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let save = async |name: &str, over: &str, data: &str| {
        let form = [
            ("room", "r"),
            ("preset_name", name),
            ("preset", over),
            ("rule", "x"),
        ];
        let form = [&form[..], &[("user_data", data)]].concat();
        app.call("save_preset", &cookie, &form).await
    };
    let (_, first) = save("first", "", "").await;
    let first = first.trim_matches('"');
    let id = room(&app, "r").await.app.id;
    let store = app.store().await;
    let mut tx = store.write().await.unwrap();
    for number in 1..Presets::MOST {
        let name = PresetName::parse(&number.to_string()).unwrap();
        let preset = format!("{number:032x}").parse().unwrap();
        let changed = presets::Changed {
            at: reelroom_domain::time::Timestamp::from_millis(0),
            by: "admin",
        };
        let draft = Draft::cut(StartForm::default());
        presets::insert(&mut tx, id, preset, &name, &draft, changed)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();

    let (status, body) = save("one more", "", "").await;
    assert_eq!(status, 422, "{body}");
    assert!(is_wrong(&body, "preset_name", "full"), "{body}");
    let (status, body) = save("", first, "in place of one").await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(room(&app, "r").await.presets.list.len(), Presets::MOST);

    // All presets together have a limit, too, as pages carry them.
    let large = "x".repeat(FormField::UserData.max_bytes());
    let list = room(&app, "r").await.presets.list;
    let mut full = 0;
    for preset in &list[..Presets::MAX_BYTES / large.len()] {
        let (status, body) = save("", &preset.id.to_string(), &large).await;
        full += usize::from(status == 422 && is_wrong(&body, "preset_name", "full"));
    }
    assert_eq!(full, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_is_sent_no_presets() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let form = [
        ("room", "r"),
        ("preset_name", "PresetName"),
        ("rule", "preset_rule_x"),
        ("path", "preset/path"),
        ("user_data", "preset data"),
        ("kind", "Meet"),
    ];
    app.done("save_preset", &cookie, &form).await;
    let page = async |cookie: &str| actions::page_of(&app, "/rooms/r", cookie).await.1;
    assert!(page(&cookie).await.contains("PresetName"));
    app.done("start_recording", &cookie, &form).await;
    let seen = page(&app.viewer_cookie().await).await;
    for secret in ["PresetName", "preset/path", "preset data"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    let room = RoomId::new("r").unwrap();
    let view = app.service.room(anyone(), None, &room).await.unwrap();
    assert_eq!(view.presets, Presets::default());
    assert_eq!(view.form, StartForm::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_or_a_cursor_of_any_length_is_answered() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let call = r#"{"type":"1","groupId":"r","fileName":"a.mp4"}"#;
    let sent = app.callback("av").body(call);
    assert_eq!(sent.send().await.unwrap().status(), 200);
    let me = app.admin().await;
    let id = crate::common::eventually("the call", async || {
        let inbox = app.service.inbox(&me, InboxQuery::default()).await.unwrap();
        inbox.calls.first().map(|call| call.id)
    })
    .await;
    // The longest address that a server takes.
    let call = format!("/callbacks?call={id}&find=");
    for long in ["x".repeat(60_000), "%25".repeat(20_000), "1".repeat(60_000)] {
        for page in [
            "/?q=",
            "/?after=",
            "/?rows=",
            "/recordings?q=",
            "/recordings?before=",
            "/callbacks?q=",
            "/callbacks?before=",
            "/jump?q=",
            &call,
        ] {
            let (status, _) = actions::page_of(&app, &format!("{page}{long}"), &cookie).await;
            assert_eq!(status, 200, "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_400_000_colons_is_rejected() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    let rule = ":".repeat(400_000);
    let form = [("room", "r"), ("rule", rule.as_str()), ("kind", "Meet")];
    let (status, body) = app.call("start_recording", &cookie, &form).await;
    assert_eq!(status, 422);
    assert!(
        is_wrong(&body, "rule", "too_long") && body.len() < 200,
        "{body}"
    );
    assert!(!room(&app, "r").await.form.rule.contains(':'));

    // Without a script, the redirect shows the error at the field.
    app.done("add_room", &cookie, &[("room", "r")]).await;
    let plain = app.plain("start_recording", &cookie).form(&form);
    let answer = plain.send().await.unwrap();
    let back = actions::location(&answer);
    assert!(back.len() < 2000, "{}", back.len());
    let page = actions::page(&app, back).await;
    assert!(page.contains("A rule has at most 1,024 bytes."));
    assert!(page.len() < SMALL_PAGE, "{}", page.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn oversized_rows_are_cut_to_the_limit_when_read() {
    let app = TestApp::without_callbacks().await;
    let store = app.store().await;
    let here = RoomId::new("r").unwrap();
    let id = room(&app, "r").await.app.id;
    let mut tx = store.write().await.unwrap();
    let at = reelroom_domain::time::Timestamp::from_millis(0);
    rooms::ensure(&mut tx, id, &here, at).await.unwrap();
    let draft = Draft::cut(StartForm::default());
    rooms::set_form(&mut tx, id, &here, Some(&draft))
        .await
        .unwrap();
    for number in 0..12 {
        let name = PresetName::parse(&number.to_string()).unwrap();
        let preset = format!("{number:032x}").parse().unwrap();
        let changed = presets::Changed { at, by: "admin" };
        presets::insert(&mut tx, id, preset, &name, &draft, changed)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    // 400,000 colons, and 1.8 MB of user data in each preset.
    execute(
        &store,
        "UPDATE rooms SET rule = REPLACE(HEX(ZEROBLOB(200000)), '0', ':')",
    )
    .await;
    execute(
        &store,
        "UPDATE presets SET user_data = HEX(ZEROBLOB(900000)), rule = HEX(ZEROBLOB(200000))",
    )
    .await;
    let page = actions::page(&app, "/rooms/r").await;
    assert!(page.contains(&":".repeat(1024)) && !page.contains(&":".repeat(1025)));
    let most = SMALL_PAGE + 2 * Presets::MAX_BYTES;
    assert!(page.len() < most, "{}", page.len());
    let kept = room(&app, "r").await;
    assert_eq!(kept.form.rule.len(), 1024);
    let bytes: usize = kept.presets.list.iter().map(|p| p.form.text_bytes()).sum();
    assert!(
        bytes <= Presets::MAX_BYTES && bytes > Presets::MAX_BYTES / 2,
        "{bytes}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_minutes_are_told_at_their_field() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for (late, due, field) in [("a", "60", "late"), ("20", "a", "due"), ("20", "20", "due")] {
        let form = [("late", late), ("due", due)];
        let (status, body) = app.call("set_patience", &cookie, &form).await;
        assert_eq!(status, 422, "{body}");
        assert!(is_wrong(&body, field, "not_minutes"), "{field}: {body}");
    }
}
