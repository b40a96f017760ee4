use std::collections::BTreeSet;

use futures::TryStreamExt;
use reelroom_domain::{
    about::{AboutForm, Tags},
    access::{Grant, Rights},
    act::{ActFilter, ActKind, ExportForm, RECORDINGS, detail},
    find::Find,
    ids::{AppId, RecordingId},
    outcome::{ItemOutcome, Outcomes},
    recording::RecordingState,
    room::RoomId,
    user::Role,
};
use reelroom_store::{DatabaseUrl, acts, testing::Databases};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    library::LibraryQuery,
    select::{Selection, SelectionError},
};
use crate::{
    Browser, Principal, ServiceError,
    testing::{TestService, account, insert_stopped, on_both, refused, silent_app, sqlite},
};

/// A Sunday in Shanghai.
const NOW: i64 = 1_795_339_805_000;

/// A service without jobs, and an operator with all rights who reaches its app.
struct Case {
    service: TestService,
    app: AppId,
    operator: Principal,
}

impl Case {
    async fn open(url: impl FnOnce(&TempDir) -> DatabaseUrl) -> Self {
        let service = TestService::open(url, NOW).await;
        let app = silent_app(&service).await;
        let mut operator = account(&service, "ada", Role::Operator).await;
        operator.access.grants = vec![Grant::App { app }];
        Self {
            service,
            app,
            operator,
        }
    }

    /// Brings the index up to date, as the job does.
    async fn index(&self) {
        self.service.index_all().await.unwrap();
    }

    /// The portions of an export as text.
    async fn export(
        &self,
        by: &Principal,
        selection: Selection,
        form: ExportForm,
    ) -> Result<Vec<String>, ServiceError> {
        let browser = Browser::default();
        let rows = self
            .service
            .export_recordings(by, Some(&browser), selection, form)
            .await?;
        let portions: Vec<_> = rows.try_collect().await.unwrap();
        let texts = portions
            .iter()
            .map(|portion| String::from_utf8(portion.to_vec()).unwrap());
        Ok(texts.collect())
    }
}

fn matching(query: &str) -> Selection {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Selection::Matching(LibraryQuery {
        find: Find::of(pairs),
        ..LibraryQuery::default()
    })
}

fn tags(typed: &str) -> Tags {
    Tags::parse(typed).unwrap()
}

/// The ids of JSON lines, in their order.
fn ids(text: &str) -> Vec<RecordingId> {
    let ids = text.lines().map(|line| {
        let row: Value = serde_json::from_str(line).unwrap();
        row["id"].as_str().unwrap().parse().unwrap()
    });
    ids.collect()
}

/// The same outcome for each of these recordings.
fn each(ids: &[RecordingId], outcome: ItemOutcome) -> Outcomes {
    ids.iter().map(|id| (*id, outcome)).collect()
}

on_both! {
    exported, an_export_comes_in_portions_on_sqlite, an_export_comes_in_portions_on_postgres;
}

async fn exported(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let Case {
        service, operator, ..
    } = &case;
    service.fill_with_demo(1_250, 7).await.unwrap();
    let all = LibraryQuery::default();
    let found = service.found(operator, &all, 10_000).await.unwrap();
    assert!(found.len() > 1_200, "{}", found.len());
    let csv = case.export(operator, matching(""), ExportForm::Csv).await;
    let csv = csv.unwrap();
    assert!(csv.len() > 2, "{} portions", csv.len());
    let csv = csv.concat();
    let head = "id,room,room_title,title,tags,started,length,size,files,state,archive,started_by,composite\n";
    assert!(csv.starts_with(head), "{csv:.300}");
    assert_eq!(csv.matches("room_title").count(), 1);
    assert_eq!(csv.lines().count(), 1 + found.len());

    let json = case
        .export(operator, matching(""), ExportForm::Jsonl)
        .await
        .unwrap()
        .concat();
    assert_eq!(ids(&json), found);
    let row: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!(row.as_object().unwrap().len(), 13);
    assert!(json.contains("\"archive\":\"archived\""));
    let oldest = case.export(operator, matching("sort=oldest"), ExportForm::Jsonl);
    let oldest = ids(&oldest.await.unwrap().concat());
    assert!(oldest.iter().eq(found.iter().rev()));

    let some = Selection::These(found[..2].to_vec());
    let some = case
        .export(operator, some, ExportForm::Jsonl)
        .await
        .unwrap();
    let some: BTreeSet<_> = ids(&some.concat()).into_iter().collect();
    let two: BTreeSet<_> = found[..2].iter().copied().collect();
    assert_eq!(some, two);

    let mut read = service.0.store.read().await.unwrap();
    let filter = ActFilter {
        kinds: vec![ActKind::Exported],
        ..ActFilter::default()
    };
    let acts = acts::page(&mut read, &filter, None, 10).await.unwrap();
    let rows: BTreeSet<_> = acts
        .iter()
        .map(|line| &*line.act.detail[detail::ROWS])
        .collect();
    assert_eq!(acts.len(), 4);
    assert_eq!(rows, BTreeSet::from(["2", &*found.len().to_string()]));
    assert!(acts.iter().all(|line| line.act.subject == RECORDINGS));
}

#[tokio::test]
async fn an_export_has_only_rooms_within_reach_and_no_formulas() {
    let case = Case::open(sqlite).await;
    let Case {
        service,
        app,
        operator,
        ..
    } = &case;
    let recording = insert_stopped(service, *app, RecordingState::Ready).await;
    let form = AboutForm {
        title: "=cmd|'/c calc'!A1".to_owned(),
        tags: "+1, @a".to_owned(),
        notes: String::new(),
    };
    let browser = Browser::default();
    let set = service.set_about(operator, &browser, recording.id, &form);
    set.await.unwrap();
    let csv = case.export(operator, matching(""), ExportForm::Csv).await;
    let csv = csv.unwrap().concat();
    assert!(csv.contains(",'=cmd|'/c calc'!A1,\"'+1, @a\","), "{csv}");

    let mut other = operator.clone();
    other.access.grants = vec![Grant::Prefix {
        app: *app,
        prefix: RoomId::new("lab").unwrap(),
    }];
    let csv = case.export(&other, matching(""), ExportForm::Csv).await;
    assert_eq!(
        csv.unwrap().concat().lines().count(),
        1,
        "the names of the columns"
    );
    let these = || Selection::These(vec![recording.id]);
    refused!(case.export(&other, these(), ExportForm::Csv) => ServiceError::NotFound);
    let mut without = operator.clone();
    without.access.rights = Rights::default();
    for selection in [these(), matching("")] {
        refused!(case.export(&without, selection, ExportForm::Csv) => ServiceError::Forbidden);
    }
}

#[tokio::test]
async fn all_that_match_are_tagged_and_marked_up_to_a_limit() {
    let case = Case::open(sqlite).await;
    let Case {
        service, operator, ..
    } = &case;
    service.fill_with_demo(10_400, 7).await.unwrap();
    let browser = Browser::default();
    let (add, none) = (tags("kept"), Tags::default());
    let all = service.tag_selected(operator, &browser, matching(""), &add, &none);
    refused!(all => SelectionError::TooMany);
    let query = LibraryQuery {
        find: Find::of([("length", "under_ten_minutes")]),
        ..LibraryQuery::default()
    };
    let found = service.found(operator, &query, 10_000).await.unwrap();
    // Several transactions.
    assert!(found.len() > 200, "{}", found.len());
    let short = || Selection::Matching(query.clone());
    let tagged = service.tag_selected(operator, &browser, short(), &add, &none);
    assert_eq!(tagged.await.unwrap(), each(&found, ItemOutcome::Done));
    case.index().await;
    let kept = service.selected(operator, matching("tag=KEPT")).await;
    assert_eq!(kept.unwrap(), found);

    let seen = service
        .mark_selected(operator, short(), true)
        .await
        .unwrap();
    assert_eq!(seen, each(&found, ItemOutcome::Done));
    case.index().await;
    let rest = service.selected(operator, matching("tag=kept&unseen=yes"));
    assert!(rest.await.unwrap().is_empty());
    let again = service.mark_selected(operator, matching("tag=kept"), false);
    assert_eq!(again.await.unwrap(), each(&found, ItemOutcome::Done));

    let sums = service.actionable(operator, &query).await.unwrap();
    assert_eq!((sums.ready + sums.bare) as usize, found.len());
    assert!(sums.ready > 0 && sums.deletable > 0);
    let running = LibraryQuery {
        find: Find::of([("state", "recording")]),
        ..LibraryQuery::default()
    };
    let sums = service.actionable(operator, &running).await.unwrap();
    assert!(sums.ready + sums.bare > 0);
    assert_eq!(sums.deletable, 0);
    let mut auditor = operator.clone();
    auditor.access.role = Role::Auditor;
    auditor.access.grants = Vec::new();
    let sums = service.actionable(&auditor, &query).await.unwrap();
    assert_eq!(
        (sums.ready, sums.bare, sums.denied as usize),
        (0, 0, found.len())
    );
    let refused = service.tag_selected(&auditor, &browser, short(), &none, &add);
    assert_eq!(refused.await.unwrap(), each(&found, ItemOutcome::Refused));
}
