//! From a stopped recording to its files and their callbacks.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use reelroom_anyrtc::{
    callback::{self, FileCallback, Kind, MediaKind, Revision},
    videos::Progress,
};
use tokio::time::Instant;
use url::Url;

use crate::{
    deliver,
    faults::CallbackFault,
    files::{self, Plan},
    media::{MediaError, Renderer},
    payload::Payload,
    platform::Finished,
    recording::Recording,
    shared::{Shared, ZONE},
};

/// Makes a recording's files and, `delay` after the stop or when they are done, sends one callback
/// for each.
pub(crate) async fn produce(shared: Arc<Shared>, finished: Finished) {
    let due = Instant::now() + shared.config.delay;
    let jobs = jobs(&shared, &finished);
    let Ok(permit) = shared.rendering.acquire().await else {
        return;
    };
    let work = {
        let shared = Arc::clone(&shared);
        move || render(&shared, &finished.recording, jobs)
    };
    let Ok(made) = tokio::task::spawn_blocking(work).await else {
        tracing::error!("a recording could not be made into files");
        return;
    };
    drop(permit);
    tokio::time::sleep_until(due).await;
    announce_all(&shared, made).await;
}

async fn announce_all(shared: &Shared, mut made: Vec<FileCallback>) {
    let fault = shared.state().faults.callbacks;
    match fault {
        CallbackFault::Drop => return,
        CallbackFault::Delay(millis) => shared.pause(Duration::from_millis(millis)).await,
        CallbackFault::Reorder => made.reverse(),
        _ => {}
    }
    for file in &made {
        let body = callback::write(file, Revision::Given, &ZONE).to_string();
        let payload = match fault {
            CallbackFault::Mangle(how) => Payload::mangled(&body, how),
            _ => Payload::json(body),
        };
        if fault == CallbackFault::Double {
            announce(shared, &file.file_name, payload.clone()).await;
        }
        announce(shared, &file.file_name, payload).await;
    }
}

async fn announce(shared: &Shared, name: &str, payload: Payload) {
    let Some(url) = shared.state().addresses.av.clone() else {
        tracing::info!(name, "a file is ready, and no callback address is set");
        return;
    };
    match deliver::post(shared, url, payload).await {
        Ok(()) => tracing::info!(name, "called back"),
        Err(error) => tracing::warn!(name, %error, "a callback failed and is lost"),
    }
}

/// One file that is to be made.
struct Job {
    plan: Plan,
    path: PathBuf,
    /// Its callback, which lacks the size.
    callback: FileCallback,
    /// Its index in the video list.
    listed: usize,
}

/// The files of a recording; from now on they are listed.
fn jobs(shared: &Shared, finished: &Finished) -> Vec<Job> {
    let Finished {
        recording,
        request,
        random,
    } = finished;
    // A folder for each recording: no rule can make the names of two recordings collide.
    let mut folder = vec![format!("{}-{random}", recording.began.as_millisecond())];
    folder.extend(files::folder(request.path.as_deref().unwrap_or_default()));
    let path = shared.files.join(folder.iter().collect::<PathBuf>());
    let catalogue = &mut shared.state().catalogue;
    let plans = files::plan(recording, request.rule.as_deref(), random);
    let jobs = plans.into_iter().map(|plan| {
        let person = plan.person.and_then(|index| recording.people.get(index));
        let callback = FileCallback {
            kind: plan.kind,
            media: match (plan.kind, person) {
                (Kind::Frame, _) => MediaKind::Image,
                (_, Some(person)) if !person.camera => MediaKind::Audio,
                _ => MediaKind::Video,
            },
            user_id: person.map(|person| person.user.clone()),
            room: recording.room.clone(),
            file_name: plan.name.clone(),
            file_size: None,
            duration_s: Some((plan.span.end - plan.span.start + 500) / 1000),
            start_ms: Some(recording.moment(plan.span.start).as_millisecond()),
            end_ms: Some(recording.moment(plan.span.end).as_millisecond()),
            download_url: Some(address(&shared.base, &folder, &plan.name).into()),
            user_data: request.user_data.clone(),
        };
        Job {
            path: path.join(&plan.name),
            listed: catalogue.add(&callback),
            callback,
            plan,
        }
    });
    jobs.collect()
}

/// Makes the files, one after the other. A file that cannot be made is logged and left out.
fn render(shared: &Shared, recording: &Recording, jobs: Vec<Job>) -> Vec<FileCallback> {
    let renderer = Renderer {
        work: &shared.work,
        token: &shared.token,
    };
    let progress = |job: &Job, progress, size| {
        let catalogue = &mut shared.state().catalogue;
        catalogue.set(job.listed, progress, size);
    };
    let mut made = Vec::new();
    for job in jobs {
        progress(&job, Progress::Working, None);
        match render_one(&renderer, recording, &job.plan, &job.path) {
            Ok(size) => {
                progress(&job, Progress::Done, Some(size));
                made.push(FileCallback {
                    file_size: Some(size),
                    ..job.callback
                });
            }
            Err(MediaError::Interrupted) => return Vec::new(),
            Err(error) => {
                progress(&job, Progress::Failed, None);
                let (name, room) = (&job.plan.name, &recording.room);
                tracing::error!(name, room, %error, "a file could not be made");
            }
        }
    }
    made
}

/// Makes one file; returns its size.
fn render_one(
    renderer: &Renderer<'_>,
    recording: &Recording,
    plan: &Plan,
    path: &Path,
) -> Result<u64, MediaError> {
    match plan.kind {
        Kind::Frame => renderer.frame(recording, plan.span.start, path)?,
        Kind::Composite | Kind::Track => renderer.clip(recording, plan.person, path)?,
    }
    Ok(fs::metadata(path)?.len())
}

fn address(base: &Url, folder: &[String], name: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().push("files").extend(folder).push(name);
    }
    url
}
