//! When unusable calls are counted again.

use parking_lot::Mutex;

use super::config::ServiceLimits;

/// The unusable calls and their bytes since the last count; `None` before the first one.
#[derive(Default)]
pub(crate) struct Quota(Mutex<Option<(u32, u64)>>);

impl Quota {
    /// Adds `rows` calls with `bytes` bytes. Returns whether all are to be counted now: at the start,
    /// and whenever a hundredth of the limit was added since.
    pub fn is_due(&self, limits: ServiceLimits, rows: u32, bytes: u64) -> bool {
        let mut added = self.0.lock();
        let due = match &mut *added {
            None => true,
            Some(added) => {
                *added = (added.0 + rows, added.1 + bytes);
                added.0 >= limits.unusable_calls / 100 || added.1 >= limits.unusable_bytes / 100
            }
        };
        if due {
            *added = Some((0, 0));
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_at_the_start_and_after_each_hundredth_of_it() {
        let limits = ServiceLimits {
            unusable_calls: 1000,
            unusable_bytes: 100_000,
            ..ServiceLimits::default()
        };
        let quota = Quota::default();
        let due = [(1, 1), (1, 1), (8, 1), (1, 1), (9, 999), (0, 1), (1, 1)];
        let due = due.map(|(rows, bytes)| quota.is_due(limits, rows, bytes));
        assert_eq!(due, [true, false, false, true, false, true, false]);
    }
}
