//! What the accounts meet: a room that was recorded, another room, and another app.

use std::{collections::BTreeMap, time::Duration};

use crate::common::{
    ADMIN, SECRET, TestApp,
    actions::{self, page_of, start, stop, view},
    app_form, eventually,
};
use reelroom_domain::{
    access::{Grant, Rights},
    case::CaseForm,
    file::{FileKind, FileState},
    ids::{AppId, RecordingId},
    outcome::ItemOutcome,
    recording::{Origin, Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
    user::Role,
    view::{FileView, Presence},
};
use reelroom_service::{Browser, NewPerson, Selection, SharedRng};
use reelroom_store::{recordings, testing::all_calls};

/// The accounts: letter, role, rights, and whether the room or another one is granted.
const ACCOUNTS: [(char, Role, &str, &[Granted]); 9] = [
    ('O', Role::Operator, "download", &[Granted::TheRoom]),
    ('o', Role::Operator, "download", &[Granted::Another]),
    ('V', Role::Viewer, "download", &[Granted::TheRoom]),
    ('v', Role::Viewer, "", &[Granted::TheRoom]),
    ('w', Role::Viewer, "download", &[Granted::Another]),
    ('u', Role::Auditor, "download", &[]),
    ('U', Role::Auditor, "download", &[Granted::TheRoom]),
    ('0', Role::Viewer, "download", &[]),
    // All rights, but a role that may not record.
    (
        'd',
        Role::Viewer,
        "delete,release,share,export",
        &[Granted::TheRoom],
    ),
];

#[derive(Debug, Clone, Copy)]
enum Granted {
    /// The rooms of the app that begin like the room of the table.
    TheRoom,
    /// One other room of the app.
    Another,
}

pub const ROOM: &str = "hush-room-7";
pub const TITLE: &str = "Quiet-circle";
/// The number of a case that holds nothing.
pub const CASE: &str = "K-77-quiet";
pub const ANOTHER: &str = "open-lab";

/// A server with a room that was recorded, another room, another app, and the accounts. There are a case, and for the
/// room a retention rule, a saved view, and the certificate of another recording.
pub struct World {
    pub app: TestApp,
    pub recording: RecordingId,
    pub file: FileView,
    pub values: BTreeMap<&'static str, String>,
    /// The `Cookie` header of each account; empty for nobody.
    pub cookies: BTreeMap<char, String>,
}

impl World {
    pub async fn new() -> Self {
        let app = TestApp::start().await;
        let other_app = app.service.app_ids().await.unwrap()[0];
        let base = format!("http://{}", app.sandbox.addr());
        let mut form = app_form(&base, "test0app");
        form.push(("vod_base", ""));
        let of: AppId = app.save_app(&form).await.parse().unwrap();
        let recording = start(&app, ROOM).await;
        tokio::time::sleep(Duration::from_millis(2500)).await;
        stop(&app, recording).await;
        let file = eventually("the copies and the pictures", async || {
            let view = app.recording(recording).await;
            let is_kept = |file: &FileView| file.state == FileState::Archived;
            let is_whole =
                view.row.state == RecordingState::Ready && view.files.iter().all(is_kept);
            let mut files = view.files.into_iter();
            let file = files.find(|file| file.kind == FileKind::Composite)?;
            (is_whole && file.strip.is_some()).then_some(file)
        })
        .await;
        eventually("the end of the meeting", async || {
            let is_over = view(&app.service, ROOM).await.presence == Presence::Empty;
            is_over.then_some(())
        })
        .await;
        let label = [("room", ROOM), ("title", TITLE)];
        assert_eq!(actions::post(&app, "label_room", &label).await, 200);
        let another = [("room", ANOTHER)];
        assert_eq!(actions::post(&app, "add_room", &another).await, 200);

        let calls = all_calls(&app.store().await).await;
        let call = calls
            .iter()
            .find(|call| call.recording() == Some(recording));
        let admin = app.cookie().await;
        let preset = new_preset(&app, &admin).await;
        let below = new_preset(&app, &admin).await;
        let view = new_view(&app, &admin).await;
        let certificate = new_certificate(&app, of).await;
        let case = new_case(&app).await;
        let rule = new_rule(&app, &admin, of).await;
        let [person, link, group] = people(&app).await;
        let values = BTreeMap::from([
            ("person", person),
            ("link", link),
            ("group", group),
            ("app", of.to_string()),
            ("other_app", other_app.to_string()),
            ("room", ROOM.to_owned()),
            ("title", TITLE.to_owned()),
            ("recording", recording.to_string()),
            ("file", file.id.to_string()),
            ("call", call.unwrap().call.id.to_string()),
            ("certificate", certificate),
            ("case", case),
            ("rule", rule),
            ("preset", preset),
            ("view", view),
            ("past", format!("down {below}")),
            ("secret", SECRET.to_owned()),
            ("name", ADMIN.0.to_owned()),
            ("password", ADMIN.1.to_owned()),
        ]);
        let mut cookies = BTreeMap::from([('n', String::new()), ('A', admin)]);
        for (letter, role, rights, granted) in ACCOUNTS {
            let grants: Vec<Grant> = granted.iter().map(|granted| grant(of, *granted)).collect();
            let name = format!("account-{}-{letter}", u32::from(letter));
            app.add_account(&name, role, rights, &grants).await;
            cookies.insert(letter, app.cookie_of(&name, ADMIN.1).await);
        }
        Self {
            app,
            recording,
            file,
            values,
            cookies,
        }
    }

    /// A page as an account sees it.
    pub async fn page(&self, account: char, path: &str) -> String {
        page_of(&self.app, path, &self.cookies[&account]).await.1
    }
}

fn grant(app: AppId, granted: Granted) -> Grant {
    match granted {
        Granted::TheRoom => Grant::Prefix {
            app,
            prefix: actions::room("hush-"),
        },
        Granted::Another => Grant::Room {
            app,
            room: actions::room(ANOTHER),
        },
    }
}

/// Adds a person and a group. Returns the id of the person, the token of its one-time link, and the id of the
/// group.
async fn people(app: &TestApp) -> [String; 3] {
    let (admin, browser) = (app.admin().await, Browser::default());
    let new = NewPerson {
        name: "linked".to_owned(),
        person: String::new(),
        role: Role::Viewer,
        rights: Rights::default(),
        grant: None,
        group: None,
    };
    let (person, link) = app.service.add_person(&admin, &browser, new).await.unwrap();
    let group = app.service.add_group(&admin, &browser, "Board", "").await;
    [
        person.to_string(),
        link.as_str().to_owned(),
        group.unwrap().to_string(),
    ]
}

/// Deletes a new recording of the room for good. Returns the number of its certificate.
async fn new_certificate(app: &TestApp, of: AppId) -> String {
    let (admin, browser, store) = (app.admin().await, Browser::default(), app.store().await);
    let at = Timestamp::from_millis(1_795_572_000_000);
    let id = SharedRng::from_seed(3).id(at);
    let mut tx = store.write().await.unwrap();
    let recording = found_recording(id, of, actions::room(ROOM), at);
    recordings::insert(&mut tx, &recording).await.unwrap();
    tx.commit().await.unwrap();
    let these = Selection::These(vec![id]);
    let trashed = app.service.trash(&admin, &browser, these).await;
    assert_eq!(trashed.unwrap()[&id], ItemOutcome::Done);
    app.service
        .delete_now(&admin, &browser, &[id], "delete 1", "Wrong room")
        .await
        .unwrap();
    eventually("the certificate", async || {
        let all = app.service.certificates(&admin).await.unwrap();
        all.into_iter().next().map(|one| one.number)
    })
    .await
}

/// Opens a case. Returns its id.
async fn new_case(app: &TestApp) -> String {
    let form = CaseForm {
        number: CASE.to_owned(),
        name: "Audit".to_owned(),
        reason: "Letter of 14 Nov".to_owned(),
        reference: String::new(),
    };
    let (admin, browser) = (app.admin().await, Browser::default());
    let opened = app.service.open_case(&admin, &browser, &form, &[]).await;
    opened.unwrap().to_string()
}

/// Saves a retention rule for the room. Returns its id.
async fn new_rule(app: &TestApp, admin: &str, of: AppId) -> String {
    let of = of.to_string();
    let form = [
        ("name", "Old"),
        ("in_app", of.as_str()),
        ("rooms", ROOM),
        ("days", "3000"),
        ("state_ready", "yes"),
        ("composite", "yes"),
    ];
    let body = app.done("save_rule", admin, &form).await;
    serde_json::from_str(&body).unwrap()
}

/// A recording without files that the platform made by itself.
pub fn found_recording(id: RecordingId, app: AppId, room: RoomId, at: Timestamp) -> Recording {
    Recording {
        origin: Origin::AutoRecorded,
        state: RecordingState::Ready,
        started_at: Some(at),
        stopped_at: Some(at),
        ..Recording::requested(id, app, room, at)
    }
}

/// Saves a preset under a name of its own. Returns its id.
pub async fn new_preset(app: &TestApp, admin: &str) -> String {
    let random: u64 = rand::random();
    let form = [
        ("room", ROOM),
        ("rule", "a_{date}_{random}"),
        ("kind", "Meet"),
        ("preset_name", &*random.to_string()),
    ];
    let body = app.done("save_preset", admin, &form).await;
    serde_json::from_str(&body).unwrap()
}

/// Saves a view of the room under a unique name, shared with everyone who sees the room. Returns its id.
pub async fn new_view(app: &TestApp, admin: &str) -> String {
    let random: u64 = rand::random();
    let form = [
        ("name", &*random.to_string()),
        ("find", &*format!("room={ROOM}")),
        ("shared", "all"),
        ("tab", "yes"),
    ];
    let body = app.done("save_view", admin, &form).await;
    serde_json::from_str(&body).unwrap()
}
