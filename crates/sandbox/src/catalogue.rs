//! The list of files, and the rate limit of its calls.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reelroom_anyrtc::{
    callback::FileCallback,
    videos::{Progress, Video},
};
use serde::Serialize;
use serde_json::Map;

const MAX_CALLS_PER_MINUTE: usize = 5;
const MINUTE: Duration = Duration::from_mins(1);

/// All files, and the calls of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub videos: Vec<Video>,
    pub counts: Counts,
    calls: Vec<Instant>,
}

/// Figures since the start.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    /// Calls of both kinds, rejected ones included.
    pub calls: u64,
    /// Calls that the rate limit rejected.
    pub too_frequent: u64,
    /// Files that are done.
    pub done: usize,
}

impl Catalogue {
    /// Adds a file that is to be made; returns its index.
    pub(crate) fn add(&mut self, file: &FileCallback) -> usize {
        let index = self.videos.len();
        let extension = file.file_name.rsplit_once('.');
        self.videos.push(Video {
            id: Some((index + 1).to_string()),
            room: Some(file.room.clone()),
            progress: Progress::Waiting,
            file_type: extension.map(|(_, extension)| extension.to_owned()),
            size: None,
            uploaded_ms: None,
            download_url: file.download_url.clone(),
            start_ms: file.start_ms,
            end_ms: file.end_ms,
            duration_s: file.duration_s,
            raw: Map::new(),
        });
        index
    }

    /// Changes the progress of a file.
    pub(crate) fn set(&mut self, index: usize, progress: Progress, size: Option<u64>) {
        if let Some(video) = self.videos.get_mut(index) {
            video.progress = progress;
            video.size = size;
            video.uploaded_ms = size.map(|_| Timestamp::now().as_millisecond());
        }
    }

    /// Counts a call at `now`; returns whether the rate limit allows it.
    pub(crate) fn admit(&mut self, now: Instant) -> bool {
        self.counts.calls += 1;
        self.calls.retain(|call| now.duration_since(*call) < MINUTE);
        let admitted = self.calls.len() < MAX_CALLS_PER_MINUTE;
        if admitted {
            self.calls.push(now);
        } else {
            self.counts.too_frequent += 1;
        }
        admitted
    }
}
