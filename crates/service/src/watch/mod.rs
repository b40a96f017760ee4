//! The watchdog: automatic starts in rooms that are always recorded, and alerts.

pub(crate) mod alerts;
pub(crate) mod always;
pub(crate) mod dismiss;
pub(crate) mod start;
mod whole;
