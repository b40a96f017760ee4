//! What the platform tells, handed to the crate that knows how it is spelled.

use jiff::tz::TimeZone;
use reelroom_anyrtc::{
    callback::{self, FileCallback, Kind, MediaKind, Revision},
    status::{self, StatusEvent},
};

use crate::{
    files::{Made, Shows},
    platform::{Finished, News, What},
};

/// The recording callback of one file, in the given document's form.
pub(crate) fn file(finished: &Finished, made: &Made, zone: &TimeZone) -> String {
    let take = &finished.take;
    let (kind, media, person) = match made.plan.shows {
        Shows::Composite => (Kind::Composite, MediaKind::Video, None),
        Shows::Frame(_) => (Kind::Frame, MediaKind::Image, None),
        Shows::Track(index) => {
            let person = take.people.get(index);
            let media = if person.is_some_and(|person| person.camera) {
                MediaKind::Video
            } else {
                MediaKind::Audio
            };
            (Kind::Track, media, person)
        }
    };
    let (start, end) = made.times(take);
    let body = FileCallback {
        kind,
        media,
        user_id: person.map(|person| person.user.clone()),
        room: take.room.clone(),
        file_name: made.plan.name.clone(),
        file_size: Some(made.size),
        duration_s: Some((made.plan.span.end - made.plan.span.start + 500) / 1000),
        start_ms: Some(start.as_millisecond()),
        end_ms: Some(end.as_millisecond()),
        download_url: Some(made.url.to_string()),
        user_data: finished.request.user_data.clone(),
    };
    callback::write(&body, Revision::Given, zone).to_string()
}

/// The status callback of news.
pub(crate) fn status(news: &[News]) -> String {
    let event = |one: &News| StatusEvent {
        room: one.room.clone(),
        user: one.user.clone(),
        at_ms: Some(one.at.as_millisecond()),
        what: match one.what {
            What::Begin => status::What::MeetingBegan,
            What::End => status::What::MeetingEnded,
            What::Online => status::What::Online,
            What::Offline => status::What::Offline,
            What::ScreenOn => status::What::ScreenOn,
            What::ScreenOff => status::What::ScreenOff,
        },
        user_data: None,
    };
    let events: Vec<StatusEvent> = news.iter().map(event).collect();
    status::write(&events).to_string()
}
