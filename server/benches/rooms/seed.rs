//! The measured database: rooms, some of them live, and recordings.

use std::path::Path;

use anyhow::Result;
use reelroom_domain::{
    ids::AppId,
    recording::{Recording, RecordingState},
    room::RoomId,
    time::Timestamp,
};
use reelroom_store::{
    DatabaseUrl, Store,
    apps::{self, App},
    recordings, rooms,
    testing::begin_meeting,
};

use crate::{RECORDINGS, ROOMS, now};

pub fn room(number: usize) -> Result<RoomId> {
    Ok(RoomId::new(format!("room-{number:04}"))?)
}

/// Ids that grow with `number`, as those of the product grow with time.
fn id<T: std::str::FromStr>(number: usize) -> Result<T> {
    let text = format!("{number:032x}");
    text.parse().map_err(|_| anyhow::anyhow!("{text} is no id"))
}

pub async fn seed(path: &Path) -> Result<()> {
    let url: DatabaseUrl = format!("sqlite:{}", path.display()).parse()?;
    let store = Store::connect(&url).await?;
    store.migrate().await?;
    let app: AppId = id(1)?;
    let start = now().plus_millis(-30 * 24 * 3_600_000);
    let mut tx = store.write().await?;
    apps::insert(&mut tx, &bench_app(app, start)).await?;
    for number in 0..ROOMS {
        rooms::ensure(&mut tx, app, &room(number)?, start).await?;
        if number % 10 == 0 {
            let meeting = 0x100_0000 + u128::try_from(number)?;
            begin_meeting(&mut tx, (app, &room(number)?), start, meeting).await?;
        }
    }
    for number in 0..RECORDINGS {
        let at = start.plus_millis(i64::try_from(number)? * 60_000);
        let state = match number {
            19_980.. => RecordingState::Recording,
            19_960.. => RecordingState::Overdue,
            _ => RecordingState::Ready,
        };
        let recording = recording(
            id(0x200_0000 + number)?,
            app,
            number * 7919 % ROOMS,
            state,
            at,
        )?;
        recordings::insert(&mut tx, &recording).await?;
    }
    tx.commit().await?;
    store.close().await;
    Ok(())
}

fn bench_app(app: AppId, at: Timestamp) -> App {
    App {
        id: app,
        name: "Bench".into(),
        app_id: "bench".into(),
        api_base: "http://127.0.0.1:9".into(),
        method: "get".into(),
        encoding: "json".into(),
        reply_form: "string".into(),
        zone: "Asia/Shanghai".into(),
        allowed_hosts: vec![],
        public_cloud: false,
        frames: false,
        sandbox: false,
        kinds: vec!["Meet".into()],
        vod_base: "http://127.0.0.1:9".into(),
        vod_token: None,
        created_at: at,
    }
}

fn recording(
    id: reelroom_domain::ids::RecordingId,
    app: AppId,
    of: usize,
    state: RecordingState,
    at: Timestamp,
) -> Result<Recording> {
    Ok(Recording {
        state,
        rule: Some("ar_{roomid}_{date}_{random}".into()),
        kind: Some("Meet".into()),
        started_at: Some(at),
        stopped_at: (state != RecordingState::Recording).then_some(at),
        requested_by: Some("bench".into()),
        tracks_expected: 2,
        ..Recording::requested(id, app, room(of)?, at)
    })
}
