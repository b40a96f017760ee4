//! What is in our database before it is measured.

use std::{fmt::Write as _, path::Path, time::Duration};

use hmac::{Hmac, Mac};
use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, RecordingId},
    recording::{Recording, RecordingState},
    room::RoomId,
    time::{Clock, Timestamp},
};
use reelroom_service::{SandboxApp, Secret, Service, ServiceConfig, SharedRng, SystemClock};
use reelroom_store::{
    DatabaseUrl, Store,
    calls::{self, NewCall},
    inbox, recordings, rooms, settings,
};
use sha2::Sha256;

use crate::{
    load::{Meaning, behind, post},
    platform::PLATFORM,
    server::Server,
};

/// How many rooms have a meeting that is recorded.
pub const MEETINGS: usize = 200;
const KEY: &str = "a-key-for-the-bench";

/// A recording that was started in each of these rooms.
pub struct Prepared {
    /// The tokens that their files bring.
    pub tokens: Vec<String>,
    recordings: Vec<RecordingId>,
    /// When they began, in seconds.
    pub began: u64,
}

/// The room of that number.
pub fn meeting(number: usize) -> String {
    format!("meeting-{number}")
}

/// A database with an app, without which nothing would be understood, and with recordings.
pub async fn prepare(database: &DatabaseUrl, folder: &Path) -> Prepared {
    let store = Store::connect(database).await.unwrap();
    store.migrate().await.unwrap();
    let mut write = store.write().await.unwrap();
    settings::set(&mut write, "correlation_key", KEY)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let config = ServiceConfig::new(database.clone(), folder);
    let service = Service::connect(config).await.unwrap();
    let app = SandboxApp {
        app_id: "bench".to_owned(),
        api_base: PLATFORM.clone(),
        vod_token: Secret::new("vod"),
    };
    let app = service.register_sandbox(app).await.unwrap();
    service.close().await;
    let (rng, now) = (SharedRng::from_os(), SystemClock.now());
    let (mut tokens, mut ids) = (Vec::new(), Vec::new());
    let mut write = store.write().await.unwrap();
    for number in 0..MEETINGS {
        let room = RoomId::new(meeting(number)).unwrap();
        let recording = started(rng.id(now), app, room, now);
        rooms::ensure(&mut write, app, &recording.room, now)
            .await
            .unwrap();
        recordings::insert(&mut write, &recording).await.unwrap();
        tokens.push(token(&recording));
        ids.push(recording.id);
    }
    write.commit().await.unwrap();
    store.close().await;
    Prepared {
        tokens,
        recordings: ids,
        began: u64::try_from(now.as_millis() / 1000).unwrap(),
    }
}

fn started(id: RecordingId, app: AppId, room: RoomId, now: Timestamp) -> Recording {
    Recording {
        state: RecordingState::Recording,
        rule: Some("a_{date}_{random}".to_owned()),
        kind: Some("Meet".to_owned()),
        started_at: Some(now),
        requested_by: Some("bench".to_owned()),
        ..Recording::requested(id, app, room, now)
    }
}

/// The token as `reelroom_service` makes it.
fn token(recording: &Recording) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).unwrap();
    mac.update(recording.id.to_string().as_bytes());
    mac.update(recording.app.to_string().as_bytes());
    mac.update(recording.room.as_str().as_bytes());
    let mac = mac.finalize().into_bytes();
    let hex = mac.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("{}.{hex}", recording.id)
}

/// A file that a look-up finds, and one that a person assigns.
pub async fn disturb(server: &Server) {
    let prepared = server.prepared.as_ref().unwrap();
    let store = Store::connect(&server.database).await.unwrap();
    let told = |number| Meaning {
        number,
        room: meeting(number),
        began: prepared.began,
        user_data: String::new(),
    };
    let call = NewCall {
        kind: CallbackKind::Av,
        app: None,
        received_at: SystemClock.now(),
        remote: String::new(),
        content_type: None,
        content_encoding: None,
        looked_up: true,
        body: told(0).body().into_bytes(),
    };
    let mut write = store.write_calls().await.unwrap();
    calls::append(&mut write, &[call]).await.unwrap();
    write.commit().await.unwrap();
    // The next call wakes the job.
    post(&server.address, "av", &told(1).body()).await;
    behind(server).await;
    let mut write = store.write().await.unwrap();
    let newest = inbox::newest(&mut write).await.unwrap();
    let to = prepared.recordings[1];
    assert!(
        inbox::assign(&mut write, newest, Some((to, None)), "bench")
            .await
            .unwrap()
    );
    write.commit().await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
}
