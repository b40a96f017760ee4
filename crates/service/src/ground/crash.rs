//! Crash points of a development build, for tests of what a crash leaves behind.
//!
//! `REELROOM_CRASH_AT=<point>` names one; a release build has none. The tests of the server use all of
//! them.

/// Every point, in the order in which a call, its file and the purge of that pass them, and then those of a backup and
/// of a restore.
#[cfg(debug_assertions)]
const POINTS: [&str; 26] = [
    "allowed",
    "group-begun",
    "group-inserted",
    "group-durable",
    "answering",
    "understanding-begun",
    "understanding-applied",
    "understanding-committed",
    "waiting-cleared",
    "understanding-durable",
    "published",
    "fetch-finished",
    "fetch-moved",
    "fetch-described",
    "fetch-recorded",
    "purge-begun",
    "purge-deleted",
    "purge-recorded",
    "purge-certified",
    "backup-copied",
    "backup-listed",
    "backup-hashed",
    "restore-fetched",
    "restore-checked",
    "restore-calls-placed",
    "restore-placed",
];

/// Aborts the process if this point is the configured one.
#[cfg(debug_assertions)]
pub(crate) fn point(name: &'static str) {
    use std::sync::LazyLock;
    static AT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("REELROOM_CRASH_AT").ok());
    debug_assert!(POINTS.contains(&name), "{name} is not listed");
    if AT.as_deref() == Some(name) {
        std::process::abort();
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub(crate) const fn point(_: &'static str) {}
