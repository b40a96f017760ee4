//! The tests' rig: a service without jobs, and calls in the platform's form.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

use jiff::tz::TimeZone;
use reelroom_anyrtc::{
    callback as wire,
    status::{StatusEvent, What},
};
use reelroom_domain::{
    callback::{CallbackKind, Verdict},
    ids::{AppId, CallId, RecordingId},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};
use reelroom_store::{
    DatabaseUrl, Store, calls, files,
    inbox::{self, Entry},
    recordings, rooms,
    testing::{self, Databases},
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    Service,
    testing::{TestClock, new_call, silent_app, sqlite, without_jobs},
    understanding::reading::Reading,
};

/// 2026-11-25 10:00 in Shanghai.
pub(super) const BEGIN: i64 = 1_795_572_000;

/// The kind and the body of a call.
pub(super) type Posted = (CallbackKind, Vec<u8>);

/// A service without jobs, so that a test decides when calls are understood.
pub(super) struct Rig {
    pub(super) service: Service,
    pub(super) app: AppId,
    pub(super) clock: Arc<TestClock>,
    _folder: TempDir,
}

impl Rig {
    /// Opens one on SQLite.
    pub(super) async fn open() -> Self {
        Self::over(sqlite).await
    }

    pub(super) async fn open_on(databases: &Databases) -> Self {
        Self::over(|_| databases.another()).await
    }

    async fn over(database: impl FnOnce(&TempDir) -> DatabaseUrl) -> Self {
        let (service, clock, folder) = without_jobs(database, (BEGIN + 3600) * 1000).await;
        let app = silent_app(&service).await;
        Self {
            service,
            app,
            clock,
            _folder: folder,
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.service.0.store
    }

    /// Inserts a recording that was started, over these seconds. Returns its token.
    pub(super) async fn insert_started(&self, room: &str, begin: i64, end: Option<i64>) -> String {
        let at = |second: i64| Timestamp::from_millis((BEGIN + second) * 1000);
        let id = self.service.0.rng.id(at(begin));
        let recording = Recording {
            state: match end {
                Some(_) => RecordingState::AwaitingFiles,
                // The start has not been answered.
                None => RecordingState::Requested,
            },
            state_since: at(end.unwrap_or(begin)),
            rule: Some("ar_{roomid}_{date}_{random}".to_owned()),
            started_at: end.map(|_| at(begin)),
            stopped_at: end.map(at),
            tracks_expected: if end.is_some() { 2 } else { 0 },
            ..Recording::requested(id, self.app, RoomId::new(room).unwrap(), at(begin))
        };
        let mut tx = self.store().write().await.unwrap();
        rooms::ensure(&mut tx, self.app, &recording.room, at(begin))
            .await
            .unwrap();
        recordings::insert(&mut tx, &recording).await.unwrap();
        tx.commit().await.unwrap();
        self.service
            .0
            .correlator
            .seal("", recording.id, self.app, &recording.room)
    }

    /// Appends calls directly, as no writer of calls runs.
    pub(super) async fn append(&self, bodies: &[Posted]) -> Vec<CallId> {
        let call = |(kind, body): &Posted| {
            let now = self.clock.0.fetch_add(1000, Ordering::Relaxed);
            new_call(*kind, Timestamp::from_millis(now), body)
        };
        let calls: Vec<_> = bodies.iter().map(call).collect();
        let mut tx = self.store().write_calls().await.unwrap();
        let ids = calls::append(&mut tx, &calls).await.unwrap();
        tx.commit().await.unwrap();
        ids
    }

    /// Understands all waiting calls.
    pub(super) async fn understand(&self) {
        while self.service.understand_waiting().await.unwrap().0 > 0 {}
    }

    /// Appends calls, and understands all that wait.
    pub(super) async fn understand_calls(&self, bodies: &[Posted]) -> Vec<CallId> {
        let calls = self.append(bodies).await;
        self.understand().await;
        calls
    }

    /// Understands a call again, with its present entry.
    pub(super) async fn understand_again(&self, id: CallId) {
        let mut read = self.store().read_calls().await.unwrap();
        let call = calls::get(&mut read, id).await.unwrap().unwrap();
        drop(read);
        let reading = Reading {
            call,
            before: Some(self.entry(id).await),
            assigned_to: None,
        };
        let understood = self.service.understand(self.store(), &reading);
        understood.await.unwrap();
    }

    /// The entry of a call.
    pub(super) async fn entry(&self, id: CallId) -> Entry {
        let mut read = self.store().read().await.unwrap();
        inbox::get(&mut read, id).await.unwrap().unwrap()
    }

    /// The observable state, without ids: recordings with their files, and verdicts by the content
    /// of calls.
    pub(super) async fn observable(&self) -> (Vec<String>, BTreeMap<String, Vec<&'static str>>) {
        let mut read = self.store().read().await.unwrap();
        let page = testing::recordings_of(&mut read, self.app).await;
        let mut observable = Vec::new();
        let mut origins = BTreeMap::new();
        for row in &page {
            let recording = &row.recording;
            let mut files: Vec<String> = files::of_recording(&mut read, recording.id)
                .await
                .unwrap()
                .iter()
                .map(|file| format!("    {:?} {:?}", file.announced, file.state))
                .collect();
            files.sort();
            let (from, to) = (recording.started_at, recording.stopped_at);
            let line = format!(
                "{} {:?} {:?} {from:?} {to:?} {:?}",
                recording.room, recording.origin, recording.state, row.ledger
            );
            origins.insert(recording.id, line.clone());
            observable.push(format!("{line}\n{}", files.join("\n")));
        }
        observable.sort();
        drop(read);
        let calls = testing::all_calls(self.store()).await;
        let mut verdicts: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for call in calls {
            let to = call.recording().map(|id: RecordingId| origins[&id].clone());
            let body = String::from_utf8_lossy(&call.call.content.body);
            verdicts
                .entry(format!("{body} -> {to:?}"))
                .or_default()
                .push(call.verdict().map_or("none", Verdict::as_str));
        }
        for all in verdicts.values_mut() {
            all.sort_unstable();
        }
        (observable, verdicts)
    }
}

pub(super) fn file(
    room: &str,
    kind: u8,
    name: &str,
    (begin, end): (i64, i64),
    token: &str,
) -> Value {
    let file = wire::FileCallback {
        kind: match kind {
            1 => wire::Kind::Composite,
            2 => wire::Kind::Track,
            _ => wire::Kind::Frame,
        },
        media: wire::MediaKind::Video,
        user_id: (kind != 1).then(|| name.to_owned()),
        room: room.to_owned(),
        file_name: name.to_owned(),
        file_size: u64::try_from(100 + begin).ok(),
        duration_s: u64::try_from(end - begin).ok(),
        start_ms: Some((BEGIN + begin) * 1000),
        end_ms: Some((BEGIN + end) * 1000),
        download_url: Some(format!("http://files.example/{name}")),
        user_data: Some(token.to_owned()),
    };
    wire::write(&file, wire::Revision::Later, &TimeZone::UTC)
}

/// An event in a room, `at` seconds into the evening.
pub(super) fn event(room: &str, what: What, user: &str, at: i64) -> StatusEvent {
    StatusEvent {
        room: room.to_owned(),
        user: Some(user.to_owned()),
        at_ms: Some((BEGIN + at) * 1000),
        what,
        user_data: None,
    }
}

pub(super) fn files_of(bodies: impl IntoIterator<Item = Value>) -> Vec<Posted> {
    let call = |body: Value| (CallbackKind::Av, body.to_string().into_bytes());
    bodies.into_iter().map(call).collect()
}

pub(super) fn statuses_of(bodies: impl IntoIterator<Item = Value>) -> Vec<Posted> {
    let call = |body: Value| (CallbackKind::Status, body.to_string().into_bytes());
    bodies.into_iter().map(call).collect()
}
