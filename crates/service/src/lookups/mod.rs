//! Looking up what did not come (`VENDOR.md` §5): the platform's list of files, asked at most five
//! times a minute over all processes. What is found enters as a callback does.

pub(crate) mod due;
pub(crate) mod enter;
mod homeless;
pub(crate) mod look;
mod overdue;
mod reading;
pub(crate) mod sweep;
