//! Points at which a development build ends itself, to see what a crash leaves behind.
//!
//! `REELROOM_CRASH_AT=<point>` names one; a release build does not look. The tests of the server
//! walk them all.

/// Every point, in the order in which a call passes them.
#[cfg(debug_assertions)]
const POINTS: [&str; 10] = [
    "allowed",
    "group-begun",
    "group-inserted",
    "group-durable",
    "answering",
    "understanding-begun",
    "understanding-noted",
    "understanding-committed",
    "understanding-durable",
    "published",
];

/// The process ends here, without a word and without tidying up, if it was told to.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &'static str) {
    use std::sync::LazyLock;
    static AT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("REELROOM_CRASH_AT").ok());
    debug_assert!(POINTS.contains(&name), "{name} is not listed");
    if AT.as_deref() == Some(name) {
        std::process::abort();
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_: &'static str) {}
