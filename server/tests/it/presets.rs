//! Presets over HTTP: saved, named, put in order, begun with, filled in, gone.

use crate::common::{ADMIN, TestApp};
use reelroom_domain::{
    order::StartForm, preset::Presets, room::RoomId, user::Role, view::RoomView,
};

const RULE: &str = "board_{date}_{random}";

struct Desk {
    app: TestApp,
    cookie: String,
}

impl Desk {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let cookie = app.cookie_of(ADMIN.0, ADMIN.1).await;
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
            .room(Role::Admin, None, &room)
            .await
            .unwrap()
    }

    async fn presets(&self) -> Presets {
        self.room("r").await.presets
    }

    /// Saves one and says its id.
    async fn saved(&self, name: &str, rule: &str) -> String {
        let form = [("preset_name", name), ("rule", rule), ("kind", "Meet")];
        let (status, body) = self.post("save_preset", &form).await;
        assert_eq!(status, 200, "{body}");
        body.trim_matches('"').to_owned()
    }

    async fn names(&self) -> Vec<String> {
        let list = self.presets().await.list;
        list.into_iter().map(|preset| preset.name.into()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preset_is_saved_renamed_overwritten_and_deleted() {
    let desk = Desk::new().await;
    let board = desk.saved(" Board ", RULE).await;
    // A rule may be half done: it is not sent yet.
    desk.saved("half", "x{").await;
    assert_eq!(desk.names().await, ["Board", "half"]);

    for (name, code) in [("BOARD", "taken"), ("  ", "empty"), ("a\nb", "control")] {
        let form = [("preset_name", name), ("rule", "kept_{date}_x")];
        let (status, body) = desk.post("save_preset", &form).await;
        assert_eq!(status, 422, "{name}");
        assert!(body.contains(code), "{body}");
    }
    // What was typed with it is not lost.
    assert_eq!(desk.room("r").await.form.rule, "kept_{date}_x");

    let over = [("preset", board.as_str()), ("rule", "new_{date}_{random}")];
    assert_eq!(desk.post("save_preset", &over).await.0, 200);
    let rename = |name| [("preset", board.as_str()), ("name", name)];
    assert_eq!(desk.post("rename_preset", &rename("half")).await.0, 422);
    assert_eq!(desk.post("rename_preset", &rename("董事会")).await.0, 200);
    let list = desk.presets().await.list;
    assert_eq!(list[0].name.as_str(), "董事会");
    assert_eq!(list[0].form.rule, "new_{date}_{random}");

    let gone = [("preset", board.as_str())];
    assert_eq!(desk.post("delete_preset", &gone).await.0, 200);
    // Who comes too late is told so.
    assert_eq!(desk.post("delete_preset", &gone).await.0, 404);
    assert_eq!(desk.post("rename_preset", &rename("x")).await.0, 404);
    assert_eq!(desk.post("save_preset", &over).await.0, 404);
    assert_eq!(desk.names().await, ["half"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn presets_are_put_in_order() {
    let desk = Desk::new().await;
    let one = desk.saved("one", RULE).await;
    let two = desk.saved("two", RULE).await;
    let up = format!("up {one}");
    let step = [("preset", two.as_str()), ("past", up.as_str())];
    for _ in 0..2 {
        assert_eq!(desk.post("move_preset", &step).await.0, 200);
        assert_eq!(desk.names().await, ["two", "one"]);
    }
    for (past, status) in [("sideways", 422), ("up nobody", 404)] {
        let step = [("preset", two.as_str()), ("past", past)];
        let (answered, body) = desk.post("move_preset", &step).await;
        assert!(answered == status || body.contains("Invalid"), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_begins_with_its_default() {
    let desk = Desk::new().await;
    let all = desk.saved("all", "all_{date}_{random}").await;
    let own = desk.saved("own", "own_{date}_{random}").await;
    let platform = desk.room("fresh").await.form.rule;
    assert_eq!(platform, "ar_{roomid}_{date}_{random}");

    let begin = |id, begin| [("preset", id), ("begin", begin)];
    let for_all = begin(all.as_str(), "all");
    assert_eq!(desk.post("default_preset", &for_all).await.0, 200);
    assert!(desk.room("fresh").await.form.rule.starts_with("all_"));
    let mut for_room = begin(own.as_str(), "room").to_vec();
    for_room.push(("room", "fresh"));
    let (status, _) = desk
        .app
        .call("default_preset", &desk.cookie, &for_room)
        .await;
    assert_eq!(status, 200);
    let fresh = desk.room("fresh").await;
    assert!(fresh.form.rule.starts_with("own_"));
    assert!(fresh.presets.list.iter().any(|preset| preset.for_room));
    // What was typed wins.
    assert!(desk.room("r").await.form.rule.starts_with("own_"));

    assert_eq!(
        desk.post("delete_preset", &[("preset", own.as_str())])
            .await
            .0,
        200
    );
    assert!(desk.room("fresh").await.form.rule.starts_with("all_"));
    let off = begin(all.as_str(), "all off");
    assert_eq!(desk.post("default_preset", &off).await.0, 200);
    assert_eq!(desk.room("fresh").await.form.rule, platform);
    let gone = begin(own.as_str(), "all");
    assert_eq!(desk.post("default_preset", &gone).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_is_filled_in_and_taken_back() {
    let desk = Desk::new().await;
    let board = desk.saved("Board", RULE).await;
    let plain = |with: String, rule: &'static str| {
        let form = [
            ("room", "r".to_owned()),
            ("with", with),
            ("rule", rule.to_owned()),
        ];
        let request = desk.app.post("/fn/fill_in").header("cookie", &desk.cookie);
        request.header("accept", "text/html").form(&form).send()
    };
    let answer = plain(board, "typed by hand").await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/rooms/r");
    let room = desk.room("r").await;
    assert_eq!(room.form.rule, RULE);
    let before = room.presets.before.unwrap();
    assert_eq!(before.rule, "typed by hand");

    plain("before".to_owned(), "changed since").await.unwrap();
    let room = desk.room("r").await;
    assert_eq!(room.form.rule, "typed by hand");
    assert_eq!(room.presets.before.unwrap().rule, "changed since");

    // Nothing was used here yet: what was typed stays.
    let answer = plain("last".to_owned(), "still typed").await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(back.starts_with("/rooms/r?failed=fill_in&why="), "{back}");
    assert_eq!(desk.room("r").await.form.rule, "still typed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_used_last_is_offered_and_counted() {
    let desk = Desk::new().await;
    let start = [("rule", RULE), ("path", "a/b"), ("kind", "Meet")];
    let (status, body) = desk.post("start_recording", &start).await;
    assert_eq!(status, 200, "{body}");
    let room = desk.room("r").await;
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
