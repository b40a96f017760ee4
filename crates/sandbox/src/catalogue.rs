//! The list of the files that there are, and how often it was asked for.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use reelroom_anyrtc::videos::{Progress, Video};
use serde::Serialize;
use serde_json::Map;
use url::Url;

use crate::{files::Plan, take::Take};

/// More calls a minute than these are refused.
const MOST_CALLS: usize = 5;
const MINUTE: Duration = Duration::from_mins(1);

/// A file's number in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Listed(usize);

/// All files, and the calls of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub videos: Vec<Video>,
    calls: VecDeque<Instant>,
    pub counts: Counts,
}

/// What was asked since the start, and what there is.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    /// Calls of both kinds, refused ones included.
    pub calls: u64,
    /// Calls that were refused for their frequency.
    pub too_frequent: u64,
    /// Files that are done.
    pub done: usize,
}

impl Catalogue {
    /// A file that is to be made.
    pub(crate) fn add(&mut self, take: &Take, plan: &Plan, url: &Url) -> Listed {
        let number = self.videos.len();
        let at = |millis: u64| take.began.as_millisecond() + i64::try_from(millis).unwrap_or(0);
        self.videos.push(Video {
            id: Some((number + 1).to_string()),
            room: Some(take.room.clone()),
            progress: Progress::Waiting,
            file_type: plan.name.rsplit_once('.').map(|(_, kind)| kind.to_owned()),
            size: None,
            uploaded_ms: None,
            download_url: Some(url.to_string()),
            start_ms: Some(at(plan.span.start)),
            end_ms: Some(at(plan.span.end)),
            duration_s: Some((plan.span.end - plan.span.start + 500) / 1000),
            raw: Map::new(),
        });
        Listed(number)
    }

    /// How far a file is.
    pub(crate) fn set(&mut self, Listed(number): Listed, progress: Progress, size: Option<u64>) {
        if let Some(video) = self.videos.get_mut(number) {
            video.progress = progress;
            video.size = size;
            video.uploaded_ms = size.map(|_| Timestamp::now().as_millisecond());
        }
    }

    /// Whether there may be one more call at `now`.
    pub(crate) fn admit(&mut self, now: Instant) -> bool {
        self.counts.calls += 1;
        while (self.calls.front()).is_some_and(|call| now.duration_since(*call) >= MINUTE) {
            self.calls.pop_front();
        }
        if self.calls.len() >= MOST_CALLS {
            self.counts.too_frequent += 1;
            return false;
        }
        self.calls.push_back(now);
        true
    }
}
