//! Presets over HTTP: save, rename, reorder, default, fill in, delete.

use crate::common::{TestApp, actions::location, as_role};
use reelroom_domain::{
    order::StartForm, preset::Presets, room::RoomId, user::Role, view::RoomView,
};

const RULE: &str = "board_{date}_{random}";

struct Rig {
    app: TestApp,
    cookie: String,
}

impl Rig {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let cookie = app.cookie().await;
        Self { app, cookie }
    }

    async fn post(&self, name: &str, form: &[(&str, &str)]) -> (u16, String) {
        let form: Vec<(&str, &str)> = [("room", "r")].iter().chain(form).copied().collect();
        let (status, body) = self.app.call(name, &self.cookie, &form).await;
        (status.as_u16(), body)
    }

    async fn room(&self, room: &str) -> RoomView {
        let room = RoomId::new(room).unwrap();
        self.app
            .service
            .room(as_role(Role::Admin), None, &room)
            .await
            .unwrap()
    }

    async fn presets(&self) -> Presets {
        self.room("r").await.presets
    }

    /// Saves a preset and returns its id.
    async fn save(&self, name: &str, rule: &str) -> String {
        let form = [("preset_name", name), ("rule", rule), ("kind", "Meet")];
        let (status, body) = self.post("save_preset", &form).await;
        assert_eq!(status, 200, "{body}");
        body.trim_matches('"').to_owned()
    }

    async fn names(&self) -> Vec<String> {
        let list = self.presets().await.list;
        list.into_iter()
            .map(|preset| preset.name.as_str().to_owned())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preset_is_saved_renamed_overwritten_and_deleted() {
    let rig = Rig::new().await;
    let board = rig.save(" Board ", RULE).await;
    // A preset may have an incomplete rule, as nothing is sent yet.
    rig.save("half", "x{").await;
    assert_eq!(rig.names().await, ["Board", "half"]);

    for (name, code) in [("BOARD", "taken"), ("  ", "empty"), ("a\nb", "control")] {
        let form = [("preset_name", name), ("rule", "kept_{date}_x")];
        let (status, body) = rig.post("save_preset", &form).await;
        assert_eq!(status, 422, "{name}");
        assert!(body.contains(code), "{body}");
    }
    // The rest of the form is kept.
    assert_eq!(rig.room("r").await.form.rule, "kept_{date}_x");

    let over = [("preset", board.as_str()), ("rule", "new_{date}_{random}")];
    assert_eq!(rig.post("save_preset", &over).await.0, 200);
    let rename = |name| [("preset", board.as_str()), ("name", name)];
    assert_eq!(rig.post("rename_preset", &rename("half")).await.0, 422);
    assert_eq!(rig.post("rename_preset", &rename("董事会")).await.0, 200);
    let list = rig.presets().await.list;
    assert_eq!(list[0].name.as_str(), "董事会");
    assert_eq!(list[0].form.rule, "new_{date}_{random}");

    let deleted = [("preset", board.as_str())];
    assert_eq!(rig.post("delete_preset", &deleted).await.0, 200);
    // A deleted preset is not found.
    assert_eq!(rig.post("delete_preset", &deleted).await.0, 404);
    assert_eq!(rig.post("rename_preset", &rename("x")).await.0, 404);
    assert_eq!(rig.post("save_preset", &over).await.0, 404);
    assert_eq!(rig.names().await, ["half"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn presets_are_put_in_order() {
    let rig = Rig::new().await;
    let one = rig.save("one", RULE).await;
    let two = rig.save("two", RULE).await;
    let up = format!("up {one}");
    let step = [("preset", two.as_str()), ("past", up.as_str())];
    for _ in 0..2 {
        assert_eq!(rig.post("move_preset", &step).await.0, 200);
        assert_eq!(rig.names().await, ["two", "one"]);
    }
    for (past, status) in [("sideways", 422), ("up nobody", 404)] {
        let step = [("preset", two.as_str()), ("past", past)];
        let (answered, body) = rig.post("move_preset", &step).await;
        assert!(answered == status || body.contains("Invalid"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_room_has_its_default_preset() {
    let rig = Rig::new().await;
    let all = rig.save("all", "all_{date}_{random}").await;
    let own = rig.save("own", "own_{date}_{random}").await;
    let platform = rig.room("fresh").await.form.rule;
    assert_eq!(platform, "ar_{roomid}_{date}_{random}");

    let begin = |id, begin| [("preset", id), ("begin", begin)];
    let for_all = begin(all.as_str(), "all");
    assert_eq!(rig.post("default_preset", &for_all).await.0, 200);
    assert!(rig.room("fresh").await.form.rule.starts_with("all_"));
    let mut for_room = begin(own.as_str(), "room").to_vec();
    for_room.push(("room", "fresh"));
    rig.app.done("default_preset", &rig.cookie, &for_room).await;
    let fresh = rig.room("fresh").await;
    assert!(fresh.form.rule.starts_with("own_"));
    assert!(fresh.presets.list.iter().any(|preset| preset.for_room));
    // Typed values take precedence.
    assert!(rig.room("r").await.form.rule.starts_with("own_"));

    assert_eq!(
        rig.post("delete_preset", &[("preset", own.as_str())])
            .await
            .0,
        200
    );
    assert!(rig.room("fresh").await.form.rule.starts_with("all_"));
    let off = begin(all.as_str(), "all off");
    assert_eq!(rig.post("default_preset", &off).await.0, 200);
    assert_eq!(rig.room("fresh").await.form.rule, platform);
    let deleted = begin(own.as_str(), "all");
    assert_eq!(rig.post("default_preset", &deleted).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preset_fills_in_a_plain_form_and_can_be_undone() {
    let rig = Rig::new().await;
    let board = rig.save("Board", RULE).await;
    let plain = |with: String, rule: &'static str| {
        let form = [
            ("room", "r".to_owned()),
            ("with", with),
            ("rule", rule.to_owned()),
        ];
        let request = rig.app.plain("fill_in", &rig.cookie);
        request.form(&form).send()
    };
    let answer = plain(board, "typed by hand").await.unwrap();
    assert_eq!(location(&answer), "/rooms/r");
    let room = rig.room("r").await;
    assert_eq!(room.form.rule, RULE);
    let before = room.presets.before.unwrap();
    assert_eq!(before.rule, "typed by hand");

    plain("before".to_owned(), "changed since").await.unwrap();
    let room = rig.room("r").await;
    assert_eq!(room.form.rule, "typed by hand");
    assert_eq!(room.presets.before.unwrap().rule, "changed since");

    // Nothing was recorded here yet: the typed values stay.
    let answer = plain("last".to_owned(), "still typed").await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(back.starts_with("/rooms/r?failed=fill_in&why="), "{back}");
    assert_eq!(rig.room("r").await.form.rule, "still typed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_type_of_a_room_is_what_it_was_recorded_with() {
    let rig = Rig::new().await;
    let kind = async || rig.room("r").await.kind;
    let live = [("preset_name", "live"), ("rule", RULE), ("kind", "Live")];
    let (status, preset) = rig.post("save_preset", &live).await;
    assert_eq!(status, 200, "{preset}");
    assert_eq!(kind().await, None, "it was saved for a preset only");

    let start = [("rule", RULE), ("kind", "Meet")];
    assert_eq!(rig.post("start_recording", &start).await.0, 200);
    assert_eq!(kind().await.as_deref(), Some("Meet"));
    let preset = preset.trim_matches('"');
    let fill = [("with", preset), ("rule", RULE), ("kind", "Meet")];
    assert_eq!(rig.post("fill_in", &fill).await.0, 200);
    let room = rig.room("r").await;
    let kinds = (room.kind.as_deref(), room.form.kind.as_str());
    assert_eq!(kinds, (Some("Meet"), "Live"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_values_used_last_are_offered() {
    let rig = Rig::new().await;
    let start = [("rule", RULE), ("path", "a/b"), ("kind", "Meet")];
    let (status, body) = rig.post("start_recording", &start).await;
    assert_eq!(status, 200, "{body}");
    let room = rig.room("r").await;
    let used = StartForm {
        rule: RULE.to_owned(),
        path: "a/b".to_owned(),
        kind: "Meet".to_owned(),
        ..StartForm::default()
    };
    assert_eq!(room.presets.last_used, Some(used));
    assert_eq!((room.day.today, room.day.usual), (1, 0));
    assert_eq!(room.presets.before, None);
}
