use std::{collections::BTreeMap, net::Ipv6Addr};

use futures::TryStreamExt;
use reelroom_domain::{
    access::{Rights, Verb},
    act::{Act, ActFilter, ActKind, ExportForm, detail},
    file::FileKind,
    ids::FileId,
    recording::{Recording, RecordingState},
    user::Role,
};
use reelroom_store::testing::execute;

use crate::{
    Browser, Principal, ServiceError, SignInError,
    ground::gathered::Fact,
    testing::{TestService, account, at, insert_stopped, refused, silent_app, sqlite},
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 2027-01-15.
const NOW: i64 = 1_800_000_000_000;

/// A composite, the second version of a track, and a frame.
const FILES: &str = "INSERT INTO files (id, take, version, recording_id, kind, media, participant, name, name_key,
        url, announced_at, state, tries)
    SELECT n.id, n.id, n.version, r.id, n.kind, 'video', n.participant, n.name, n.name, '', 0, 'archived', 0
    FROM recordings r, (SELECT '00000000000000000000000000000001' AS id, 1 AS version, 'composite' AS kind,
            '' AS participant, 'hall.mp4' AS name
        UNION ALL SELECT '00000000000000000000000000000002', 2, 'track', 'ada', 'ada.mp4'
        UNION ALL SELECT '00000000000000000000000000000003', 1, 'frame', '', 'hall.jpg') n";

struct Case {
    service: TestService,
    recording: Recording,
    by: Principal,
    browser: Browser,
}

impl Case {
    async fn open() -> Self {
        let service = TestService::open(sqlite, NOW).await;
        let app = silent_app(&service).await;
        let recording = insert_stopped(&service, app, RecordingState::Ready).await;
        execute(&service.0.store, FILES).await;
        let by = account(&service, "eve", Role::Admin).await;
        let browser = Browser {
            agent: "Firefox".to_owned(),
            ..at(1)
        };
        Self {
            service,
            recording,
            by,
            browser,
        }
    }

    fn sent(&self, verb: Verb, number: u32, kind: FileKind) {
        let id: FileId = format!("{number:032}").parse().unwrap();
        let (by, browser) = (&self.by, &self.browser);
        if verb == Verb::Download {
            self.service.record_downloaded(by, browser, id);
        } else {
            self.sent_bytes((id, kind), Some(10), 10);
        }
    }

    fn sent_bytes(&self, file: (FileId, FileKind), size: Option<u64>, bytes: u64) {
        let (by, browser) = (&self.by, &self.browser);
        self.service.record_sent(by, browser, file, size, bytes);
    }

    async fn write(&self) {
        self.service.store_gathered().await.unwrap();
    }

    /// The acts of the history, the oldest first.
    async fn acts(&self) -> Vec<Act> {
        let history = self
            .service
            .access_history(&self.by, ActFilter::default(), None);
        let mut acts = history.await.unwrap().acts;
        acts.reverse();
        acts
    }
}

fn known(act: &Act) -> Vec<(&str, &str)> {
    let known = act.detail.iter();
    known
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn watching_is_one_act_until_a_pause_of_ten_minutes() {
    let case = Case::open().await;
    // 50 ranges of a player, over 49 minutes.
    for _ in 0..50 {
        case.sent(Verb::Watch, 1, FileKind::Composite);
        case.sent(Verb::Watch, 3, FileKind::Frame);
        case.write().await;
        case.service.pass(MINUTE);
    }
    case.service.pass(10 * MINUTE);
    case.sent(Verb::Watch, 1, FileKind::Composite);
    case.write().await;
    let acts = case.acts().await;
    assert_eq!(acts.len(), 2, "{acts:?}");
    let first = &acts[0];
    assert_eq!(first.kind, ActKind::Watched);
    assert_eq!(first.until.since(first.at), 49 * MINUTE);
    assert_eq!(
        (first.name.as_str(), first.user),
        ("eve", Some(case.by.user))
    );
    assert_eq!(first.subject, "hall.mp4");
    let room = (case.recording.app, case.recording.room.clone());
    assert_eq!(first.room, Some(room));
    assert_eq!(first.recording, Some(case.recording.id));
    assert_eq!(known(first), [("kind", "composite")]);
    assert_eq!(first.address.as_deref(), Some("192.0.2.1"));
    assert_eq!(first.agent, "Firefox");
}

#[tokio::test]
async fn opening_a_page_is_not_watching() {
    const MIB: u64 = 1 << 20;
    let case = Case::open().await;
    let id = |number: u32| -> FileId { format!("{number:032}").parse().unwrap() };
    let (composite, track) = ((id(1), FileKind::Composite), (id(2), FileKind::Track));
    let watched = async || {
        case.write().await;
        let acts = case.acts().await;
        acts.into_iter().map(|act| act.subject).collect::<Vec<_>>()
    };
    // The bytes that players load of a file at first, and those of a smaller one.
    case.sent_bytes(composite, Some(100 * MIB), MIB - 1);
    case.sent_bytes(track, Some(1000), 499);
    assert_eq!(watched().await, [""; 0]);
    // After a pause it is another visit.
    case.service.pass(10 * MINUTE + 1);
    case.sent_bytes(composite, Some(100 * MIB), 1);
    case.sent_bytes(track, Some(1000), 1);
    assert_eq!(watched().await, [""; 0]);
    case.service.pass(MINUTE);
    case.sent_bytes(composite, Some(100 * MIB), MIB - 1);
    assert_eq!(watched().await, ["hall.mp4"]);
    case.sent_bytes(track, Some(1000), 499);
    assert_eq!(watched().await, ["hall.mp4", "ada.mp4"]);
}

#[tokio::test]
async fn another_file_and_another_address_are_other_acts() {
    let mut case = Case::open().await;
    case.sent(Verb::Watch, 1, FileKind::Composite);
    case.sent(Verb::Watch, 2, FileKind::Track);
    case.sent(Verb::Download, 2, FileKind::Track);
    case.sent(Verb::Download, 3, FileKind::Frame);
    case.write().await;
    case.browser.address = None;
    case.service.pass(1);
    case.sent(Verb::Watch, 1, FileKind::Composite);
    let sent = BTreeMap::from([(case.recording.id, 12)]);
    case.service.record_archive(&case.by, &case.browser, &sent);
    case.write().await;
    let acts = case.acts().await;
    let mut kinds: Vec<_> = acts.iter().map(|act| (act.kind, known(act))).collect();
    kinds.sort_by_key(|(kind, known)| (kind.as_str(), known.clone()));
    let track = vec![("kind", "track"), ("participant", "ada"), ("version", "2")];
    let composite = vec![("kind", "composite")];
    assert_eq!(
        kinds,
        [
            (ActKind::Downloaded, vec![("files", "12")]),
            (ActKind::Downloaded, vec![("kind", "frame")]),
            (ActKind::Downloaded, track.clone()),
            (ActKind::Watched, composite.clone()),
            (ActKind::Watched, composite),
            (ActKind::Watched, track),
        ]
    );
    // The page of the recording shows them to those who see the history.
    let id = case.recording.id;
    let of_recording = case.service.accesses(&case.by, id).await.unwrap();
    assert_eq!(of_recording.unwrap().len(), 6);
    case.by.access.role = Role::Operator;
    assert_eq!(case.service.accesses(&case.by, id).await.unwrap(), None);
    let history = case
        .service
        .access_history(&case.by, ActFilter::default(), None);
    refused!(history => ServiceError::Forbidden);
}

#[tokio::test]
async fn wrong_tries_are_counted_by_name_and_address() {
    let case = Case::open().await;
    for (name, tries) in [("EVE", 11), ("my secret password", 2)] {
        for _ in 0..tries {
            let tried = case.service.sign_in(&case.browser, name, "wrong horse");
            refused!(tried => SignInError::Wrong | SignInError::TooManyTries);
        }
        case.write().await;
    }
    let acts = case.acts().await;
    let found: Vec<_> = acts
        .iter()
        .map(|act| (act.kind, act.name.as_str(), act.user))
        .collect();
    assert_eq!(
        found,
        [
            (ActKind::WrongSignIn, "eve", None),
            (ActKind::WrongSignIn, "", None),
        ],
        "a name that no account has is not kept"
    );
    let of_eve = &acts[0];
    let tries = [detail::TRIES, detail::THROTTLED].map(|name| of_eve.counter(name));
    assert_eq!(tries.map(Option::unwrap_or_default).iter().sum::<u64>(), 11);
    assert!(tries[1].is_some(), "{of_eve:?}");
}

#[tokio::test]
async fn refused_tries_from_many_addresses_of_a_network_are_one_act() {
    let mut case = Case::open().await;
    for last in 1..=9 {
        let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last);
        case.browser.address = Some(address.into());
        let fact = Fact::Throttled;
        case.service.record_wrong(&case.browser, None, None, fact);
    }
    case.write().await;
    let acts = case.acts().await;
    assert_eq!(acts.len(), 1, "{acts:?}");
    assert_eq!(acts[0].counter(detail::THROTTLED), Some(9));
    assert_eq!(acts[0].address.as_deref(), Some("2001:db8:0:1::"));
}

#[tokio::test]
async fn acts_are_deleted_after_the_days_of_the_setting() {
    let case = Case::open().await;
    case.sent(Verb::Watch, 1, FileKind::Composite);
    case.write().await;
    case.service.pass(730 * DAY);
    case.service.delete_old_rows().await.unwrap();
    assert_eq!(case.acts().await.len(), 1);
    case.service.pass(1);
    case.service.delete_old_rows().await.unwrap();
    assert_eq!(case.acts().await, []);
}

#[tokio::test]
async fn an_export_has_every_row_and_is_an_act() {
    let case = Case::open().await;
    // More than are read at once.
    execute(
        &case.service.0.store,
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2300)
         INSERT INTO acts (at, until, name, kind, subject, detail, agent, search_key)
         SELECT n, n, 'ada', 'signed_in', '', '{}', '', 'ada' FROM n",
    )
    .await;
    // Not yet written.
    case.sent(Verb::Watch, 1, FileKind::Composite);
    for (form, lines) in [(ExportForm::Csv, 2302), (ExportForm::Jsonl, 2302)] {
        let filter = ActFilter::default();
        let export = case
            .service
            .export_history(&case.by, Some(&case.browser), filter, form);
        let chunks: Vec<_> = export.await.unwrap().try_collect().await.unwrap();
        assert!(chunks.len() >= 3, "it is not in memory at once");
        let text = String::from_utf8(chunks.concat()).unwrap();
        // The CSV has a head; the JSON lines have the export before.
        assert_eq!(text.lines().count(), lines, "{form:?}");
        let last = case.acts().await.pop().unwrap();
        assert_eq!(last.kind, ActKind::Exported);
        let rows = lines as u64 - u64::from(form == ExportForm::Csv);
        assert_eq!(last.counter(detail::ROWS), Some(rows));
        case.service.pass(1);
    }
    let mut by = case.by.clone();
    by.access.rights = Rights::default();
    let filter = ActFilter::default();
    let service = &case.service;
    let export = service.export_history(&by, Some(&case.browser), filter, ExportForm::Csv);
    refused!(export => ServiceError::Forbidden);
}
