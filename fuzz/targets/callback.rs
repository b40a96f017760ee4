//! Any body as the announcement of a file. What is read must be JSON, and be read back as it was
//! written.
#![no_main]

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use reelroom_anyrtc::callback::{self, Revision};

fuzz_target!(|body: &[u8]| {
    let zone = TimeZone::UTC;
    let is_json = callback::is_json(body);
    let Ok(file) = callback::read(body, &zone) else {
        return;
    };
    assert!(is_json, "read, but answered as broken");
    let written = callback::write(&file, Revision::Later, &zone).to_string();
    let again = callback::read(written.as_bytes(), &zone);
    let again = again.unwrap_or_else(|why| panic!("{why}: {written}"));
    assert_eq!((again.kind, again.room, again.file_name), (file.kind, file.room, file.file_name));
});
