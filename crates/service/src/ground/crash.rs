//! Crash points of a development build, for tests of what a crash leaves behind.
//!
//! `REELROOM_CRASH_AT=<point>` names one; a release build has none. The tests of the server use all of
//! them: a test of a point that no code passes fails, as its process does not end.

/// Aborts the process if this point is the configured one.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &'static str) {
    use std::sync::LazyLock;
    static AT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("REELROOM_CRASH_AT").ok());
    if AT.as_deref() == Some(name) {
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_: &'static str) {}
