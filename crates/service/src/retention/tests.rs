use std::{collections::BTreeSet, fs, time::Duration};

use reelroom_domain::{
    certificate::{Certificate, DeletedWhy, PurgeAnswer},
    file::{FileKind, FileState},
    ids::{RecordingId, RuleId},
    keep::{Keep, KeepState},
    outcome::ItemOutcome,
    preset::Move,
    retention::{
        DryRun, DryRunLine, Rule, RuleForm, RuleState, Schedule, ScheduleForm, SwitchedOff,
    },
    time::Timestamp,
    usage::DAY,
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, DatabaseUrl, apps, files, history, holds,
    library::{self, Wanted},
    purges,
    recordings::keep,
    retention, settings,
    testing::Databases,
};
use tempfile::TempDir;

use super::{
    error::RetentionError,
    schedule::{last_run, months, times},
};
use crate::{
    Browser, Principal, Selection,
    testing::{TestService, account, on_both, refused, silent_app, sqlite},
};

/// A Sunday in Shanghai, 17:30.
const NOW: i64 = 1_795_339_805_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn the_rules_run_at_their_hour_in_their_zone() {
    let schedule = Schedule::default();
    let (last, next) = times(&schedule, at(NOW));
    assert_eq!(next.since(last), DAY);
    assert!(last <= at(NOW) && at(NOW) < next);
    // 03:00 in Shanghai is 19:00 in UTC.
    assert_eq!(last.as_millis() % DAY, 19 * 3_600_000);
    assert_eq!(times(&schedule, next), (next, next.plus_millis(DAY)));
    let in_berlin = Schedule {
        zone: "Europe/Berlin".to_owned(),
        ..schedule.clone()
    };
    // The day before 25 October 2026, on which clocks go back.
    let (last, next) = times(&in_berlin, at(1_792_860_000_000));
    assert_eq!(next.since(last), DAY + 3_600_000);
    let months = months(&schedule, at(NOW));
    assert_eq!(months.len(), 25);
    assert!(months.is_sorted());
    assert!(months[12] <= at(NOW) && at(NOW) < months[13]);
}

/// A service without jobs and with a demo, and its administrator.
struct Case {
    service: TestService,
    admin: Principal,
}

impl Case {
    async fn open(url: impl FnOnce(&TempDir) -> DatabaseUrl) -> Self {
        let service = TestService::open(url, NOW).await;
        silent_app(&service).await;
        let mut admin = account(&service, "ada", Role::Admin).await;
        admin.access.grants.clear();
        service.fill_with_demo(200, 7).await.unwrap();
        let case = Self { service, admin };
        // A new server waits for the next run.
        case.round().await;
        case
    }

    /// A round of the job.
    async fn round(&self) {
        for _ in 0..50 {
            self.service.index_before_reading().await.unwrap();
        }
        self.service.retention_round().await.unwrap();
    }

    /// Moves the clock to a moment, and does a round.
    async fn round_at(&self, at: Timestamp) {
        self.service.set_time(at.as_millis());
        self.round().await;
    }

    async fn save(&self, id: Option<RuleId>, form: &RuleForm) -> RuleId {
        let browser = Browser::default();
        let saved = self.service.save_rule(&self.admin, &browser, id, form);
        saved.await.unwrap()
    }

    async fn switch(&self, id: RuleId, is_on: bool) -> Result<(), RetentionError> {
        let browser = Browser::default();
        let switched = self.service.switch_rule(&self.admin, &browser, id, is_on);
        switched.await
    }

    /// Looks at the dry run of a rule, and switches it on.
    async fn look_and_switch_on(&self, id: RuleId) -> DryRun {
        let made = self.dry_run(Some(id)).await;
        self.switch(id, true).await.unwrap();
        made
    }

    async fn dry_run(&self, with: Option<RuleId>) -> DryRun {
        let browser = Browser::default();
        let made = self.service.dry_run(&self.admin, &browser, with);
        made.await.unwrap()
    }

    /// All lines of the last dry run, page by page.
    async fn lines(&self) -> Vec<DryRunLine> {
        let mut lines = Vec::new();
        let mut after = String::new();
        loop {
            let view = self.service.retention(&self.admin, &after).await.unwrap();
            lines.extend(view.lines);
            match view.more {
                Some(more) => after = more,
                None => return lines,
            }
        }
    }

    async fn hold(&self, id: RecordingId) {
        let mut tx = self.service.0.store.write().await.unwrap();
        let now = self.service.now();
        holds::add(&mut tx, id, None, "Audit", now, "ada")
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Moves a recording to the trash.
    async fn trash(&self, id: RecordingId) {
        let (these, browser) = (Selection::These(vec![id]), Browser::default());
        let trashed = self.service.trash(&self.admin, &browser, these).await;
        assert_eq!(trashed.unwrap()[&id], ItemOutcome::Done);
    }

    /// Has a recording of the trash purged at once.
    async fn delete_now(&self, id: RecordingId) {
        let (these, browser) = ([id], Browser::default());
        let (by, service) = (&self.admin, &self.service);
        let asked = service.delete_now(by, &browser, &these, "delete 1", "Wrong room");
        asked.await.unwrap();
        while service.purge_round().await.unwrap() == Some(Duration::ZERO) {}
    }

    /// The certificates of a recording, the newest first.
    async fn certificates(&self, id: RecordingId) -> Vec<Certificate> {
        let all = self.service.certificates(&self.admin).await.unwrap();
        all.into_iter().filter(|one| one.recording == id).collect()
    }

    async fn keep_of(&self, id: RecordingId) -> Keep {
        let mut read = self.service.0.store.read().await.unwrap();
        keep::of(&mut read, id).await.unwrap().unwrap()
    }

    /// The states of the files of a recording that are tracks, and of the others.
    async fn states(&self, id: RecordingId) -> [BTreeSet<&'static str>; 2] {
        let mut read = self.service.0.store.read().await.unwrap();
        let files = files::of_recording(&mut read, id).await.unwrap();
        [true, false].map(|tracks| {
            let some = files.iter();
            let some = some.filter(|file| (file.announced.kind == FileKind::Track) == tracks);
            some.map(|file| file.state.as_str()).collect()
        })
    }
}

fn after_days(name: &str, days: u32) -> RuleForm {
    RuleForm {
        name: name.to_owned(),
        days: days.to_string(),
        ..RuleForm::fresh()
    }
}

/// A rule about tracks alone.
fn tracks_after_days(days: u32) -> RuleForm {
    RuleForm {
        composite: String::new(),
        frame: String::new(),
        ..after_days("Tracks", days)
    }
}

on_both! {
    told, a_run_does_what_its_dry_run_told_on_sqlite, a_run_does_what_its_dry_run_told_on_postgres;
    deleted_now, the_certificate_of_a_recording_deleted_now_names_its_rule_on_sqlite, the_certificate_of_a_recording_deleted_now_names_its_rule_on_postgres;
    tracks, tracks_go_after_their_time_and_with_a_certificate_on_sqlite, tracks_go_after_their_time_and_with_a_certificate_on_postgres;
    broken_off, a_file_whose_deletion_broke_off_is_not_held_as_there_on_sqlite, a_file_whose_deletion_broke_off_is_not_held_as_there_on_postgres;
    certified_once, files_that_a_purge_has_certified_get_no_second_certificate_on_sqlite, files_that_a_purge_has_certified_get_no_second_certificate_on_postgres;
    off_meanwhile, a_rule_that_is_off_deletes_no_files_any_more_on_sqlite, a_rule_that_is_off_deletes_no_files_any_more_on_postgres;
    summed, the_sums_are_of_the_recordings_that_a_walk_reads_on_sqlite, the_sums_are_of_the_recordings_that_a_walk_reads_on_postgres;
    keeps_less, a_rule_is_off_when_one_before_it_keeps_less_on_sqlite, a_rule_is_off_when_one_before_it_keeps_less_on_postgres;
    one_after_the_other, two_administrators_change_rules_one_after_the_other_on_sqlite, two_administrators_change_rules_one_after_the_other_on_postgres;
}

async fn told(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let id = case.save(None, &after_days("Old", 10)).await;
    refused!(case.switch(id, true) => RetentionError::NotLookedAt);
    let made = case.look_and_switch_on(id).await;
    let view = case.service.retention(&case.admin, "").await.unwrap();
    assert_eq!(view.last, None, "no run is over yet");
    let rows: Vec<RecordingId> = view.rows.iter().map(|row| row.id).collect();
    assert_eq!(rows.len(), view.lines.len());
    assert!(view.lines.iter().all(|line| rows.contains(&line.recording)));
    let lines = case.lines().await;
    assert!(lines.len() > 50, "more than a page: {}", lines.len());
    assert_eq!(made.sums.goes.recordings, lines.len() as u64);
    let bytes: u64 = lines.iter().map(|line| line.bytes).sum();
    assert_eq!((made.sums.goes.bytes, made.sums.saved.bytes), (bytes, 0));
    for line in &lines {
        assert!(made.of.since(line.ended_at) >= 10 * DAY);
    }
    let what_if = &made.what_if;
    let months = what_if.months.iter();
    let all: u64 = months.map(|month| month.goes.recordings).sum();
    assert!(all + what_if.before.recordings >= made.sums.goes.recordings);

    // A hold that comes after the dry run wins.
    let held = lines[3].recording;
    case.hold(held).await;
    case.round_at(made.of.plus_millis(-1)).await;
    assert_eq!(case.keep_of(lines[0].recording).await, Keep::Kept);
    case.round_at(made.of).await;
    for line in &lines {
        let id = line.recording;
        let keep = case.keep_of(id).await;
        if id == held {
            assert_eq!(keep, Keep::Kept);
            continue;
        }
        let trashed = Keep::Trashed {
            at: made.of,
            by: Some("Old".to_owned()),
            until: made.of.plus_millis(30 * DAY),
        };
        assert_eq!(keep, trashed);
        let mut read = case.service.0.store.read().await.unwrap();
        let why = purges::asked(&mut read, id).await.unwrap().unwrap();
        assert_eq!(why.rule.as_deref(), Some("Old"));
    }
    let mut read = case.service.0.store.read().await.unwrap();
    let run = last_run(&mut read).await.unwrap().unwrap();
    drop(read);
    assert_eq!(run.of, made.of);
    assert_eq!(run.sums.goes.recordings, lines.len() as u64 - 1);
    assert_eq!(run.sums.saved.recordings, 1);

    // Nothing is left for a second run but what the day made due.
    let made = case.dry_run(None).await;
    let lines = case.lines().await;
    assert_eq!(made.sums.saved.recordings, 1);
    assert!(
        lines
            .iter()
            .any(|line| line.is_held && line.recording == held)
    );
}

async fn deleted_now(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let rule = case.save(None, &after_days("Old", 10)).await;
    let made = case.look_and_switch_on(rule).await;
    let id = case.lines().await[0].recording;
    case.round_at(made.of).await;
    case.delete_now(id).await;
    let certificates = case.certificates(id).await;
    assert_eq!(certificates.len(), 1);
    let why = &certificates[0].why;
    assert_eq!(why.rule.as_deref(), Some("Old"));
    assert_eq!(why.trashed, Some((made.of, "Old".to_owned())));
    assert_eq!(why.asked, Some((made.of, "ada".to_owned())));
    assert_eq!(why.reason.as_deref(), Some("Wrong room"));
}

async fn tracks(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let id = case.save(None, &tracks_after_days(5)).await;
    let made = case.look_and_switch_on(id).await;
    let lines = case.lines().await;
    assert!(lines.len() > 2);
    let [gone, held] = [&lines[0], &lines[1]].map(|line| line.recording);
    let before = case.states(gone).await;
    case.round_at(made.of).await;
    assert_eq!(case.states(gone).await, before, "the time is not over");
    assert_eq!(case.keep_of(gone).await.state(), KeepState::Kept);
    case.hold(held).await;

    case.round_at(made.of.plus_millis(30 * DAY)).await;
    let [tracks, others] = case.states(gone).await;
    assert_eq!(tracks, BTreeSet::from([FileState::Purged.as_str()]));
    assert_eq!(others, before[1]);
    assert_eq!(case.keep_of(gone).await, Keep::Kept);
    let [tracks, _] = case.states(held).await;
    assert!(!tracks.contains(FileState::Purged.as_str()), "it is held");
    let certificate = &case.certificates(gone).await[0];
    assert_eq!(certificate.why.rule.as_deref(), Some("Tracks"));
    let kinds: BTreeSet<_> = certificate.files.iter().map(|file| file.kind).collect();
    assert_eq!(kinds, BTreeSet::from([FileKind::Track]));
    let mut read = case.service.0.store.read().await.unwrap();
    let leaving = retention::leaving(&mut read, at(i64::MAX), 1000).await;
    assert!(!leaving.unwrap().contains(&(gone, FileKind::Track)));
}

async fn broken_off(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let rule = case.save(None, &tracks_after_days(5)).await;
    let made = case.look_and_switch_on(rule).await;
    case.round_at(made.of).await;
    let (store, over) = (&case.service.0.store, made.of.plus_millis(30 * DAY));
    let mut read = store.read().await.unwrap();
    let leaving = retention::leaving(&mut read, over, 1000).await.unwrap();
    let mut first = None;
    for (of, kind) in leaving {
        let file = purges::next_file(&mut read, of, Some(kind)).await.unwrap();
        let copy = file.and_then(|file| Some((of, file.id, file.key?)));
        first = first.or(copy);
    }
    drop(read);
    let (id, file, key) = first.expect("a copy of a track");
    // A folder in the place of the copy: the storage cannot delete it.
    let copy = case.service.folder.path().join("files").join(key);
    fs::create_dir_all(&copy).unwrap();
    case.service.set_time(over.as_millis());
    assert!(case.service.retention_round().await.is_err());
    case.hold(id).await;
    let get = async || {
        let mut read = store.read().await.unwrap();
        files::get(&mut read, file).await.unwrap().unwrap()
    };
    let begun = get().await;
    assert_eq!(begun.state, FileState::Purged);
    assert!(begun.stored.is_some());

    // The next night ends it, and the hold keeps the others.
    fs::remove_dir(&copy).unwrap();
    case.round_at(over.plus_millis(DAY)).await;
    let ended = get().await;
    assert_eq!(ended.state, FileState::Purged);
    assert!(ended.stored.is_none());
    let mut read = store.read().await.unwrap();
    let of_it = files::of_recording(&mut read, id).await.unwrap();
    let purged = of_it.iter().filter(|one| one.state == FileState::Purged);
    assert_eq!(purged.count(), 1);
    drop(read);
    let certificate = &case.certificates(id).await[0];
    let certified: Vec<_> = certificate.files.iter().map(|one| one.id).collect();
    assert_eq!(certified, [file]);
    assert_eq!(certificate.checked_at, over);
}

async fn certified_once(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let rule = case.save(None, &tracks_after_days(5)).await;
    let made = case.look_and_switch_on(rule).await;
    let lines = case.lines().await;
    let [whole, going_on] = [&lines[0], &lines[1]].map(|line| line.recording);
    case.round_at(made.of).await;
    let store = &case.service.0.store;
    let mut read = store.read().await.unwrap();
    for id in [whole, going_on] {
        let named = retention::leaves(&mut read, id, FileKind::Track).await;
        assert!(named.unwrap().is_some());
    }
    drop(read);
    for id in [whole, going_on] {
        case.trash(id).await;
    }
    case.delete_now(whole).await;
    // The purge of the other one goes on in the night.
    let mut tx = store.write().await.unwrap();
    let locked = keep::lock(&mut tx, going_on).await.unwrap().unwrap();
    keep::set(&mut tx, &locked, &Keep::Purging).await.unwrap();
    let (why, now) = (DeletedWhy::default(), case.service.now());
    let lasts = Duration::from_mins(1);
    let begun = purges::begin(&mut tx, going_on, &why, now, "other", lasts).await;
    begun.unwrap();
    let track = Some(FileKind::Track);
    let file = purges::next_file(&mut tx, going_on, track).await.unwrap();
    let deleted = purges::set_purged(&mut tx, &file.unwrap(), PurgeAnswer::Deleted, now).await;
    deleted.unwrap();
    tx.commit().await.unwrap();

    case.round_at(made.of.plus_millis(DAY)).await;
    let certificates = case.certificates(whole).await;
    assert_eq!(certificates.len(), 1, "{certificates:?}");
    assert_eq!(certificates[0].why.reason.as_deref(), Some("Wrong room"));
    let other = case.certificates(going_on).await;
    assert!(other.is_empty(), "its purge has not ended: {other:?}");
    let mut read = store.read().await.unwrap();
    for id in [whole, going_on] {
        let lines = history::of_recording(&mut read, id).await.unwrap();
        let mut events = lines.iter().map(|line| line.event);
        assert!(events.all(|event| event != HistoryEvent::FilesPurged));
    }
}

async fn off_meanwhile(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let rule = case.save(None, &tracks_after_days(5)).await;
    let made = case.look_and_switch_on(rule).await;
    let id = case.lines().await[0].recording;
    case.round_at(made.of).await;
    let (store, before) = (&case.service.0.store, case.states(id).await);
    // As in a run in which the rules were read, and the files are due.
    let purge = async |over: Timestamp, ran: &[Rule]| {
        case.service.set_time(over.as_millis());
        case.service.purge_leaving(store, ran).await.unwrap();
    };
    let rules = async || {
        let mut read = store.read().await.unwrap();
        retention::rules(&mut read).await.unwrap()
    };
    let over = made.of.plus_millis(30 * DAY);
    let ran = rules().await;
    case.switch(rule, false).await.unwrap();
    purge(over, &ran).await;
    assert_eq!(case.states(id).await, before);
    assert!(case.certificates(id).await.is_empty());

    // It is on again, and another one than the run had.
    case.switch(rule, true).await.unwrap();
    case.round_at(over).await;
    let ran = rules().await;
    case.save(Some(rule), &tracks_after_days(6)).await;
    case.look_and_switch_on(rule).await;
    let over = over.plus_millis(30 * DAY);
    purge(over, &ran).await;
    assert_eq!(case.states(id).await, before);

    // Nobody changes it, and the files are named anew.
    case.round_at(over).await;
    let over = over.plus_millis(30 * DAY);
    purge(over, &rules().await).await;
    let [tracks, _] = case.states(id).await;
    assert_eq!(tracks, BTreeSet::from([FileState::Purged.as_str()]));
}

async fn summed(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let mut read = case.service.0.store.read().await.unwrap();
    let usual = tag_of_most(&mut read).await;
    drop(read);
    let tagged = RuleForm {
        tags: usual,
        frame: String::new(),
        ..after_days("Tagged", 5)
    };
    case.save(None, &tagged).await;
    let mut read = case.service.0.store.read().await.unwrap();
    let rules = retention::rules(&mut read).await.unwrap();
    let wanted = Wanted::of(&rules);
    let stock = library::stock(&mut read, &wanted).await.unwrap();
    let all = library::oldest(&mut read, &wanted, None, at(i64::MAX), 10_000).await;
    let all = all.unwrap();
    assert!(all.len() > 100, "{}", all.len());
    let counted: u64 = stock.iter().map(|alike| alike.recordings).sum();
    assert_eq!(counted, all.len() as u64);
    for kind in FileKind::ALL {
        let stock: u64 = stock.iter().map(|alike| alike.facts.sizes.of(kind)).sum();
        let walk = all.iter().map(|(_, _, facts)| facts.sizes.of(kind));
        assert_eq!(stock, walk.sum::<u64>(), "{kind:?}");
        assert!(stock > 0, "{kind:?}");
    }
    let has_tag = |tags: &BTreeSet<String>| u64::from(!tags.is_empty());
    let of_stock = stock.iter();
    let of_stock: u64 = of_stock
        .map(|alike| has_tag(&alike.facts.tags) * alike.recordings)
        .sum();
    let of_walk: u64 = all.iter().map(|(_, _, facts)| has_tag(&facts.tags)).sum();
    assert_eq!(of_stock, of_walk);
    assert!(of_walk > 0);
}

/// The tag that the most recordings have.
async fn tag_of_most(conn: &mut Conn) -> String {
    let app = apps::list(conn).await.unwrap()[0].id;
    let tags = library::usual_tags(conn, app.into(), 1).await.unwrap();
    tags[0].as_str().to_owned()
}

#[tokio::test]
async fn a_changed_rule_is_off_and_retention_can_be_off_as_a_whole() {
    let case = Case::open(sqlite).await;
    let (browser, admin) = (Browser::default(), &case.admin);
    let id = case.save(None, &after_days("Old", 10)).await;
    let made = case.look_and_switch_on(id).await;
    // The same again changes nothing.
    case.save(Some(id), &after_days("Old", 10)).await;
    let view = case.service.retention(admin, "").await.unwrap();
    assert_eq!(
        (view.rules[0].state, view.rules[0].version),
        (RuleState::On, 1)
    );
    case.save(Some(id), &after_days("Old", 9)).await;
    let view = case.service.retention(admin, "").await.unwrap();
    assert_eq!(
        (view.rules[0].state, view.rules[0].version),
        (RuleState::New, 2)
    );
    assert!(!view.dry_run.unwrap().is_of(&view.rules));
    refused!(case.switch(id, true) => RetentionError::NotLookedAt);
    case.look_and_switch_on(id).await;

    let first = case.lines().await[0].recording;
    let off = |is_on, why| case.service.switch_retention(admin, &browser, is_on, why);
    refused!(off(false, " ") => RetentionError::Fields(_));
    off(false, "before the audit").await.unwrap();
    case.round_at(made.of).await;
    assert_eq!(case.keep_of(first).await, Keep::Kept);
    off(true, "").await.unwrap();
    case.round_at(made.of.plus_millis(DAY)).await;
    assert_eq!(case.keep_of(first).await.state(), KeepState::Trashed);

    let form = ScheduleForm {
        hour: "24".to_owned(),
        zone: "Mars".to_owned(),
    };
    let set = case.service.set_retention_time(admin, &browser, &form);
    refused!(set => RetentionError::Fields(fields) if fields.len() == 2);
}

async fn keeps_less(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let (browser, admin) = (Browser::default(), &case.admin);
    let states = async || -> Vec<RuleState> {
        let view = case.service.retention(admin, "").await.unwrap();
        view.rules.iter().map(|rule| rule.state).collect()
    };
    let keeps = case.save(None, &after_days("Keeps", 3650)).await;
    let old = case.save(None, &after_days("Old", 10)).await;
    case.look_and_switch_on(keeps).await;
    case.look_and_switch_on(old).await;
    let made = case.dry_run(None).await;
    assert_eq!(made.sums.goes.recordings, 0, "the first one keeps all");

    case.switch(keeps, false).await.unwrap();
    assert_eq!(states().await, [RuleState::Off, RuleState::New]);
    refused!(case.switch(old, true) => RetentionError::NotLookedAt);
    case.round_at(made.of).await;
    let mut read = case.service.0.store.read().await.unwrap();
    let run = last_run(&mut read).await.unwrap().unwrap();
    drop(read);
    assert_eq!((run.of, run.sums.goes.recordings), (made.of, 0));

    case.switch(keeps, true).await.unwrap();
    case.look_and_switch_on(old).await;
    let moved = case.service.move_rule(admin, &browser, old, Move::Up);
    moved.await.unwrap();
    assert_eq!(states().await, [RuleState::New, RuleState::On]);
    let made = case.look_and_switch_on(old).await;
    assert!(made.sums.goes.recordings > 0);
    let removed = case.service.remove_rule(admin, &browser, old);
    removed.await.unwrap();
    assert_eq!(states().await, [RuleState::New]);
}

async fn one_after_the_other(databases: &Databases) {
    let case = Case::open(|_| databases.another()).await;
    let (browser, admin) = (Browser::default(), &case.admin);
    let id = case.save(None, &after_days("Old", 10)).await;
    case.dry_run(Some(id)).await;
    // The first one makes the dry run old and switches all rules off, which is not committed yet.
    let mut tx = case.service.0.store.write().await.unwrap();
    settings::lock(&mut tx).await.unwrap();
    let set = retention::set_state(&mut tx, id, 1, RuleState::New).await;
    assert!(set.unwrap());
    let schedule = Schedule {
        off: Some(SwitchedOff {
            at: case.service.now(),
            by: "bob".to_owned(),
            reason: "before the audit".to_owned(),
        }),
        ..Schedule::default()
    };
    let set = settings::set_value(&mut tx, "retention", &schedule).await;
    set.unwrap();
    let commit = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.unwrap();
    };
    let form = ScheduleForm {
        hour: "4".to_owned(),
        zone: schedule.zone.clone(),
    };
    let (switched, set, ()) = tokio::join!(
        case.switch(id, true),
        case.service.set_retention_time(admin, &browser, &form),
        commit
    );
    assert!(matches!(switched, Err(RetentionError::NotLookedAt)));
    set.unwrap();
    let view = case.service.retention(admin, "").await.unwrap();
    assert_eq!((view.schedule.hour, view.schedule.off), (4, schedule.off));
}

#[tokio::test]
async fn above_a_total_size_the_oldest_go() {
    let case = Case::open(sqlite).await;
    let all = case.save(None, &after_days("All", 1)).await;
    case.dry_run(Some(all)).await;
    let bytes: u64 = case.lines().await.iter().map(|line| line.bytes).sum();
    let gigabytes = bytes / 2_000_000_000;
    assert!(gigabytes > 0, "{bytes}");
    let form = RuleForm {
        name: "Size".to_owned(),
        when: "size".to_owned(),
        gigabytes: gigabytes.to_string(),
        ..RuleForm::fresh()
    };
    let size = case.save(None, &form).await;
    let made = case.dry_run(Some(size)).await;
    let lines = case.lines().await;
    assert!(made.sums.goes.bytes > 0);
    assert!(lines.is_sorted_by_key(|line| line.began_at.as_millis() / 1000));
    // Nothing is over a larger limit.
    let form = RuleForm {
        gigabytes: "1000000".to_owned(),
        ..form
    };
    case.save(Some(size), &form).await;
    let none = case.dry_run(Some(size)).await;
    assert_eq!(none.sums.goes.recordings, 0);
}
