//! Callbacks as the given document writes them (`VENDOR.md` §3 and §4).

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use crate::{
    files::Shows,
    platform::{Finished, News, What},
    produce::Made,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileBody<'a> {
    r#type: &'a str,
    media_type: &'a str,
    user_id: &'a str,
    group_id: &'a str,
    file_name: &'a str,
    file_size: u64,
    duration: u64,
    start_time: String,
    end_time: String,
    download_url: &'a str,
    user_data: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusBody<'a> {
    r#type: &'a str,
    user_id: &'a str,
    group_id: &'a str,
    option: &'a str,
    time: String,
    user_data: &'a str,
}

/// The recording callback of one file.
pub(crate) fn file(
    finished: &Finished,
    made: &Made,
    zone: &TimeZone,
) -> Result<String, serde_json::Error> {
    let take = &finished.take;
    let (kind, media, user) = match made.plan.shows {
        Shows::Composite => ("1", "video", ""),
        Shows::Track(index) => match take.people.get(index) {
            Some(person) if person.camera => ("2", "video", &*person.user),
            Some(person) => ("2", "audio", &*person.user),
            None => ("2", "video", ""),
        },
        Shows::Frame(_) => ("3", "image", ""),
    };
    let (start, end) = made.times(take);
    serde_json::to_string(&FileBody {
        r#type: kind,
        media_type: media,
        user_id: user,
        group_id: &take.room,
        file_name: &made.plan.name,
        file_size: made.size,
        duration: (made.plan.span.end - made.plan.span.start + 500) / 1000,
        start_time: time(start, zone),
        end_time: time(end, zone),
        download_url: made.url.as_str(),
        user_data: finished.request.user_data.as_deref().unwrap_or_default(),
    })
}

/// The status callback of news.
pub(crate) fn status(news: &[News], zone: &TimeZone) -> Result<String, serde_json::Error> {
    let bodies: Vec<StatusBody<'_>> = news.iter().map(|one| body(one, zone)).collect();
    serde_json::to_string(&bodies)
}

fn body<'a>(one: &'a News, zone: &TimeZone) -> StatusBody<'a> {
    let (kind, option) = match one.what {
        What::Begin => ("1", "Begin"),
        What::End => ("1", "End"),
        What::Online => ("2", "Online"),
        What::Offline => ("2", "Offline"),
        What::ScreenOn => ("3", "ScreenOn"),
        What::ScreenOff => ("3", "ScreenOff"),
    };
    StatusBody {
        r#type: kind,
        user_id: one.user.as_deref().unwrap_or_default(),
        group_id: &one.room,
        option,
        time: time(one.at, zone),
        user_data: "",
    }
}
/// `2018-3-21 13:06:27`: not padded, in the platform's zone.
fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%Y-%-m-%-d %H:%M:%S")
        .to_string()
}
