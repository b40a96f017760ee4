//! Any body as news of rooms.
#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use reelroom_anyrtc::{callback, status};

fuzz_target!(|body: &[u8]| {
    let read = status::read(body, &TimeZone::UTC);
    assert!(read.is_err() || callback::is_json(body), "read, but answered as broken");
});
