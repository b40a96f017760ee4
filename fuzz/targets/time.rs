//! Any text as a time, in a zone whose clocks are set. What is read is a time of our days, and is
//! the same second when it is written and read again.
#![no_main]

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use reelroom_anyrtc::time;

static BERLIN: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Berlin").unwrap());

fuzz_target!(|text: &str| {
    let Some(millis) = time::read(text, &BERLIN) else {
        return;
    };
    let second = millis.div_euclid(1000) * 1000;
    assert_eq!(time::read(&time::write_unix(millis), &BERLIN), Some(second));
    let local = time::read(&time::write_local(millis, &BERLIN), &BERLIN);
    // An hour that comes twice is read as the earlier one.
    assert!(local == Some(second) || local == Some(second - 3_600_000), "{text}: {local:?}");
});
