//! From a stopped recording to its files and their callbacks.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use reelroom_anyrtc::videos::Progress;
use tokio::time::Instant;
use url::Url;

use crate::{
    catalogue::Listed,
    courier,
    faults::CallbackFault,
    files::{self, Made, Naming, Plan, Shows},
    mangle,
    media::{MediaError, Studio},
    parcel::Parcel,
    platform::Finished,
    shared::Shared,
    wire,
};

/// Makes a recording's files and, `delay` after the stop or when they are done, calls back once
/// for each, as the platform does.
pub(crate) async fn produce(shared: Arc<Shared>, finished: Finished, by_itself: bool) {
    let due = Instant::now() + shared.delay;
    let order = Order::of(&shared, &finished, by_itself);
    let Ok(turn) = shared.studio.acquire().await else {
        return;
    };
    let finished = Arc::new(finished);
    let work = {
        let (shared, finished) = (Arc::clone(&shared), Arc::clone(&finished));
        move || make(&shared, &finished, &order)
    };
    let Ok(made) = tokio::task::spawn_blocking(work).await else {
        tracing::error!(
            room = finished.take.room,
            "a recording could not be made into files"
        );
        return;
    };
    drop(turn);
    tokio::time::sleep_until(due).await;
    announce_all(&shared, &finished, made).await;
}

async fn announce_all(shared: &Shared, finished: &Finished, mut made: Vec<Made>) {
    let fault = shared.faults().callbacks;
    let times = match fault {
        CallbackFault::Drop => 0,
        CallbackFault::Double => 2,
        _ => 1,
    };
    match fault {
        CallbackFault::Delay(millis) => shared.pause(Duration::from_millis(millis)).await,
        CallbackFault::Reorder => made.reverse(),
        _ => {}
    }
    for file in &made {
        let body = wire::file(finished, file, &shared.zone);
        let parcel = match fault {
            CallbackFault::Mangle(how) => mangle::mangled(how, &body),
            _ => body.into(),
        };
        for _ in 0..times {
            announce(shared, file, parcel.clone()).await;
        }
    }
}

async fn announce(shared: &Shared, file: &Made, parcel: Parcel) {
    let name = &file.plan.name;
    let Some(url) = shared.addresses().av.clone() else {
        tracing::info!(
            name,
            "a file is ready, and there is no callback address to tell"
        );
        return;
    };
    match courier::post(shared, url, parcel).await {
        Ok(()) => tracing::info!(name, "called back"),
        Err(error) => tracing::warn!(name, %error, "a callback did not get through; it is lost"),
    }
}

/// What is to be made.
struct Order {
    /// Where the files go, below the folder of all.
    folder: Vec<String>,
    /// Each file, and its number in the video list.
    files: Vec<(Plan, Listed)>,
}

impl Order {
    /// All files of a recording; from now on they are listed.
    fn of(shared: &Shared, finished: &Finished, by_itself: bool) -> Self {
        let take = &finished.take;
        let naming = if by_itself {
            Naming::Letters(&finished.random)
        } else {
            Naming::Rule {
                rule: finished.request.rule.as_deref(),
                random: &finished.random,
                zone: &shared.zone,
            }
        };
        // A folder of its own for each recording: no rule can make two recordings collide.
        let mut folder = vec![format!(
            "{}-{}",
            take.began.as_millisecond(),
            finished.random
        )];
        folder.extend(files::folder(
            finished.request.path.as_deref().unwrap_or_default(),
        ));
        let mut catalogue = shared.catalogue();
        let files = files::plan(take, &naming).into_iter().map(|plan| {
            let url = address(&shared.base, &folder, &plan.name);
            let listed = catalogue.add(take, &plan, &url);
            (plan, listed)
        });
        let files = files.collect();
        drop(catalogue);
        Self { folder, files }
    }
}

/// Makes the files, one after the other. What cannot be made is logged and left out.
fn make(shared: &Shared, finished: &Finished, order: &Order) -> Vec<Made> {
    let (take, folder) = (&finished.take, &order.folder);
    let studio = Studio {
        work: shared.work.clone(),
        zone: shared.zone.clone(),
        stop: &shared.stop,
    };
    let mut made = Vec::new();
    for (plan, listed) in &order.files {
        shared.catalogue().set(*listed, Progress::Working, None);
        let mut path: PathBuf = shared.files.join(folder.iter().collect::<PathBuf>());
        path.push(&plan.name);
        let done = match plan.shows {
            Shows::Composite => studio.composite(take, &path),
            Shows::Track(index) => studio.track(take, index, &path),
            Shows::Frame(at) => studio.frame(take, at, &path),
        };
        match done.and_then(|()| Ok(fs::metadata(&path)?.len())) {
            Ok(size) => {
                let url = address(&shared.base, folder, &plan.name);
                let done = Progress::Done;
                shared.catalogue().set(*listed, done, Some(size));
                let plan = plan.clone();
                made.push(Made { plan, size, url });
            }
            Err(MediaError::Interrupted) => return Vec::new(),
            Err(error) => {
                shared.catalogue().set(*listed, Progress::Failed, None);
                let name = &plan.name;
                tracing::error!(name, room = take.room, %error, "a file could not be made");
            }
        }
    }
    made
}

fn address(base: &Url, folder: &[String], name: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().push("files").extend(folder).push(name);
    }
    url
}
