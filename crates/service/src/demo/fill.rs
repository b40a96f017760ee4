//! Fills an empty database with a demo.

use reelroom_domain::{ids::AppId, meeting::RoomKey, time::Timestamp};
use reelroom_store::{
    Conn,
    apps::{self, App},
    demo::{self, DemoRecording},
    rooms,
};
use tokio::{sync::mpsc, task::spawn_blocking};

use super::maker::Maker;
use crate::{Service, ServiceError, SharedRng, apps::plain::plain};

/// How many recordings are made and inserted at a time.
const PORTION: usize = 4 * 1024;
/// How many recordings, at least, are in a transaction.
const TRANSACTION: usize = 4 * PORTION;

/// The contents of a demo, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DemoFilled {
    /// The number of rooms.
    pub rooms: usize,
    /// The number of recordings, with starts that failed.
    pub recordings: usize,
    /// The number of files.
    pub files: usize,
}

/// The database was not filled.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It has rooms or recordings.
    #[error("the database is not empty: a demo needs one without rooms and recordings")]
    NotEmpty,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Fills an empty database with recordings that are made up: the same ones for the same seed, app and time.
    /// Their files have no content. They are of the default app, or of a new one. Where this fails half-way, what is
    /// done stays.
    pub async fn fill_with_demo(
        &self,
        recordings: u32,
        seed: u64,
    ) -> Result<DemoFilled, DemoError> {
        let (store, now) = (&self.0.store, self.now());
        let mut tx = store.write().await?;
        if !demo::is_empty(&mut tx).await? {
            return Err(DemoError::NotEmpty);
        }
        let app = app_of_demo(&mut tx, seed, now).await?;
        let count = usize::try_from(recordings).unwrap_or(usize::MAX);
        let maker = spawn_blocking(move || Maker::new(seed, app, now, count));
        let maker = maker.await.map_err(|_| ServiceError::Interrupted)?;
        let made: Vec<_> = maker.rooms().iter().map(|room| room.row.clone()).collect();
        demo::insert_rooms(&mut tx, app, &made, now).await?;
        let mut filled = DemoFilled {
            rooms: made.len(),
            ..DemoFilled::default()
        };
        let (sender, mut portions) = mpsc::channel(1);
        let making = spawn_blocking(move || make(maker, &sender));
        let mut uncommitted = 0;
        while let Some(portion) = portions.recv().await {
            if uncommitted >= TRANSACTION {
                tx.commit().await?;
                tx = store.write().await?;
                uncommitted = 0;
            }
            demo::insert(&mut tx, &portion).await?;
            uncommitted += portion.len();
            filled.recordings += portion.len();
            filled.files += portion.iter().map(|one| one.files.len()).sum::<usize>();
        }
        making.await.map_err(|_| ServiceError::Interrupted)?;
        let keys: Vec<RoomKey> = made.into_iter().map(|room| (app, room.id)).collect();
        rooms::lock(&mut tx, &keys).await?;
        rooms::update_facts(&mut tx, &keys).await?;
        tx.commit().await?;
        self.index_all().await?;
        Ok(filled)
    }
}

/// Makes the recordings in portions, each while the one before it is inserted.
fn make(maker: Maker, portions: &mpsc::Sender<Vec<DemoRecording>>) {
    let mut recordings = maker.fuse();
    loop {
        let portion: Vec<DemoRecording> = recordings.by_ref().take(PORTION).collect();
        // After an error nobody receives any more.
        if portion.is_empty() || portions.blocking_send(portion).is_err() {
            return;
        }
    }
}

/// The app of the recordings: the default one, or a new one that no platform answers for.
async fn app_of_demo(tx: &mut Conn, seed: u64, now: Timestamp) -> Result<AppId, ServiceError> {
    if let Some(app) = apps::default_app(tx).await? {
        return Ok(app.id);
    }
    let app = App {
        app_id: "demo".to_owned(),
        ..plain(SharedRng::from_seed(seed).id(now), "Demo", now)
    };
    apps::insert(tx, &app).await?;
    Ok(app.id)
}
