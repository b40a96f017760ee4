//! Requests to the platform's video list for files that were not announced (`VENDOR.md` §5). A file
//! that is found is imported as a callback.

pub(crate) mod check;
pub(crate) mod import;
mod overdue;
mod reading;
pub(crate) mod sweep;
mod unplaced;
