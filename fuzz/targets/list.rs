//! Any body as an answer of the video list. Each file in it that is there reads as the call that did
//! not come, and is the same file when it is written and read again.
#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use reelroom_anyrtc::{
    callback::{self, Kind},
    videos,
};

fuzz_target!(|body: &[u8]| {
    let Ok(list) = videos::read(body) else {
        return;
    };
    for video in list.videos.iter().filter(|video| video.is_there()) {
        let call = video.announcement(Some("r"), Kind::Composite, None).to_string();
        let file = callback::read(call.as_bytes(), &TimeZone::UTC);
        let file = file.unwrap_or_else(|why| panic!("{why}: {call}"));
        assert_eq!(Some(file.file_name), video.name(), "{call}");
        assert_eq!((file.file_size, file.duration_s), (video.size, video.duration_s), "{call}");
        let answer = serde_json::json!({"code": 200, "content": {"data": [videos::write(video)]}});
        let again = videos::read(answer.to_string().as_bytes()).unwrap();
        assert_eq!(again.videos[0].name(), video.name(), "{answer}");
    }
});
