//! When unusable calls are counted again.

use std::sync::{Mutex, PoisonError};

use super::config::ServiceLimits;

/// How much came in that counts for the quota since the quota was last seen to; `None`: since the
/// start, it never was.
#[derive(Default)]
pub(crate) struct Quota(Mutex<Option<(u32, u64)>>);

impl Quota {
    /// Whether it is time to count what is there. Between two counts a hundredth may come on top.
    pub fn is_due(&self, limits: ServiceLimits, rows: u32, bytes: u64) -> bool {
        let mut came = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = match &mut *came {
            None => true,
            Some(came) => {
                *came = (came.0 + rows, came.1 + bytes);
                came.0 >= limits.unusable_calls / 100 || came.1 >= limits.unusable_bytes / 100
            }
        };
        if due {
            *came = Some((0, 0));
        }
        due
    }
}
